"""Markdown of items as safe HTML: stems as blocks, options and feedback as inline text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from html import escape
from typing import Any

from lms.content.markup import Links, Markup

# A paragraph without any of these is the same in Markdown and needs only escaping.
MARKED = re.compile(r"[*_`\[\]<>&{}\\!|#~\x00-\x1f\x7f-\x9f]|^\s*[-+=:/\d]|^\s|\s$|https?:")


class Fragments:
    """Renders pieces in one language with the fact values of an instance ({id: {"value", "unit", "as_of"}})."""

    def __init__(self, language: str, facts: Mapping[str, Mapping[str, Any]], links: Links) -> None:
        self._arguments = language, facts, links

    @cached_property
    def _markup(self) -> Markup:
        """Made when first needed: most items are plain text, and the converter takes milliseconds to build."""
        return Markup(*self._arguments)

    def block(self, text: str) -> str:
        """Paragraphs, tables, pictures."""
        paragraphs = re.split(r"\n{2,}", text.strip("\n"))
        if any(MARKED.search(paragraph) for paragraph in paragraphs):
            return self._markup.html(text)
        return "\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in paragraphs if paragraph)

    def inline(self, text: str) -> str:
        """One line: a lone paragraph loses its <p>."""
        if not MARKED.search(text):
            return escape(text, quote=False)
        html = self._markup.html(text)
        lone = re.fullmatch(r"<p>(.*)</p>", html, re.DOTALL)
        return lone[1] if lone and "<p>" not in lone[1] else html

    def bullets(self, lines: Iterable[str], tag: str = "ul") -> str:
        """A list of lines that are HTML already."""
        return f"<{tag}>" + "".join(f"<li>{line}</li>" for line in lines) + f"</{tag}>"
