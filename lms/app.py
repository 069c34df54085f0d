"""The map of the house: which rooms there are and in what order they open.

It stands beside the rooms and not in `lms/__init__.py`, so that importing a pure room imports no web application.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask

from lms import (
    api,
    assess,
    author,
    campaigns,
    candidates,
    config,
    database,
    evidence,
    hiring,
    identity,
    lab,
    learn,
    panels,
    privacy,
    publishing,
    rating,
    selection,
    voiding,
)
from lms.database import commit_group
from lms.frame import page_context, styleguide
from lms.identity.access import public, require_marks
from lms.operations import commands, metrics
from lms.web import addresses, errors, i18n, kept_pages, lanes, log, security
from lms.web.translated_templates import TranslatedTemplates

LEAVES = (
    commands,
    database,  # `flask db` is a command too
    commit_group,
    lanes,
    i18n,
    addresses,
    security,
    errors,
    log,
    metrics,
    page_context,
    kept_pages,
)
ROOMS = (
    identity,
    publishing,
    evidence,
    assess,
    lab,
    rating,
    learn,
    hiring,
    campaigns,
    candidates,
    selection,
    panels,
    api,
    author,
    privacy,
    voiding,
    styleguide,
)


class House(Flask):
    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """No view here is asynchronous; Flask would look twenty functions through for it in every request."""
        return func


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """The application. `settings` overrides what the environment says (see `config.settings`)."""
    app = House("lms", template_folder=str(config.ROOT / "templates"))
    app.jinja_environment = TranslatedTemplates
    app.config.from_mapping(config.settings())
    app.config.from_mapping(settings or {})
    public(app.view_functions["static"])
    for part in (*LEAVES, *ROOMS):
        part.init_app(app)
    require_marks(app)
    return app
