"""Words of a text as a reader reads it, for counting and for the language checks."""

from __future__ import annotations

import re

from lms.content.document import parse

ARMENIAN = "\u0531-\u0556\u0561-\u0587"
# Marks that stand inside Armenian words (emphasis, exclamation, question) do not end a word.
WORD = re.compile(r"\w(?:[\w\u055b\u055c\u055e'’-]*\w)?")
# Names of drawn numbers and bare addresses stand in a text and are no words of a language.
NO_WORDS = re.compile(r"\{[a-z][^{}\n]*\}|https?://\S+")


def prose_of(text: str, language: str) -> str:
    """What a reader of this Markdown reads, line for line."""
    return parse(text, language).prose


def words_only(prose: str) -> str:
    """`prose` without names in braces and addresses; every character keeps its place."""
    return NO_WORDS.sub(lambda match: " " * len(match[0]), prose)


def word_count(text: str, language: str) -> int:
    """Words of Markdown prose; «ինչո՞ւ» and "don't" are one each."""
    return len(WORD.findall(words_only(prose_of(text, language))))
