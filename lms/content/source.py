"""Reading content files: sizes, encoding, front matter and YAML, each refusal with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from lms.content.errors import ContentError, Finding
from lms.content.text import Text
from lms.content.yaml_reader import Block, parse_yaml

MAX_BYTES = 1 << 20
MAX_LINE = 20_000
FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?= |\r?$)", re.MULTILINE)
LARGE = Text(en="the file has {size} bytes, more than {most}", hy="ֆայլն ունի {size} բայթ, {most}-ից ավելի")
NOT_UTF8 = Text(en="not valid UTF-8; save it as UTF-8", hy="UTF-8 չէ. պահպանեք որպես UTF-8")
NUL = Text(en="a NUL character", hy="NUL նշան")
LONG = Text(en="a line of {length} characters", hy="{length} նշան ունեցող տող")
BYTE_ORDER = Text(
    en="the file begins with a byte order mark; save it as plain UTF-8",
    hy="ֆայլը սկսվում է BOM նշանով. պահպանեք որպես UTF-8 առանց BOM",
)
FENCE = re.compile(r" {0,3}(```+|~~~+)")
MARKS = re.compile(r"^(?:#| {0,3}(?:```|~~~))[^\n]*", re.MULTILINE)  # lines that may be a heading or a fence


def checked_text(data: bytes, path: str) -> str:
    """The exact text (line ends kept). ContentError names `path` and the line where it is no UTF-8, holds a byte order
    mark or NUL, or is too large."""
    if len(data) > MAX_BYTES:
        raise ContentError(path, 1, LARGE.filled(size=str(len(data)), most=str(MAX_BYTES)), "too-large")
    if data.startswith(b"\xef\xbb\xbf"):
        raise ContentError(path, 1, BYTE_ORDER, "encoding")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ContentError(path, line, NOT_UTF8, "encoding") from None
    for number, line_text in enumerate(text.split("\n"), 1):
        if "\0" in line_text:
            raise ContentError(path, number, NUL, "encoding")
        if len(line_text) > MAX_LINE:
            raise ContentError(
                path,
                number,
                LONG.filled(length=str(len(line_text))),
                "too-large",
            )
    return text


def split_front(text: str, path: str) -> tuple[str, int]:
    """Front matter of a file and the offset where the body begins; ContentError when it is absent or cut."""
    match = FRONT.match(text)
    if not match:
        message = Text(
            en="no front matter between two `---` lines at the top",
            hy="ֆայլի սկզբում երկու `---` տողերի միջև տվյալներ չկան",
        )
        raise ContentError(path, 1, message, "front-matter")
    return match[1], match.end()


def front_block(text: str, path: str) -> Block:
    """The YAML of a file's front matter."""
    return parse_yaml(split_front(text, path)[0], path, 2)


@contextmanager
def whole_file(path: str, source: str, line: int = 1) -> Iterator[None]:
    """Whatever stops the reading of one file (or of a piece that begins at `line`) becomes its ContentError, never the
    end of the load; where a merge has left its markers they are the cause, and said in place of what follows."""
    try:
        yield
    except Exception as error:
        if marks := conflicts(path, source, line):
            raise ContentError.of(marks) from None
        if isinstance(error, ContentError):
            raise
        name = type(error).__name__
        message = Text(en=f"this cannot be read ({name})", hy=f"սա հնարավոր չէ կարդալ ({name})")
        raise ContentError(path, line, message, "unreadable") from error


def conflicts(path: str, source: str, line: int = 1) -> list[Finding]:
    """A finding for every line that a merge left behind in `source`, whose first line is line `line` of `path`."""
    message = Text(
        en="a line that a merge left behind: keep the version that is right and delete the markers",
        hy="միաձուլումից մնացած տող. թողեք ճիշտ տարբերակը և ջնջեք նշանները",
    )
    marks = (line_of(source, match.start(), line) for match in CONFLICT.finditer(source))
    return [Finding.bilingual(path, mark, "conflict", message) for mark in marks]


def line_of(text: str, offset: int, first: int = 1) -> int:
    """Line number of `offset` in `text`, whose first line is `first`."""
    return first + text.count("\n", 0, offset)


@lru_cache(maxsize=64)
def headings(text: str, marker: str) -> tuple[tuple[int, str], ...]:
    """(offset, heading text) of each line `marker text`, not counting fenced blocks. Kept for a moment, since whatever
    reads an item asks again."""
    titles: list[tuple[int, str]] = []
    fence = ""
    for mark in MARKS.finditer(text):
        line = mark[0].rstrip("\r")
        match = FENCE.match(line)
        if match and (not fence or (match[1].startswith(fence) and line.strip() == match[1])):
            fence = "" if fence else match[1]
        elif not fence and line.startswith(marker + " "):
            titles.append((mark.start(), line[len(marker) :].strip()))
    return tuple(titles)
