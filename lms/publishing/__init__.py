"""Content at runtime: immutable revisions, what is published for whom, its pages, search."""

from __future__ import annotations

from flask import Flask

from lms.publishing import commands, content_cache, views
from lms.publishing.addresses import course_once_at, module_once_at
from lms.publishing.affected import count_people_with
from lms.publishing.current_content import held_content, is_own, items, library, reference, revision_of, trials
from lms.publishing.fact_checks import add_check, checks_of
from lms.publishing.files import save
from lms.publishing.pages import Page, linked, links, module_address, register_module_address, rendered
from lms.publishing.publish import LoadReport, load, publish
from lms.publishing.revisions import find_item, find_items, item, last_publication
from lms.publishing.search import Hit, search, understood
from lms.publishing.viewer import content_of

__all__ = [
    "Hit",
    "LoadReport",
    "Page",
    "add_check",
    "checks_of",
    "content_of",
    "count_people_with",
    "course_once_at",
    "find_item",
    "find_items",
    "held_content",
    "is_own",
    "item",
    "items",
    "last_publication",
    "library",
    "linked",
    "links",
    "load",
    "module_address",
    "module_once_at",
    "publish",
    "reference",
    "register_module_address",
    "rendered",
    "revision_of",
    "save",
    "search",
    "trials",
    "understood",
]


def init_app(app: Flask) -> None:
    content_cache.init_app(app)
    app.register_blueprint(views.bp)
    app.cli.add_command(commands.commands)
