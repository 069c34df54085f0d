"""Numbers and days read the same wherever they are shown."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask

from lms.content.facts import date_text, value_text
from lms.formats import format_day, format_number, format_percent
from lms.web.i18n import date, in_hundred, number

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("value", "decimals", "hy", "en"),
    [
        (1234, 1, "1234,0", "1,234.0"),
        (9999.96, 1, f"10{NBSP}000,0", "10,000.0"),
        (6.85, 1, "6,9", "6.9"),
        (2.675, 2, "2,68", "2.68"),
        (-0.04, 1, "0,0", "0.0"),
        (-2.5, 0, "-3", "-3"),
        (12345, 0, f"12{NBSP}345", "12,345"),
    ],
)
def test_content_and_pages_write_the_same_number(app: Flask, value: float, decimals: int, hy: str, en: str) -> None:
    for language, said in (("hy", hy), ("en", en)):
        with app.test_request_context(headers={"Cookie": f"language={language}"}):
            assert format_number(value, language, decimals) == said == number(value, decimals)


def test_content_and_pages_write_the_same_day(app: Flask) -> None:
    day = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
    fact = {"value": 1234, "unit": "characters", "as_of": "2026-11-23", "due": False}
    for language, said in (("hy", "2026 թ. նոյեմբերի 23"), ("en", "23 November 2026")):
        with app.test_request_context(headers={"Cookie": f"language={language}"}):
            assert format_day(day.date(), language) == said == date(day) == date_text(fact, language)
    assert (value_text(fact, "hy"), value_text(fact, "en")) == ("1234 նշան", "1,234 characters")


@pytest.mark.parametrize(("share", "text"), [(0.0, "0%"), (0.125, "13%"), (0.625, "63%"), (0.29, "29%"), (1.0, "100%")])
def test_shares_are_whole_per_cent_in_both_languages(app: Flask, share: float, text: str) -> None:
    assert format_percent(share, "hy") == format_percent(share, "en") == text
    with app.test_request_context():
        assert f"{in_hundred(share)}%" == text, "also where the sign stands in a sentence"
