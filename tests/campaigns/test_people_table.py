"""Rows of a table become people by a mapping of its columns; every line that cannot be taken is said."""

from __future__ import annotations

import io
import time
import zipfile
from itertools import pairwise

import pytest
from flask import Flask

from lms.campaigns.people_table import Invited, csv_of, guessed, read, rows_of
from lms.campaigns.table_file import rows_of_file
from lms.identity import invitees
from lms.report.spreadsheets import xlsx_of

BOTH = ("hy", "en")


@pytest.fixture(autouse=True)
def _english(context: Flask) -> object:
    with context.test_request_context(headers={"Accept-Language": "en"}):
        yield


def test_headings_in_either_language_say_what_columns_hold() -> None:
    rows = rows_of("\ufeffԱնուն;Ազգանուն;Էլ. փոստ;Լեզու;Extra time\nԱնի;Պետրոսյան;ANI@example.am;հայերեն;1,5\n")
    mapping, heading = guessed(rows)
    assert (mapping, heading) == (["name", "surname", "email", "language", "extra_time"], True)
    people, wrong = read(rows, mapping, heading, "en", BOTH)
    assert people == [Invited(2, "Անի Պետրոսյան", "ani@example.am", "hy", None, 1.5)] and not wrong


def test_a_table_without_headings_is_known_by_its_cells() -> None:
    rows = rows_of("17\tAni Petrosyan\tani@example.am\n18\tDavit Grigoryan\tdavit@example.am\n")
    assert guessed(rows) == (["ignore", "name", "email"], False)
    assert rows_of(csv_of(rows)) == rows


def test_each_wrong_line_is_said_with_its_reason() -> None:
    rows = rows_of(
        "name,mail,lang,time\nAni,ani@example.am,en,\nBo,nothing,en,\nAni,ani@example.am,,\nCy,c@e.am,fr,\nDi,d@e.am,en,3\n"
    )
    people, wrong = read(rows, ["name", "email", "language", "extra_time"], True, "hy", BOTH)
    assert [one.name for one in people] == ["Ani"]
    assert [(one.line, one.reason) for one in wrong] == [
        (3, "no e-mail address"),
        (4, "this address stands in an earlier line"),
        (5, "this campaign has no test in that language"),
        (6, "extra time is 1, 1.25, 1.5 or 2"),
    ]


def test_a_name_is_kept_whole_or_refused() -> None:
    longest = "Ա" * 120
    rows = rows_of(f"{longest}\ta@e.am\n{longest}Բ\tb@e.am\n")
    people, wrong = read(rows, ["name", "email"], False, "hy", BOTH)
    assert [one.name for one in people] == [longest]
    assert [(one.line, one.reason) for one in wrong] == [(2, "the name is longer than 120 letters")]
    found, unread = invitees.read(f"{longest}, a@e.am\n{longest}Բ, b@e.am")
    assert [one.name for one in found] == [longest] and [(one.line, one.fault) for one in unread] == [(2, "long")]


@pytest.mark.parametrize("text", ["", "\n\n", "a," * 50, '"open', "x\n" * 302])
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"empty|columns|quotation|at most"):
        rows_of(text) if text != '"open' else rows_of('"' + "x" * 200_000)


def test_a_workbook_and_texts_of_excel_are_read_as_tables() -> None:
    people = [["Անի Պետրոսյան", "ani@example.am", 7], ["Davit", "davit@example.am", None]]
    rows = rows_of_file(xlsx_of("People", ("Անուն", "Էլ. փոստ", "id"), people))
    assert rows == [
        ["Անուն", "Էլ. փոստ", "id"],
        ["Անի Պետրոսյան", "ani@example.am", "7"],
        ["Davit", "davit@example.am", ""],
    ]
    assert guessed(rows) == (["name", "email", "external_id"], True)
    assert rows_of_file("name\tmail\nԱնի\ta@b.am".encode("utf-16")) == [["name", "mail"], ["Անի", "a@b.am"]]


def archive(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return made.getvalue()


SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def bomb() -> bytes:
    """A sheet of a million million letters, by entities of entities."""
    names = "abcdefghijklm"
    grown = [f'<!ENTITY {one} "{f"&{before};" * 10}">' for before, one in pairwise(names)]
    cell = '<c r="A1" t="inlineStr"><is><t>&m;</t></is></c>'
    rows = f'<worksheet xmlns="{SHEET}"><sheetData><row r="1">{cell}</row></sheetData></worksheet>'
    sheet = f'<!DOCTYPE x [<!ENTITY a "lol">{"".join(grown)}]>{rows}'.encode()
    with zipfile.ZipFile(io.BytesIO(xlsx_of("x", ("a",), []))) as plain:
        return archive(**{name: sheet if "sheet1" in name else plain.read(name) for name in plain.namelist()})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04 and no more", "cannot be read"),
        (archive(nothing=b"here"), "cannot be read"),
        (archive(**{"xl/worksheets/sheet1.xml": b"0" * 4_000_000}), "unpacks to too much"),
        (archive(**{"xl/workbook.xml": b"0" * 200_000}), "unpacks to too much"),
        (bomb(), "cannot be read"),
        ("name\nԱնի".encode()[:-1], "no CSV"),
        (b"x" * 1_000_001, "megabyte"),
    ],
)
def test_a_file_that_could_hurt_is_refused_in_words(data: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        rows_of_file(data)


def test_what_a_list_of_people_does_not_need_is_not_read() -> None:
    """33 KB of a workbook's styles held a processor for a minute and 2.4 GB."""
    with zipfile.ZipFile(io.BytesIO(xlsx_of("x", ("a",), [("b",)]))) as plain:
        files = {name: plain.read(name) for name in plain.namelist()}
    head, count, rest = files["xl/styles.xml"].partition(b"<cellXfs")
    files["xl/styles.xml"] = head + count + rest.replace(b">", b">" + b"<xf/>" * 400_000, 1)
    begun = time.process_time()
    assert rows_of_file(archive(**files)) == [["a"], ["b"]] and time.process_time() - begun < 1.5
