"""The rows of a file of people: CSV text, or the first sheet of a workbook (XLSX).

A workbook is an archive of XML that a stranger packed. Its size when unpacked is looked at before anything is, and it
is read row by row without formulas, links or styles: of the archive only what names the sheets, the sheets and their
texts are handed on. The parser underneath fetches nothing and stops at entities that grow without bound.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import ParseError

from flask_babel import gettext as _

from lms.campaigns.people_table import WIDEST, Row, checked, rows_of
from lms.identity.invitees import MOST
from lms.lazy_modules import LazyModule

openpyxl = LazyModule("openpyxl")
ARCHIVE = b"PK\x03\x04"
LARGEST, MEMBERS = 1_000_000, 200  # bytes as sent; files in it
UNPACKED, NAMING = 3_000_000, 100_000  # bytes unpacked: of sheets and texts together, of what only names them
SHEETS = re.compile(r"xl/(worksheets/[^/]+\.xml|sharedStrings\.xml)", re.IGNORECASE)
NAMES = re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels", re.IGNORECASE)
BROKEN_ARCHIVE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError)
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
    plain = _plain(data)
    try:
        book = openpyxl.load_workbook(plain, read_only=True, data_only=True, keep_links=False)
        rows = list(_rows_of_sheet(book.worksheets[0]))
        book.close()
    except BROKEN:
        raise ValueError(_("This XLSX cannot be read; save it as CSV and try again.")) from None
    return checked([row for row in rows if any(row)])


def _plain(data: bytes) -> io.BytesIO:
    """The archive without styles, pictures and whatever else would be read for nothing. A file that unpacks to more
    than it says is cut off by its own checksum."""
    copy = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file, zipfile.ZipFile(copy, "w") as kept:
            for member in _read(file.infolist()):
                kept.writestr(member.filename, file.read(member))
    except BROKEN_ARCHIVE:
        raise ValueError(_("This XLSX cannot be read; save it as CSV and try again.")) from None
    return copy


def _read(members: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    sheets = [member for member in members if SHEETS.fullmatch(member.filename)]
    names = [member for member in members if NAMES.fullmatch(member.filename)]
    sizes = [sum(member.file_size for member in part) for part in (sheets, names)]
    if len(members) > MEMBERS or sizes[0] > UNPACKED or sizes[1] > NAMING:
        raise ValueError(_("This XLSX unpacks to too much; save the sheet with the people alone."))
    return names + sheets


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
