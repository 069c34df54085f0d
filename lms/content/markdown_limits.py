"""How much one Markdown text may ask of the parser. Beyond that it is shown as plain paragraphs, its author told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lms.content.source import FENCE
from lms.content.text import Text

MOST_SIGNS = 400  # in one paragraph, list item or row: every `[` may search to its end for what closes it
MOST_SIGNS_IN_ALL = 3_000
MOST_CELLS = 10_000
MOST_LINES = 5_000
DEEPEST = 12  # quotes, lists and model answers within each other
SIGN = re.compile(r"[\[\]!*_`<&\\{^]")
ENTRY = re.compile(r"[ \t>]*(?:[-*+][ \t]|\d{1,9}[.)][ \t]|\|)")
NESTING = re.compile(r"[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])|:(?=[ \t])|===(?=[ \t]))")
RULE = re.compile(r"[ \t]*([-*_])[ \t]*(?:\1[ \t]*)*")  # a line across the page is no list
CROWDED = Text(
    en="{count} signs of Markdown in one paragraph, at most {most}; divide it, or keep long code "
    "in blocks with empty lines",
    hy="մեկ պարբերության մեջ Markdown-ի {count} նշան կա, առավելագույնը {most}. բաժանեք այն, երկար կոդի մեջ "
    "դատարկ տողեր թողեք",
)
CROWDED_TEXT = Text(
    en="{count} signs of Markdown in one text, at most {most}; divide it",
    hy="մեկ տեքստում Markdown-ի {count} նշան կա, առավելագույնը {most}. բաժանեք այն",
)
LONG = Text(
    en="{count} lines in one text, at most {most}; divide it",
    hy="տեքստում {count} տող կա, առավելագույնը {most}. բաժանեք այն",
)
CELLS = Text(
    en="{count} table cells in one text, at most {most}; divide it",
    hy="մեկ տեքստում աղյուսակների {count} վանդակ կա, առավելագույնը {most}. բաժանեք այն",
)
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
        yield Excess(1, _told(LONG, len(lines), MOST_LINES))
        return
    start, signs, total, cells, models, csv = 1, 0, 0, 0, 0, False
    for number, line in enumerate(lines, 1):
        if not line.strip(" \t>") or ENTRY.match(line):
            start, signs = number + (not line.strip(" \t>")), 0
        if FENCE.match(line):
            csv = not csv and line.rstrip().endswith("csv")
        here = len(SIGN.findall(line))
        signs, total, cells = signs + here, total + here, cells + line.count("," if csv else "|")
        models = max(0, models + _models(line))
        if signs > MOST_SIGNS:
            yield Excess(start, _told(CROWDED, signs, MOST_SIGNS))
        if (depth := max(models, _depth(line))) > DEEPEST:
            yield Excess(number, _told(DEEP, depth, DEEPEST))
        if cells > MOST_CELLS:
            yield Excess(number, _told(CELLS, cells, MOST_CELLS))
    if total > MOST_SIGNS_IN_ALL:
        yield Excess(1, _told(CROWDED_TEXT, total, MOST_SIGNS_IN_ALL))


def _told(text: Text, count: int, most: int) -> Text:
    return text.filled(count=str(count), most=str(most))


def _models(line: str) -> int:
    """How many model answers a line opens (1), or closes (-1)."""
    words = line.strip(" \t>")
    return words.startswith("///") * (1 if words.startswith("/// model") else -1)


def _depth(line: str) -> int:
    """How deep the block that a line opens stands in others."""
    if RULE.fullmatch(line):
        return 0
    at = signs = 0
    while match := NESTING.match(line, at):
        at, signs = match.end(), signs + 1
    return signs and signs + (len(line) - len(line.lstrip())) // 4
