"""Markdown of items as safe HTML: stems as blocks, options and feedback as inline text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lms.content.render import Facts, Links, html

BLOCK_MARK = re.compile(r"\A(\s*\d{0,9})(?=[#>]|[-+*]\s|(?<=\d)[.)]\s)(.)")


class Fragments:
    """Renders pieces in one language with the fact values of an instance ({id: {"value", "unit", "as_of"}})."""

    def __init__(self, language: str, facts: Facts, links: Links) -> None:
        self._language, self._facts, self._links = language, facts, links

    def block(self, text: str) -> str:
        """Paragraphs, tables, pictures."""
        return html(text, self._language, self._facts, self._links)

    def inline(self, text: str) -> str:
        """One line: a lone paragraph loses its <p>, and what would begin a heading, a list or a quotation at the start
        of a text ("#coffee", "1. May") is a sign like any other."""
        markup = self.block(BLOCK_MARK.sub(r"\1\\\2", text, count=1))
        lone = re.fullmatch(r"<p>(.*)</p>", markup, re.DOTALL)
        return lone[1] if lone and "<p>" not in lone[1] else markup

    def bullets(self, lines: Iterable[str], tag: str = "ul") -> str:
        """A list of lines that are HTML already."""
        return f"<{tag}>" + "".join(f"<li>{line}</li>" for line in lines) + f"</{tag}>"
