"""Tables for spreadsheets: no text acts, Armenian opens right."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import load_workbook

from lms.report.spreadsheets import csv_of, xlsx_of

ACTS = ["=1+1", "+37491", "-2+3", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")']


@pytest.mark.parametrize("text", ACTS)
def test_a_text_that_begins_like_a_formula_is_only_shown(text: str) -> None:
    made = csv_of([text], [[text, -5]])
    header, row = csv.reader(io.StringIO(made.decode("utf-8-sig"), newline=""))
    assert header[0] == row[0] == f"'{text}" and row[1] == "-5"
    (sheet,) = load_workbook(io.BytesIO(xlsx_of(text, [text], [[text, -5]])))
    for cell in (sheet["A1"], sheet["A2"]):
        assert (cell.data_type, str(cell.value).lstrip()) == ("s", text.lstrip())
    assert sheet["B2"].value == -5


def test_armenian_opens_right_and_control_signs_do_not_break_the_file() -> None:
    assert csv_of(["Անուն"], []).startswith("\ufeffԱնուն".encode())
    (sheet,) = load_workbook(
        io.BytesIO(xlsx_of("Արդյունքներ: 2026/27 [աշուն] և մի շատ երկար անուն", ["Անուն"], [["Ա\x00նի"]]))
    )
    assert sheet["A2"].value == "Անի" and len(sheet.title) <= 31
