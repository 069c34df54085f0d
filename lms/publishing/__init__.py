"""Content at runtime: immutable revisions, what is published, its pages, search."""

from __future__ import annotations

from flask import Flask

from lms.publishing import commands, views
from lms.publishing.current_content import item, items, library, reference, revision_of
from lms.publishing.files import save
from lms.publishing.load import LoadReport, load
from lms.publishing.pages import Page, linked, links, register_module_address, rendered
from lms.publishing.search import Hit, search

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
    "register_module_address",
    "rendered",
    "revision_of",
    "save",
    "search",
]


def init_app(app: Flask) -> None:
    app.register_blueprint(views.bp)
    app.cli.add_command(commands.commands)
