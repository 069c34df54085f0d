"""What a reader reads, without the signs of Markdown: for counting words and for the language checks."""

from __future__ import annotations

import re
from collections.abc import Iterable

ARMENIAN = "\u0531-\u0556\u0561-\u0587"
# Marks that stand inside Armenian words (emphasis, exclamation, question) do not end a word.
WORD = re.compile(r"\w(?:[\w\u055b\u055c\u055e'’-]*\w)?")
CODE = (
    re.compile(r"^ {0,3}(```+|~~~+).*?^ {0,3}\1[^\n]*$", re.DOTALL | re.MULTILINE),
    re.compile(r"`[^`\n]+`"),
)
SYNTAX = (
    re.compile(r"\{\{[^{}\n]*\}\}"),
    re.compile(r"\{[#a-z][^{}\n]*\}"),
    re.compile(r"(?<=\])\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)"),
    re.compile(r"https?://\S+"),
    re.compile(r"^\s*///[^\n]*$", re.MULTILINE),
    re.compile(r"^\s*=== (?=\")|(?<==== )\"|\"(?=\s*$)", re.MULTILINE),
    re.compile(r"\[\^[^\]\n]*\]:?"),
    re.compile(r"\[![A-Za-z]+\]"),
)


def blank_code(text: str) -> str:
    """`text` with code blocks and code spans replaced by spaces; every character keeps its place."""
    return _blank(text, CODE)


def bare(text: str) -> str:
    """`text` with code, addresses, references and syntax replaced by spaces; every character keeps its place."""
    return _blank(text, (*CODE, *SYNTAX))


def _blank(text: str, patterns: Iterable[re.Pattern[str]]) -> str:
    for pattern in patterns:
        text = pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    return text


def word_count(text: str) -> int:
    """Words of Markdown prose; «ինչո՞ւ» and "don't" are one each."""
    return len(WORD.findall(bare(text)))
