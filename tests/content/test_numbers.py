"""Numbers are written and read as people here write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.content.number_reading import readings
from lms.formats import format_number

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("value", "decimals", "hy", "en"),
    [
        (1234.5, None, "1234,5", "1,234.5"),
        (12345.67, 2, f"12{NBSP}345,67", "12,345.67"),
        (1234567.891, 2, f"1{NBSP}234{NBSP}567,89", "1,234,567.89"),
        (12500, 0, f"12{NBSP}500", "12,500"),
        (4, None, "4", "4"),
        (-0.001, 2, "0,00", "0.00"),
        (-1500, 0, "-1500", "-1,500"),
    ],
)
def test_format(value: float, decimals: int | None, hy: str, en: str) -> None:
    assert format_number(value, "hy", decimals) == hy
    assert format_number(value, "en", decimals) == en


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("4,25", (4.25,)),
        ("4.25", (4.25,)),
        (" 4,25 % ", (4.25,)),
        (f"12{NBSP}345,67", (12345.67,)),
        ("12 345,67", (12345.67,)),
        ("12,345.67", (12345.67,)),
        ("12.345,67", (12345.67,)),
        ("1,234,567", (1234567.0,)),
        ("1,234", (1.234, 1234.0)),
        ("0,234", (0.234,)),
        ("12 500 ֏", (12500.0,)),
        ("12500 դրամ", (12500.0,)),
        ("\u22123,5", (-3.5,)),
        (",5", (0.5,)),
        ("5.", (5.0,)),
        ("4,25։", (4.25,)),
        ("֏ 12 500", (12500.0,)),
        ("AMD 12,500", (12.5, 12500.0)),
        ("12’500", (12500.0,)),
        ("12'500,5", (12500.5,)),
        ("5 000 դր", (5000.0,)),
        ("12 րոպեում", (12.0,)),
        ("7 mins.", (7.0,)),
        ("3,5x", (3.5,)),
        ("≈ 4,2", (4.2,)),
        ("– 3,5", (-3.5,)),
        ("\u200e5\u200b", (5.0,)),
        ("٤٢", (42.0,)),
        ("5 6", ()),
        ("12 34", ()),
        ("3/4", ()),
        ("5 հազար", (5000.0,)),
        ("%", ()),
        ("1'2", ()),
        ("1,2,3", ()),
        ("abc", ()),
        ("", ()),
        ("1e5", ()),
        ("nan", ()),
        ("--5", ()),
    ],
)
def test_readings(text: str, numbers: tuple[float, ...]) -> None:
    assert readings(text) == numbers


@given(st.floats(-1e9, 1e9), st.sampled_from(["hy", "en"]))
def test_what_is_shown_can_be_typed_back(value: float, language: str) -> None:
    assert round(value, 2) in [
        pytest.approx(number, abs=0.011) for number in readings(format_number(value, language, 2))
    ]


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert all(isinstance(number, float) for number in readings(text))
