"""The trainee's room: courses, reader, checks and results, the own matrix, certificates."""

from __future__ import annotations

from flask import Flask

from lms.learn import models  # noqa: F401 (its tables)


def init_app(app: Flask) -> None:
    """Nothing yet."""
