"""From results to a reasoned decision: comparing candidates, one candidate, the interview, reports, fairness."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Pages come with the results."""
