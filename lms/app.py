"""The map of the house: which rooms there are and in what order they open.

It stands beside the rooms and not in `lms/__init__.py`, so that importing a pure room imports no web application.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from lms import (
    assess,
    author,
    cli,
    config,
    db,
    errors,
    hire,
    i18n,
    learn,
    log,
    people,
    record,
    security,
    shelf,
    styleguide,
    web,
)
from lms.people.access import public, require_marks

LEAVES = (db, i18n, security, errors, log, cli, web)
ROOMS = (people, shelf, record, assess, learn, hire, author, styleguide)


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """The application. `settings` overrides what the environment says (see `config.settings`)."""
    app = Flask("lms", template_folder=str(config.ROOT / "templates"))
    app.config.from_mapping(config.settings())
    app.config.from_mapping(settings or {})
    public(app.view_functions["static"])
    for part in (*LEAVES, *ROOMS):
        part.init_app(app)
    require_marks(app)
    return app
