"""Organisations, accounts, roles and sign-in."""

from __future__ import annotations

from flask import Flask

from lms.people import guard, sessions, views


def init_app(app: Flask) -> None:
    guard.init_app(app)
    sessions.init_app(app)
    views.init_app(app)
