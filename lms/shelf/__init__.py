"""Content at runtime: immutable revisions, what is published, its pages, search."""

from __future__ import annotations

from flask import Flask

from lms.shelf import commands, views
from lms.shelf.files import save
from lms.shelf.load import LoadReport, load
from lms.shelf.pages import Page, linked, links, rendered
from lms.shelf.published import item, items, library, reference, revision_of
from lms.shelf.search import Hit, search

__all__ = [
    "Hit",
    "LoadReport",
    "Page",
    "item",
    "items",
    "library",
    "linked",
    "links",
    "load",
    "reference",
    "rendered",
    "revision_of",
    "save",
    "search",
]


def init_app(app: Flask) -> None:
    app.register_blueprint(views.blueprint)
    app.cli.add_command(commands.commands)
