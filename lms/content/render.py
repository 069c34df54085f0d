"""Documents as clean HTML, with contents list, search text and embedded questions."""

from __future__ import annotations

import copy
import datetime as dt
import re
import xml.etree.ElementTree as etree
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

from lms.content.addresses import FIGURE, MODULE, SHEET
from lms.content.document import Document, parse
from lms.content.document_reader import BLOCKS, FACT
from lms.content.facts import date_text, snapshot, unit_ahead, value_text
from lms.content.model import ModuleText
from lms.content.reference import Reference
from lms.content.sanitise import clean

Facts = Mapping[str, Mapping[str, Any]]
HEADING = re.compile("h[1-6]")
ELSEWHERE = re.compile(r"\{\{|]|<")  # a text without any of these names no fact, link or picture


@dataclass(frozen=True)
class Links:
    """How addresses are built: `figure(name)`, `module(id, anchor)`, `sheet(name)`. The defaults stay placeholders
    (`figure:name`, `module:C1.3#idea`, `sheet:name`) that the web room can replace in stored HTML."""

    figure: Callable[[str], str] = "figure:{}".format
    module: Callable[[str, str], str] = lambda name, anchor: f"module:{name}" + (f"#{anchor}" if anchor else "")
    sheet: Callable[[str], str] = "sheet:{}".format


@dataclass(frozen=True)
class SearchPassage:
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
    passages: tuple[SearchPassage, ...]


def render_module(text: ModuleText, reference: Reference, today: dt.date, links: Links | None = None) -> Rendered:
    """Render one language of a module; facts due on `today` carry a visible warning."""
    facts = {name: snapshot(fact, today) for name, fact in reference.facts.items()}
    document = parse(text.body, text.language)
    root = filled(document, text.language, facts, links or Links())
    headings = tuple(
        (int(element.tag[1]), element.get("id", ""), _words(element))
        for element in root.iter()
        if HEADING.fullmatch(element.tag)
    )
    embedded = tuple(token.value for token in document.of("item"))
    return Rendered(_html(root), _collapsed(_pieces(root)), headings, embedded, tuple(_passages(root)))


def html(text: str, language: str, facts: Facts | None = None, links: Links | None = None) -> str:
    """Clean HTML of a piece of Markdown, with the values of `facts`. Nothing leads to its headings, so
    they bear no ids: many pieces stand on one page."""
    if not ELSEWHERE.search(text):
        return _standing(text, language)
    return _made(text, language, facts or {}, links or Links())


@lru_cache(maxsize=16_384)
def _standing(text: str, language: str) -> str:
    """What a text that names no fact, link or picture looks like: the same on every page."""
    return _made(text, language, {}, Links())


def _made(text: str, language: str, facts: Facts, links: Links) -> str:
    document = parse(text, language)
    if document.plain:
        return "\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in document.plain)
    root = filled(document, language, facts, links)
    for element in root.iter():
        if HEADING.fullmatch(element.tag):
            element.attrib.pop("id", None)
    return _html(root)


def filled(document: Document, language: str, facts: Facts, links: Links) -> etree.Element:
    """The document's tree with what its facts say and where its pictures and links lead."""
    root = copy.deepcopy(document.root)
    for parent in list(root.iter()):
        for element in parent:
            if FACT in element.attrib:
                _fact(element, facts, language)
            elif element.tag == "a":
                _link(element, links)
            elif element.tag == "img":
                _picture(element, links)
            elif element.tag == "h1":
                element.tag = "h2"
    return root


def _fact(element: etree.Element, facts: Facts, language: str) -> None:
    """Value, unit and date; an unknown id stays visible as written. A unit that the author wrote behind it is not said
    a second time."""
    name = element.attrib.pop(FACT)
    fact = facts.get(name)
    if fact is None:
        element.text = f"{{{{fact:{name}}}}}"
        return
    element.set("class", "md-fact md-fact-due" if fact.get("due") else "md-fact")
    written, element.tail = unit_ahead(fact, language, element.tail or "")
    element.text = value_text(fact, language, written) + " "
    etree.SubElement(element, "span", {"class": "md-fact-date"}).text = f"({date_text(fact, language)})"


def _picture(element: etree.Element, links: Links) -> None:
    match = FIGURE.fullmatch(element.get("src", ""))
    element.set("src", links.figure(match[1]) if match else "")
    element.set("loading", "lazy")
    element.attrib.pop("title", None)


def _link(element: etree.Element, links: Links) -> None:
    address = element.get("href", "")
    if match := MODULE.fullmatch(address):
        element.set("href", links.module(match[1], match[2] or ""))
    elif match := SHEET.fullmatch(address):
        element.set("href", links.sheet(match[1]))


def _html(root: etree.Element) -> str:
    return clean("".join(etree.tostring(child, "unicode", "html") for child in root)).strip()


def _passages(root: etree.Element) -> Iterator[SearchPassage]:
    """Cut at h2 and h3; the heading itself is in the title, not in the text."""
    heading: etree.Element | None = None
    below: list[str] = []
    for piece in [*_pieces(root), etree.Element("h2")]:
        if isinstance(piece, str):
            below.append(piece)
            continue
        text = _collapsed(below)
        if heading is not None:
            yield SearchPassage(heading.get("id", ""), _words(heading), text)
        elif text:
            yield SearchPassage("", "", text)
        heading, below = piece, []


def _pieces(element: etree.Element) -> Iterator[str | etree.Element]:
    """The text below an element, blocks separated by spaces; an h2 or h3 comes as itself."""
    apart = " " if element.tag in BLOCKS else ""
    yield apart + (element.text or "")
    for child in element:
        if child.tag in ("h2", "h3"):
            yield child
        else:
            yield from _pieces(child)
        yield child.tail or ""
    yield apart


def _words(element: etree.Element) -> str:
    return "".join(element.itertext()).strip()


def _collapsed(pieces: Iterable[str | etree.Element]) -> str:
    """The pieces as one line."""
    text = "".join(piece if isinstance(piece, str) else f" {_words(piece)} " for piece in pieces)
    return re.sub(r"\s+", " ", text).strip()
