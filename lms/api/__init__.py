"""For programs of other houses: an API for applicant tracking systems, tokens, signed calls to their addresses."""

from __future__ import annotations

from flask import Flask
from flask_smorest import Api

from lms.api import partners, staff_views, views, webhooks
from lms.background import jobs
from lms.web.security import csrf

SETTINGS = {
    "API_TITLE": "Hmut",
    "API_VERSION": "1",
    "OPENAPI_VERSION": "3.1.0",
    "API_SPEC_OPTIONS": {
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}],
    },
}


class Documented(Api):  # type: ignore[misc]
    """Refusals are the blueprint's own; the rest of the house keeps its pages for what goes wrong."""

    def _register_error_handlers(self) -> None:
        """None for the whole application."""


def init_app(app: Flask) -> None:
    app.config.from_mapping(SETTINGS)
    documented = Documented(app)
    for part in (views.bp, partners.bp):
        csrf.exempt(part)
        documented.register_blueprint(part)
    app.extensions["hmut_openapi"] = documented.spec
    app.register_blueprint(staff_views.bp)
    jobs.register(app, webhooks.tell_due)
