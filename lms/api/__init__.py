"""For programs of other houses: an API for applicant tracking systems, tokens, signed calls to their addresses."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from flask import Flask
from flask_smorest import Api

from lms.api import callbacks, lever_orders, lever_views, partners, staff_views, views, webhooks
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
CALLS = (views.bp, partners.bp)
TOO_MANY = {
    "description": "More calls in this minute than the token may make; Retry-After says how many seconds to wait.",
    "headers": {"Retry-After": {"schema": {"type": "integer", "minimum": 1}}},
}


class Documented(Api):  # type: ignore[misc]
    """Refusals are the blueprint's own; the rest of the house keeps its pages for what goes wrong."""

    def _register_error_handlers(self) -> None:
        """None for the whole application."""


def init_app(app: Flask) -> None:
    app.config.from_mapping(SETTINGS)
    for part in CALLS:
        csrf.exempt(part)
        app.register_blueprint(part)
    app.extensions["hmut_openapi"] = cache(partial(_document, app))
    csrf.exempt(lever_views.bp)
    app.register_blueprint(lever_views.bp)
    app.register_blueprint(staff_views.bp)
    jobs.register(app, webhooks.tell_due)
    jobs.register(app, lever_orders.work_due)
    jobs.register(app, callbacks.tell_finished)


def _document(app: Flask) -> dict[str, Any]:
    """What the calls take and give. Drawn when somebody asks: it is half of what an application costs to make."""
    documented = Documented(app)
    for part in CALLS:
        part.register_views_in_doc(documented, app, documented.spec, name=part.name, parameters=None)
    document: dict[str, Any] = documented.spec.to_dict()
    most = app.config["HMUT_API_CALLS"]
    document["info"]["description"] = (
        f"Each token may ask {most} times a minute; what is more gets 429 and Retry-After."
    )
    for calls in document["paths"].values():
        for call in calls.values():
            if "responses" in call:
                call["responses"]["429"] = TOO_MANY
    return document
