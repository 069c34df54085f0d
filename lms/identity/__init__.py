"""Organisations, accounts, roles and sign-in."""

from __future__ import annotations

from flask import Flask

from lms.identity import landing, sessions, tenant_guard, views


def init_app(app: Flask) -> None:
    tenant_guard.init_app(app)
    sessions.init_app(app)
    views.init_app(app)
    landing.register_front_door(app, "administrator", "identity.people_list")
