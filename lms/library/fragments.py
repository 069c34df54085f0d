"""Markdown of items as safe HTML: stems as blocks, options and feedback as inline text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from lms.library.markup import Links, Markup

# Text without any of these is the same in Markdown and needs only escaping.
MARKED = re.compile(r"[*_`\[\]<>&{}\\!|#~\n]|^\s*[-+=:\d]|https?:")


class Fragments:
    """Renders pieces in one language with the fact values of an instance ({id: {"value", "unit", "as_of"}})."""

    def __init__(self, language: str, facts: Mapping[str, Mapping[str, Any]], links: Links) -> None:
        self._markup = Markup(language, facts, links)

    def block(self, text: str) -> str:
        """Paragraphs, tables, pictures."""
        return self._markup.html(text)

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
