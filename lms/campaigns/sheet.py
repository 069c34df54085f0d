"""The rows of a file of people: CSV text, or a spreadsheet."""

from __future__ import annotations

from lms.campaigns.people_table import Row, rows_of


class SheetError(ValueError):
    """The file is no table that can be read; the text says so to its sender."""


def rows_of_file(name: str, data: bytes) -> list[Row]:
    """By what the bytes are, whatever the name says. SheetError, ValueError say what is wrong."""
    return rows_of(_text_of(data))


def _text_of(data: bytes) -> str:
    """Excel writes UTF-16 or, asked for it, UTF-8 with a mark at the start."""
    for code in ("utf-8-sig", "utf-16") if not data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-16",):
        try:
            return data.decode(code)
        except UnicodeDecodeError:
            continue
    raise SheetError("")
