"""The rows of a file of people: CSV text, or the first sheet of a workbook (XLSX).

A workbook is an archive of XML that a stranger packed. Its size when unpacked is looked at before anything is, and it
is read row by row without formulas, links or styles; the parser underneath fetches nothing and stops at entities that
grow without bound.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import ParseError

from flask_babel import gettext as _

from lms.campaigns.people_table import WIDEST, Row, checked, rows_of
from lms.identity.invitees import MOST
from lms.late_modules import LateModule

openpyxl = LateModule("openpyxl")
ARCHIVE = b"PK\x03\x04"
LARGEST, MEMBERS, UNPACKED = 1_000_000, 200, 20_000_000  # bytes as sent; files in it; bytes of all of them unpacked
BROKEN = (zipfile.BadZipFile, ParseError, KeyError, ValueError, TypeError, IndexError, AttributeError, OSError)


def rows_of_file(data: bytes) -> list[Row]:
    """By what the bytes are, whatever the name says. ValueError says what is wrong with it."""
    if len(data) > LARGEST:
        raise ValueError(_("The file is larger than one megabyte."))
    return _rows_of_workbook(data) if data.startswith(ARCHIVE) else rows_of(_text_of(data))


def _text_of(data: bytes) -> str:
    """Excel writes UTF-16 with a mark at the start or, asked for it, UTF-8."""
    try:
        return data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(_("This is no CSV in UTF-8 and no XLSX.")) from None


def _rows_of_workbook(data: bytes) -> list[Row]:
    _refuse_bombs(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        rows = list(_rows_of_sheet(book.worksheets[0]))
        book.close()
    except BROKEN:
        raise ValueError(_("This XLSX cannot be read; save it as CSV and try again.")) from None
    return checked([row for row in rows if any(row)])


def _refuse_bombs(data: bytes) -> None:
    """What the archive says of itself; a file that unpacks to more than it said is cut off by its own checksum."""
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except zipfile.BadZipFile:
        raise ValueError(_("This XLSX cannot be read; save it as CSV and try again.")) from None
    if len(members) > MEMBERS or sum(member.file_size for member in members) > UNPACKED:
        raise ValueError(_("This XLSX unpacks to too much; save the sheet with the people alone."))


def _rows_of_sheet(sheet: Any) -> Iterator[Row]:
    """One row more than may be invited, so that too many are noticed; what is right of the widest is not looked at."""
    for row in sheet.iter_rows(max_row=MOST + 2, max_col=WIDEST, values_only=True):
        cells = ["" if value is None else _text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        yield cells


def _text(value: Any) -> str:
    """A whole number without the point that a spreadsheet keeps it with."""
    whole = isinstance(value, float) and value.is_integer()
    return " ".join(str(int(value) if whole else value).split())
