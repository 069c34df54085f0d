"""What a reader reads, without the signs of Markdown: for counting words and for the language checks."""

from __future__ import annotations

import re

ARMENIAN = "\u0531-\u0556\u0561-\u0587"
# Marks that stand inside Armenian words (emphasis, exclamation, question) do not end a word.
WORD = re.compile(r"\w(?:[\w\u055b\u055c\u055e'’-]*\w)?")
SILENT = (
    re.compile(r"^(```+|~~~+).*?^\1[^\n]*$", re.DOTALL | re.MULTILINE),
    re.compile(r"`[^`\n]+`"),
    re.compile(r"\{\{[^{}\n]*\}\}"),
    re.compile(r"\{[#a-z][^{}\n]*\}"),
    re.compile(r"(?<=\])\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)"),
    re.compile(r"https?://\S+"),
    re.compile(r"^\s*(?:=== \"|///)[^\n]*$", re.MULTILINE),
    re.compile(r"\[\^[^\]\n]*\]:?"),
    re.compile(r"\[![A-Za-z]+\]"),
)


def bare(text: str) -> str:
    """`text` with code, addresses, references and syntax replaced by spaces; every line keeps its place."""
    for pattern in SILENT:
        text = pattern.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    return text


def word_count(text: str) -> int:
    """Words of Markdown prose; «ինչո՞ւ» and "don't" are one each."""
    return len(WORD.findall(bare(text)))
