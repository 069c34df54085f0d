"""The lines of our Markdown before it is parsed: numbered, csv blocks turned into tables, lists and tables set off."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator

from markdown.preprocessors import Preprocessor

from lms.content.source import FENCE
from lms.content.source_lines import MARK, mark, marked

CALLOUT = re.compile(rf"(?P<mark>{MARK}?)\[!(?P<kind>[A-Za-z]+)\][ \t]*(?P<title>.*)")
LINE = re.compile(r"(?P<quote>(?:> ?)*)(?P<rest>.*)", re.DOTALL)
LIST = re.compile(r"(?:[-*+]|1[.)])\s")
ANY_LIST = re.compile(r"\s*(?:[-*+]|\d+[.)])\s|\s{2,}|:\s|#|===|///")


class Lines(Preprocessor):
    """Lines get their marks; csv blocks become pipe tables; blank lines go where Git hosts see them: before lists and
    tables, after titles."""

    unclosed: int | None = None  # the line of a block of the last text that never ends

    def run(self, lines: list[str]) -> list[str]:
        out: list[str] = []
        fence, opened, before = "", 0, ""
        rows: list[str] | None = None
        for number, line in enumerate(map(_foreign, lines), 1):
            match = FENCE.match(line)
            if match and not fence and line.strip().endswith("csv"):
                fence, rows, opened = match[1], [], number
            elif match and (not fence or line.strip().startswith(fence)):
                out.extend(_pipes(rows, opened) if rows is not None else [line])
                fence, rows, opened = ("" if fence else match[1]), None, number
            elif rows is not None:
                rows.append(line)
            else:
                out.extend([line] if fence else _spaced(before, line, number))
            before = line
        self.unclosed = opened if fence else None
        return out + (rows or [])


def _foreign(line: str) -> str:
    """An author's own private-use characters must not be taken for marks."""
    return re.sub(MARK, "\ufffd", line)


def _pipes(rows: Iterable[str], first: int) -> list[str]:
    """The pipe table of csv rows below line `first`."""
    reader = csv.reader(rows)
    table = [(first + reader.line_num, [cell.strip().replace("|", "\\|") for cell in row]) for row in reader if row]
    if not table:
        return []
    lines = [f"| {mark(number)}" + " | ".join(row) + " |" for number, row in table]
    return ["", lines[0], "|" + " --- |" * len(table[0][1]), *lines[1:], ""]


def _spaced(before: str, line: str, number: int) -> Iterator[str]:
    """`line`, after an empty line of the same quote depth when it opens a list or table right below a paragraph."""
    old, new = LINE.fullmatch(before), LINE.fullmatch(line)
    if old and new and old["quote"].strip() == new["quote"].strip() and old["rest"].strip():
        rest, last = new["rest"], old["rest"]
        opens_list = LIST.match(rest) and not ANY_LIST.match(last)
        opens_table = rest.startswith("|") and not last.lstrip().startswith("|")
        if opens_list or opens_table or CALLOUT.match(last):
            yield new["quote"].rstrip()
    yield marked(line, number, before)
