"""Module pages as HTML: rendered when content is loaded, stored, and led to real addresses when shown."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from flask import Flask, abort, current_app, url_for
from markupsafe import escape
from sqlalchemy import bindparam, delete, select

from lms import clock
from lms import content as pure
from lms.content.model import Item, ModuleText
from lms.content.reference import Reference
from lms.content.render import Rendered, render_module
from lms.database import db
from lms.publishing.current_content import library, published
from lms.publishing.models import Publication, Rendering, Revision, SearchSection
from lms.publishing.stems import stems

ModuleAddress = Callable[[str, str, str | None], str]  # course and module by slug, an anchor: the address
_VERSION = select(Rendering.version).where(Rendering.revision_id == bindparam("number"))
_PLACEHOLDER = re.compile(r'(?P<name>src|href)="(?P<kind>figure|module):(?P<target>[^"#]*)(?P<anchor>#[^"]*)?"')


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
    revisions = published().revisions
    names = [("module", module_id, code) for code in (language, "hy", "en")]
    number = next((revisions[name] for name in names if name in revisions), None)
    version = db.session.scalar(_VERSION, {"number": number})
    if number is None or version is None:
        abort(404)
    known: dict[tuple[object, ...], Page] = current_app.extensions.setdefault("shelf_pages", {})
    name = (published().stamp, number, version)  # the text, how it was rendered, and where its links lead
    if name not in known:
        for old in [one for one in known if one[0] != name[0]]:
            known.pop(old, None)
        known[name] = _page(number, library().modules[module_id].course)
    return known[name]


def _page(number: int, course_id: str) -> Page:
    row = db.session.get_one(Rendering, number)
    headings = tuple((level, anchor, text) for level, anchor, text in row.headings)
    return Page(number, linked(row.html, course_id), row.plain, headings, tuple(row.embedded))


def linked(html: str, course_id: str) -> str:
    """Stored HTML with the placeholders of figures and modules turned into addresses."""
    links = _links(course_id)

    def address(match: re.Match[str]) -> str:
        name, kind, target, anchor = match.group("name", "kind", "target", "anchor")
        found = links.figure(target) if kind == "figure" else links.module(target, (anchor or "#")[1:])
        return f'{name}="{escape(found)}"'

    return _PLACEHOLDER.sub(address, html)


def links(item: Item) -> pure.Links:
    """Addresses for the pictures and links in an item's text."""
    return _links(item.course or "")


def register_module_address(app: Flask, address: ModuleAddress) -> None:
    """Said by the room that shows modules: how one is addressed."""
    app.extensions["module_address"] = address


def _module_address() -> ModuleAddress:
    return cast(ModuleAddress, current_app.extensions["module_address"])


def _links(course_id: str) -> pure.Links:
    found = library()
    course = found.courses.get(course_id)

    def module(name: str, anchor: str) -> str:
        target = found.modules.get(name)
        if target is None:
            return "#"
        slug = found.courses[target.course].slug
        return _module_address()(slug, target.slug, anchor or None)

    def figure(name: str) -> str:
        return url_for("publishing.figure", course=course.slug if course else "-", name=name)

    return pure.Links(figure, module)


def render_published() -> int:
    """Make the pages that are missing or older than renderer and platform facts, and their search sections."""
    today = clock.now().date()
    found = library()
    version = _version(found.reference, today)
    current = {
        number: found.modules[key].languages[language]
        for (kind, key, language), number in published().revisions.items()
        if kind == "module" and key in found.modules and language in found.modules[key].languages
    }
    known = set(db.session.scalars(select(Rendering.revision_id).where(Rendering.version == version)))
    for number in current.keys() - known:
        _store(number, version, current[number], render_module(current[number], found.reference, today))
    _forget_withdrawn()
    return len(current.keys() - known)


def _store(number: int, version: str, text: ModuleText, page: Rendered) -> None:
    db.session.merge(
        Rendering(
            revision_id=number,
            version=version,
            html=page.html,
            plain=page.plain,
            headings=[list(heading) for heading in page.headings],
            embedded=list(page.embedded),
        )
    )
    revision = db.session.get_one(Revision, number)
    db.session.execute(delete(SearchSection).where(SearchSection.revision_id == number))
    top = pure.Passage("", text.title, " · ".join((text.summary, *text.objectives)))
    for passage in (top, *page.passages):
        heading = passage.title or text.title
        words = stems(f"{heading} {heading} {heading} {passage.text}")  # a word of the heading weighs three times
        db.session.add(
            SearchSection(
                revision_id=number,
                module=revision.key,
                language=revision.language,
                anchor=passage.anchor,
                heading=heading,
                plain=passage.text,
                stems=" ".join(words),
            )
        )
    db.session.flush()


def _forget_withdrawn() -> None:
    current = select(Publication.revision_id).where(Publication.kind == "module", Publication.withdrawn_at.is_(None))
    db.session.execute(delete(SearchSection).where(SearchSection.revision_id.not_in(current)))


def _version(reference: Reference, today: dt.date) -> str:
    """A digest of what a page depends on beside its text: the renderer's files, the facts and which of them are due."""
    digest = hashlib.sha256()
    for path in sorted(Path(pure.__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    for fact in reference.facts.values():
        digest.update(f"{fact}{fact.is_due(today)}".encode())
    return digest.hexdigest()
