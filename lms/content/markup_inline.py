"""Inline syntax of our Markdown: facts, gaps, anchors, figures. What a fact says and where a picture or a module is
found is filled in when the text is shown; see `render`."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from lms.content.document_reader import FACT as FACT_ID
from lms.content.document_reader import GAP as GAP_NUMBER
from lms.content.source_lines import unmarked

FACT = r"\{\{fact:([^{}\s]*)\}\}"
GAP = r"\{\{gap:(\d+)\}\}"
ANCHOR = re.compile(r"(.*?)\s*\{#([a-z][a-z0-9-]*)\}\s*", re.DOTALL)


class InlineSyntax(Extension):
    """Registers the processors below."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Hook called by Markdown."""
        md.inlinePatterns.deregister("html")
        md.inlinePatterns.register(_Fact(FACT, md), "hmut-fact", 185)
        md.inlinePatterns.register(_Gap(GAP, md), "hmut-gap", 186)
        md.treeprocessors.register(_Anchors(md), "hmut-anchors", 31)
        md.treeprocessors.register(_Finish(md), "hmut-finish", 12)


class _Fact(InlineProcessor):
    """`{{fact:ID}}`, for now as it is written."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element, int, int]:
        fact = etree.Element("span", {FACT_ID: m[1] or "-"})
        return fact, m.start(0), m.end(0)


class _Gap(InlineProcessor):
    """A numbered blank of a cloze question."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[etree.Element, int, int]:
        blank = etree.Element("span", {"class": "md-gap", GAP_NUMBER: m[1]})
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
    """Figures, alignment and class names, after inline text is read."""

    def run(self, root: etree.Element) -> None:
        for paragraph in root.iter("p"):
            _figure(paragraph)
        for element in root.iter():
            _classes(element)


def _figure(paragraph: etree.Element) -> None:
    """A picture alone in a paragraph becomes a figure, its title the caption."""
    if len(paragraph) != 1 or paragraph[0].tag != "img":
        return
    if unmarked(paragraph.text).strip() or unmarked(paragraph[0].tail).strip():
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
