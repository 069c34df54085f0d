"""Words of letters: placeholders are checked, values are not looked at again, calendars take the file."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from lms.campaigns.calendar import WIDTH, event
from lms.campaigns.letter_texts import KINDS, filled, of_the_house, problems


@pytest.mark.parametrize("language", ["hy", "en"])
def test_the_houses_own_words_pass_the_check(context: Flask, language: str) -> None:
    with context.test_request_context():
        for kind in KINDS:
            words = of_the_house(kind, language)
            assert not list(problems(words.subject, words.body)), kind
            assert "{link}" in words.body and "\n\n" in words.body


@pytest.mark.parametrize(
    ("subject", "body", "said"),
    [
        ("Hello {nmae}", "{link}", "{nmae}"),
        ("Hello", "no way in", "link is missing"),
        ("Hello", "{link} and {", "brace"),
        ("{link}", "{link}", "not in the subject"),
    ],
)
def test_a_letter_that_would_mislead_is_refused(context: Flask, subject: str, body: str, said: str) -> None:
    with context.test_request_context(headers={"Accept-Language": "en"}):
        assert any(said in problem for problem in problems(subject, body))


def test_a_name_with_braces_opens_nothing() -> None:
    assert filled("{name}: {link}", {"name": "{link}", "link": "L"}) == "{link}: L"


def test_the_calendar_file_is_folded_and_escaped() -> None:
    until = datetime(2026, 12, 11, 19, 59, tzinfo=UTC)
    text = event("candidate-1@hmut", until, "Գնահատում; «Նռնենի, ՍՊԸ» " * 4, "https://hmut.example/c/" + "x" * 60)
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""]
    assert all(len(line.encode()) <= WIDTH + 1 for line in lines)
    assert "DTSTART:20261211T190000Z" in lines and "DTEND:20261211T195900Z" in lines
    whole = text.replace("\r\n ", "")
    assert "Գնահատում\\; «Նռնենի\\, ՍՊԸ»" in whole and "x" * 60 in whole
