"""How much one Markdown text may ask of the parser. Beyond that it is shown as plain paragraphs, and its author told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lms.content.text import Text

MOST_SIGNS = 400  # in one paragraph: every `[` may search to its end for what closes it
MOST_SIGNS_IN_ALL = 20_000
MOST_LINES = 20_000
DEEPEST = 12  # quotes and lists within each other
SIGN = re.compile(r"[\[\]!*_`<&\\{^]")
NESTING = re.compile(r"[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])|:(?=[ \t])|===(?=[ \t]))")
RULE = re.compile(r"[ \t]*([-*_])[ \t]*(?:\1[ \t]*)*")  # a line across the page is no list
CROWDED = Text(
    en="{count} signs of Markdown in one paragraph, at most {most}; divide it or put \\ before signs that are meant as text",
    hy="մեկ պարբերության մեջ Markdown-ի {count} նշան կա, առավելագույնը {most}. բաժանեք այն կամ տեքստային նշաններից առաջ "
    "դրեք \\",
)
CROWDED_TEXT = Text(
    en="{count} signs of Markdown in one text, at most {most}; divide it",
    hy="մեկ տեքստում Markdown-ի {count} նշան կա, առավելագույնը {most}. բաժանեք այն",
)
LONG = Text(en="{count} lines in one text, at most {most}; divide it", hy="տեքստում {count} տող կա, առավելագույնը {most}. բաժանեք այն")
DEEP = Text(
    en="quotes or lists stand {count} deep within each other, at most {most}",
    hy="մեջբերումները կամ ցանկերը միմյանց մեջ {count} մակարդակ են, առավելագույնը՝ {most}",
)


@dataclass(frozen=True)
class Excess:
    """What is too much, and the line (from 1) where it begins."""

    line: int
    text: Text


def excess(text: str) -> Excess | None:
    """The first limit that `text` breaks; found in one pass, whatever the text is."""
    return next(_excesses(text), None)


def _excesses(text: str) -> Iterator[Excess]:
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        yield Excess(1, LONG.filled(count=str(len(lines)), most=str(MOST_LINES)))
        return
    start, signs, total = 1, 0, 0
    for number, line in enumerate(lines, 1):
        if not line.strip(" \t>"):
            start, signs = number + 1, 0
        here = len(SIGN.findall(line))
        signs, total = signs + here, total + here
        if signs > MOST_SIGNS:
            yield Excess(start, CROWDED.filled(count=str(signs), most=str(MOST_SIGNS)))
        if (depth := _depth(line)) > DEEPEST:
            yield Excess(number, DEEP.filled(count=str(depth), most=str(DEEPEST)))
    if total > MOST_SIGNS_IN_ALL:
        yield Excess(1, CROWDED_TEXT.filled(count=str(total), most=str(MOST_SIGNS_IN_ALL)))


def _depth(line: str) -> int:
    """How deep the block that a line opens stands in others."""
    if RULE.fullmatch(line):
        return 0
    at = signs = 0
    while match := NESTING.match(line, at):
        at, signs = match.end(), signs + 1
    return signs and signs + (len(line) - len(line.lstrip())) // 4
