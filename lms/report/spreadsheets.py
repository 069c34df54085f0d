"""Tables for spreadsheets: CSV and XLSX, in which no text ever acts.

A text that begins like a formula gets an apostrophe before it in CSV; in XLSX every text is typed as text. CSV begins
with a byte order mark, without which Excel takes Armenian for something else.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from lms.lazy_modules import LazyModule

openpyxl, cells, styles = map(LazyModule, ("openpyxl", "openpyxl.cell.cell", "openpyxl.styles"))
Value = str | int | float | None
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for an act, where it begins a text
LINES = 2_000  # written together
NAME_LENGTH = 31  # of a sheet, by Excel
NAME_FORBIDS = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def safe(value: Value) -> Value:
    """A text that a spreadsheet only shows; numbers as they are."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def csv_of(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """UTF-8 with a byte order mark, quoted where needed, one line a row."""
    return b"".join(csv_parts(header, rows))


def csv_parts(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """The same in parts of some thousand lines, however many rows come."""
    yield codecs.BOM_UTF8
    lines = iter(chain([header], rows))
    while part := list(islice(lines, LINES)):
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\r\n")
        writer.writerows(["" if value is None else safe(value) for value in row] for row in part)
        yield buffer.getvalue().encode()


def xlsx_of(title: str, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """One sheet with a bold header that stays in view; texts are text cells, whatever they begin with."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title.translate(NAME_FORBIDS).strip("' ")[:NAME_LENGTH] or "1")
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, value, bold=True) for value in header])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _cell(sheet: Any, value: Value, *, bold: bool = False) -> Any:
    text = cells.ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
    cell = cells.WriteOnlyCell(sheet, value=text)
    if isinstance(text, str):
        cell.data_type = "s"
    if bold:
        cell.font = styles.Font(bold=True)
    return cell
