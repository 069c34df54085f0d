"""Line numbers on their way through Markdown, which forgets them: every line that holds words begins, after the
signs of its block, with one private-use character whose code is the number of the line. The reader of the tree takes it
off."""

from __future__ import annotations

import re

FIRST, LAST = 0xF0001, 0xFFFFD
MOST_LINES = LAST - FIRST + 1
MARK = "[\U000f0001-\U000ffffd]"
ANY_MARK = re.compile(MARK)
# Quotes, list signs, table bars, headings, footnotes, tab titles and check boxes: what may open a line of a block.
OPENING = re.compile(
    r"[ \t]*(?:(?:>|[-*+](?=\s)|\d+[.)](?=\s)|:(?=\s)|\#{1,6}|\[\^[^\]\n]+\]:|\||=== \")[ \t]*)*(?:\[[ xX]\]\s+)?"
)
# Fences, definitions of links and signs of emphasis standing alone mean something only at the very start.
BARE = re.compile(r"```|~~~|===|\[(?!\^)[^\]\n]*\]:|[*_]+\s")
TITLE = re.compile(r"\s*[\"'(]")  # of a link that was defined in the line above
DEFINITION = re.compile(r"[> ]*\[(?!\^)[^\]\n]*\]:")


def marked(line: str, number: int, before: str = "") -> str:
    """`line` with the mark of line `number` (from 1) in front of its words; `before` is the line above it."""
    rest = line[len(opening(line)) :]
    if BARE.match(rest) or not (re.search(r"\w", rest) or rest.startswith("///")):
        return line
    if TITLE.match(line) and DEFINITION.match(before):
        return line
    return f"{opening(line)}{mark(number)}{rest}"


def opening(line: str) -> str:
    """The signs of blocks that a line begins with."""
    match = OPENING.match(line)
    return match[0] if match else ""


def mark(number: int) -> str:
    """The character that stands for a line."""
    return chr(FIRST + number - 1)


def line_in(text: str | None, otherwise: int) -> int:
    """The line that the first mark in `text` names."""
    match = ANY_MARK.search(text or "")
    return ord(match[0]) - FIRST + 1 if match else otherwise


def unmarked(text: str | None) -> str:
    """`text` without marks."""
    return ANY_MARK.sub("", text or "")
