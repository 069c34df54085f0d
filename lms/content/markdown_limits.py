"""How much one Markdown text may ask of the parser. Beyond that it is shown as plain paragraphs, its author told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from lms.content.source import FENCE
from lms.content.text import Text

MOST_SIGNS = 400  # in one paragraph, list item or row: every `[` may search to its end for what closes it
MOST_SIGNS_IN_ALL = 3_000
MOST_CELLS = 10_000
MOST_LINES = 5_000
DEEPEST = 12  # quotes, lists and model answers within each other
SIGN = re.compile(r"[\[\]!*_`<&\\{^]")
ENTRY = re.compile(r"[ \t>]*(?:[-*+][ \t]|\d{1,9}[.)][ \t]|\|)")
NESTING = re.compile(r"([ \t]*)(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])|:(?=[ \t])|===(?=[ \t]))")
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
    """The first limit that `text` breaks; found in a few passes, whatever the text is."""
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        return Excess(1, _told(LONG, len(lines), MOST_LINES))
    return next(chain(_crowded(lines), _deep(lines), _cells(lines)), None)


def _crowded(lines: Sequence[str]) -> Iterator[Excess]:
    start, signs, total = 1, 0, 0
    for number, line in enumerate(lines, 1):
        if not line.strip(" \t>"):
            start, signs = number + 1, 0
        elif ENTRY.match(line):
            start, signs = number, 0
        signs, total = signs + len(SIGN.findall(line)), total + len(SIGN.findall(line))
        if signs > MOST_SIGNS:
            yield Excess(start, _told(CROWDED, signs, MOST_SIGNS))
            return
    if total > MOST_SIGNS_IN_ALL:
        yield Excess(1, _told(CROWDED_TEXT, total, MOST_SIGNS_IN_ALL))


def _deep(lines: Sequence[str]) -> Iterator[Excess]:
    models = 0
    for number, line in enumerate(lines, 1):
        models = max(0, models + _models(line))
        if (depth := max(models, _depth(line.expandtabs(4)))) > DEEPEST:
            yield Excess(number, _told(DEEP, depth, DEEPEST))
            return


def _models(line: str) -> int:
    """How many model answers a line opens (1), or closes (-1)."""
    words = line.strip(" \t>")
    return words.startswith("///") * (1 if words.startswith("/// model") else -1)


def _depth(line: str) -> int:
    """How deep the block that a line opens stands in others: a sign or four spaces are one more."""
    at = depth = 0
    while match := NESTING.match(line, at):
        at, depth = match.end(), depth + 1 + len(match[1]) // 4
    return 0 if RULE.fullmatch(line) else depth


def _cells(lines: Sequence[str]) -> Iterator[Excess]:
    cells, csv = 0, False
    for number, line in enumerate(lines, 1):
        if FENCE.match(line):
            csv = not csv and line.rstrip().endswith("csv")
        cells += line.count("," if csv else "|")
        if cells > MOST_CELLS:
            yield Excess(number, _told(CELLS, cells, MOST_CELLS))
            return


def _told(text: Text, count: int, most: int) -> Text:
    return text.filled(count=str(count), most=str(most))
