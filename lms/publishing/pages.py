"""Module pages as HTML, led to real addresses when shown; `rendering` makes and stores them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Flask, abort, current_app, url_for
from markupsafe import escape
from sqlalchemy import bindparam, select

from lms import clock
from lms import content as pure
from lms.config import LANGUAGES
from lms.content.model import Item, ModuleText
from lms.content.render import render_module
from lms.database import db
from lms.publishing.content_units import Name
from lms.publishing.current_content import current_content, library
from lms.publishing.joined_shelves import CurrentContent, Stamp
from lms.publishing.models import Rendering
from lms.publishing.overlaid_facts import shows_fact
from lms.publishing.rendering_version import rendering_version

ModuleAddress = Callable[[str, str, str | None], str]  # course and module by slug, an anchor: the address
_VERSION = select(Rendering.version).where(Rendering.revision_id == bindparam("number"))
_PLACEHOLDER = re.compile(r'(?P<name>src|href)="(?P<kind>figure|module|sheet):(?P<target>[^"#]*)(?P<anchor>#[^"]*)?"')


@dataclass(frozen=True)
class Page:
    """A module's text ready to show. headings: (level, anchor, text); embedded: ids of the questions in it."""

    revision_id: int
    html: str
    plain: str
    headings: tuple[tuple[int, str, str], ...]
    embedded: tuple[str, ...]


def rendered(module_id: str, language: str) -> Page:
    """The published page of a module, in the other language where this one is missing; 404 for neither."""
    content = current_content()
    names = [("module", module_id, code) for code in (language, *LANGUAGES)]
    unit = next((name for name in names if name in content.units), None) or abort(404)
    number = content.units[unit].revision_id
    version = db.session.scalar(_VERSION, {"number": number}) or abort(404)
    text = _with_own_facts(content, unit)
    if text is not None:
        version = rendering_version(text, content.library.reference, clock.now().date())
    pages: dict[tuple[Stamp, int, str], Page] = current_app.extensions.setdefault("shelf_pages", {})
    name = (content.stamp, number, version)  # the text, how it was rendered, and where its links lead
    if name not in pages:
        for old in [stamped for stamped in list(pages) if _is_older(stamped[0], name[0])]:
            pages.pop(old, None)
        course = library().modules[module_id].course
        pages[name] = _page(number, course) if text is None else _remade(number, course, text)
    return pages[name]


def _is_older(stamp: Stamp, newest: Stamp) -> bool:
    """Whether a page was kept for an earlier state of the same shelves."""
    return stamp != newest and [owner for owner, _ in stamp] == [owner for owner, _ in newest]


def _with_own_facts(content: CurrentContent, unit: Name) -> ModuleText | None:
    """The text of a shipped page that shows a fact which the viewer's organisation looked up itself."""
    if not content.checked or unit in content.own_names:
        return None  # a page of their own is stored with their facts
    text = content.library.modules[unit[1]].languages.get(unit[2])
    return text if text and shows_fact(text, content.checked) else None


def _remade(number: int, course_id: str, text: ModuleText) -> Page:
    document = render_module(text, library().reference, clock.now().date())
    return Page(
        number, linked(document.html, course_id), document.plain, tuple(document.headings), tuple(document.embedded)
    )


def _page(number: int, course_id: str) -> Page:
    row = db.session.get_one(Rendering, number)
    headings = tuple((level, anchor, text) for level, anchor, text in row.headings)
    return Page(number, linked(row.html, course_id), row.plain, headings, tuple(row.embedded))


def linked(html: str, course_id: str) -> str:
    """Stored HTML with the placeholders of figures and modules turned into addresses."""
    links = _links(course_id)

    def address(match: re.Match[str]) -> str:
        name, kind, target, anchor = match.group("name", "kind", "target", "anchor")
        if kind == "module":
            place = links.module(target, (anchor or "#")[1:])
        else:
            place = links.figure(target) if kind == "figure" else links.sheet(target)
        return f'{name}="{escape(place)}"'

    return _PLACEHOLDER.sub(address, html)


def links(item: Item) -> pure.Links:
    """Addresses for the pictures and links in an item's text."""
    return _links(item.course or "")


def register_module_address(app: Flask, address: ModuleAddress) -> None:
    """Said by the room that shows modules: how one is addressed."""
    app.extensions["module_address"] = address


def module_address(course: str, module: str) -> str:
    """The page of a module, both named by their slugs, for rooms below the one that shows modules."""
    return _module_address()(course, module, None)


def _module_address() -> ModuleAddress:
    return cast(ModuleAddress, current_app.extensions["module_address"])


def _links(course_id: str) -> pure.Links:
    """Most texts have none, so what is published is looked at when the first one comes."""

    def module(name: str, anchor: str) -> str:
        target = library().modules.get(name)
        if target is None:
            return "#"
        slug = library().courses[target.course].slug
        return _module_address()(slug, target.slug, anchor or None)

    def slug_of_course() -> str:
        course = library().courses.get(course_id)
        return course.slug if course else "-"

    def figure(name: str) -> str:
        return url_for("publishing.figure", course=slug_of_course(), name=name)

    def sheet(name: str) -> str:
        return url_for("publishing.sheet", course=slug_of_course(), name=name)

    return pure.Links(figure, module, sheet)
