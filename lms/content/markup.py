"""Markdown -> clean HTML in one language, with the figures, facts, links and embedded questions of our format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import markdown
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.tables import TableExtension
from pymdownx.highlight import HighlightExtension
from pymdownx.superfences import SuperFencesCodeExtension
from pymdownx.tabbed import TabbedExtension

from lms.content.markup_blocks import BlockSyntax
from lms.content.markup_inline import InlineSyntax
from lms.content.sanitise import clean
from lms.content.text import Text

BACK = Text(hy="Վերադառնալ տեքստին (ծանոթագրություն {})", en="Back to the text (note {})")


@dataclass(frozen=True)
class Links:
    """How addresses are built: `figure(name)`, `module(id, anchor)`, `sheet(name)`. The defaults stay placeholders
    (`figure:name`, `module:C1.3#idea`, `sheet:name`) that the web room can replace in stored HTML."""

    figure: Callable[[str], str] = "figure:{}".format
    module: Callable[[str, str], str] = lambda name, anchor: f"module:{name}" + (f"#{anchor}" if anchor else "")
    sheet: Callable[[str], str] = "sheet:{}".format


class Markup:
    """A Markdown converter for one language. Not safe for use by several threads at once.

    After `html`, `headings` holds (level, anchor, text) and `embedded` the item ids of the converted text.
    """

    def __init__(self, language: str, facts: Mapping[str, Mapping[str, Any]], links: Links) -> None:
        self._blocks = BlockSyntax(language)
        self._inline = InlineSyntax(language, facts, links.figure, links.module, links.sheet)
        self._markdown = markdown.Markdown(
            extensions=[
                TableExtension(use_align_attribute=True),
                FootnoteExtension(SEPARATOR="-", BACKLINK_TITLE=BACK.get(language)),
                "def_list",
                "sane_lists",
                HighlightExtension(use_pygments=False),
                SuperFencesCodeExtension(),
                TabbedExtension(alternate_style=False),
                self._blocks,
                self._inline,
            ]
        )

    @property
    def headings(self) -> tuple[tuple[int, str, str], ...]:
        """(level, anchor, text) of each heading in order."""
        return tuple(self._inline.headings)

    @property
    def embedded(self) -> tuple[str, ...]:
        """Ids of the items embedded in the text, in order."""
        return tuple(self._blocks.embedded)

    def html(self, text: str) -> str:
        """Clean HTML of `text`."""
        self._markdown.reset()
        return clean(self._markdown.convert(text))
