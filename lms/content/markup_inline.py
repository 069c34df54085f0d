"""Inline syntax of our Markdown: facts, gaps, anchors, figures and links between modules."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable, Mapping
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from lms.content.facts import date_text, value_text

FACT = r"\{\{fact:([a-z0-9_.]+)\}\}"
GAP = r"\{\{gap:(\d+)\}\}"
ANCHOR = re.compile(r"(.*?)\s*\{#([a-z][a-z0-9-]*)\}\s*", re.DOTALL)
FIGURE = re.compile(r"figures/([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)")
SHEET = re.compile(r"sheets/([A-Za-z0-9_-]+\.(?:hy|en)\.(?:csv|md))")
MODULE = re.compile(r"module:(C\d+\.\d+)(?:#([a-z][a-z0-9-]*))?")


class InlineSyntax(Extension):
    """Registers the processors below; `headings` collects (level, anchor, text)."""

    def __init__(
        self,
        language: str,
        facts: Mapping[str, Mapping[str, Any]],
        figure: Callable[[str], str],
        module: Callable[[str, str], str],
        sheet: Callable[[str], str],
    ) -> None:
        super().__init__()
        self.language, self.facts, self.figure, self.module, self.sheet = language, facts, figure, module, sheet
        self.headings: list[tuple[int, str, str]] = []

    def extendMarkdown(self, md: Markdown) -> None:
        """Hook called by Markdown."""
        md.registerExtension(self)
        md.inlinePatterns.deregister("html")
        md.inlinePatterns.register(_Fact(FACT, self), "hmut-fact", 185)
        md.inlinePatterns.register(_Gap(GAP, md), "hmut-gap", 186)
        md.treeprocessors.register(_Anchors(md), "hmut-anchors", 31)
        md.treeprocessors.register(_Finish(md, self), "hmut-finish", 12)

    def reset(self) -> None:
        """Forget the last text."""
        self.headings.clear()


class _Fact(InlineProcessor):
    """`{{fact:ID}}`: value, unit and date; an unknown id stays visible as written."""

    def __init__(self, pattern: str, syntax: InlineSyntax) -> None:
        super().__init__(pattern)
        self.syntax = syntax

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element | None, int | None, int | None]:
        fact = self.syntax.facts.get(m[1])
        if fact is None:
            return None, None, None
        outer = etree.Element("span", {"class": "md-fact md-fact-due" if fact.get("due") else "md-fact"})
        outer.text = value_text(fact, self.syntax.language) + " "
        etree.SubElement(outer, "span", {"class": "md-fact-date"}).text = f"({date_text(fact, self.syntax.language)})"
        return outer, m.start(0), m.end(0)


class _Gap(InlineProcessor):
    """A numbered blank of a cloze question."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element, int, int]:
        blank = etree.Element("span", {"class": "md-gap", "data-gap": m[1]})
        blank.text = f"({m[1]}) ____"
        return blank, m.start(0), m.end(0)


class _Anchors(Treeprocessor):
    """`## Heading {#anchor}` gives the heading its id, before inline text is read."""

    def run(self, root: etree.Element) -> None:
        for heading in root.iter():
            match = ANCHOR.fullmatch(heading.text or "") if re.fullmatch("h[1-6]", heading.tag) else None
            if match:
                heading.text = match[1]
                heading.set("id", match[2])


class _Finish(Treeprocessor):
    """Figures, addresses, alignment and class names, after inline text is read."""

    def __init__(self, md: Markdown, syntax: InlineSyntax) -> None:
        super().__init__(md)
        self.syntax = syntax

    def run(self, root: etree.Element) -> None:
        for paragraph in root.iter("p"):
            _figure(paragraph)
        for element in root.iter():
            self._address(element)
            _classes(element)
            if re.fullmatch("h[1-6]", element.tag):
                element.tag = "h2" if element.tag == "h1" else element.tag
                text = "".join(element.itertext()).strip()
                self.syntax.headings.append((int(element.tag[1]), element.get("id", ""), text))

    def _address(self, element: etree.Element) -> None:
        if element.tag == "img":
            match = FIGURE.fullmatch(element.get("src", ""))
            element.set("src", self.syntax.figure(match[1]) if match else "")
            element.set("loading", "lazy")
            element.attrib.pop("title", None)
        elif element.tag == "a" and (match := MODULE.fullmatch(element.get("href", ""))):
            element.set("href", self.syntax.module(match[1], match[2] or ""))
        elif element.tag == "a" and (match := SHEET.fullmatch(element.get("href", ""))):
            element.set("href", self.syntax.sheet(match[1]))


def _figure(paragraph: etree.Element) -> None:
    """A picture alone in a paragraph becomes a figure, its title the caption."""
    if len(paragraph) != 1 or paragraph[0].tag != "img" or (paragraph.text or paragraph[0].tail or "").strip():
        return
    paragraph.tag = "figure"
    paragraph.set("class", "md-figure")
    if title := paragraph[0].get("title"):
        etree.SubElement(paragraph, "figcaption").text = title


def _classes(element: etree.Element) -> None:
    names = element.get("class", "").split()
    if align := element.attrib.pop("align", None):
        names.append(f"md-{align}")
    if names:
        element.set("class", " ".join(name if name.startswith("md-") else f"md-{name}" for name in names))
