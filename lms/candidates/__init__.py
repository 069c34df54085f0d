"""A candidate's way: from the link through consent and test to the own result. No account, no password."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Pages come with the way."""
