"""A module's text as clean HTML, with its contents list, search text and embedded questions."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from html import unescape

from lms.content import facts
from lms.content.markup import Links, Markup
from lms.content.model import ModuleText
from lms.content.reference import Reference

HEADING = re.compile(r"<h[23][^>]*>", re.IGNORECASE)
# Tags after which a word ends; inline tags may stand inside a word.
BREAKING = re.compile(r"</?(?:p|h\d|li|d[td]|t[dhr]|table|caption|div|summary|figcaption|aside|pre|br)\b[^>]*>")


@dataclass(frozen=True)
class Passage:
    """A section for search: anchor of its heading ("" before the first), heading text, text below it."""

    anchor: str
    title: str
    text: str


@dataclass(frozen=True)
class Rendered:
    """HTML safe to show; `headings` are (level, anchor, text); `embedded` item ids stand as
    `<div class="md-item" data-item="ID"></div>` in the HTML; `plain` is all text, `passages` the same by section."""

    html: str
    plain: str
    headings: tuple[tuple[int, str, str], ...]
    embedded: tuple[str, ...]
    passages: tuple[Passage, ...]


def render_module(text: ModuleText, reference: Reference, today: dt.date, links: Links | None = None) -> Rendered:
    """Render one language of a module; facts due on `today` carry a visible warning."""
    known = {name: facts.snapshot(fact, today) for name, fact in reference.facts.items()}
    markup = Markup(text.language, known, links or Links())
    html = markup.html(text.body)
    return Rendered(html, plain_text(html), markup.headings, markup.embedded, _passages(html, markup.headings))


def plain_text(html: str) -> str:
    """The text of clean HTML, blocks separated by spaces."""
    spaced = BREAKING.sub(" ", html)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", "", spaced))).strip()


def _passages(html: str, headings: tuple[tuple[int, str, str], ...]) -> tuple[Passage, ...]:
    """Split at h2 and h3; the heading itself is in the title, not in the text."""
    titles = [(anchor, title) for level, anchor, title in headings if level in (2, 3)]
    pieces = HEADING.split(html)
    bodies = [piece.partition("</h")[2].partition(">")[2] for piece in pieces[1:]]
    found = [Passage("", "", plain_text(pieces[0]))] if plain_text(pieces[0]) else []
    return (*found, *(Passage(a, t, plain_text(body)) for (a, t), body in zip(titles, bodies, strict=True)))
