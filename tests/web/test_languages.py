"""Languages are rows of one list: what is written for two works with a third."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
from flask import Flask, g, render_template

from lms.author.answer_table import NEVER, AnswerTable
from lms.config import LANGUAGES, ROOT
from lms.formats import format_day, language_name, own_name
from lms.learn import certificate_text

THIRD = (*LANGUAGES, "ru")
# What is so in one language alone: its font, sources and claims that are kept in English.
OF_ONE = {"base.html": {"hy"}, "cell.html": {"en"}, "item.html": {"en"}, "fact.html": {"en"}, "parts.html": {"en"}}


def test_languages_are_called_as_each_language_calls_them() -> None:
    assert [own_name(code) for code in THIRD] == ["հայերեն", "English", "русский"]
    assert [language_name("ru", code) for code in LANGUAGES] == ["ռուսերեն", "Russian"]
    assert format_day(dt.date(2026, 1, 1), "ru") == "1 января 2026"


def test_no_template_chooses_between_two_languages() -> None:
    for path in (ROOT / "templates").rglob("*.*"):
        text = re.sub(r"{#.*?#}", "", path.read_text("utf-8"), flags=re.DOTALL)
        codes = {code for code in LANGUAGES if re.search(rf"""["']{code}["']""", text)}
        assert codes <= OF_ONE.get(path.name, set()), path
        assert not re.search(r'հայերեն|Հայերեն|>English<|"(English|Armenian)"', text), path


def test_the_button_offers_every_other_language(app: Flask) -> None:
    with app.test_request_context("/"):
        g.language = "ru"
        page = render_template("parts/language.html", languages=THIRD)
    assert re.findall(r'name="language" value="(\w+)"', page) == list(LANGUAGES)
    assert re.findall(r'lang="(\w+)">(\w+)<', page) == [("hy", "Հայերեն"), ("en", "English")]


def test_a_third_language_takes_no_part_where_two_are_compared() -> None:
    answers = AnswerTable((1, 2, 3), ("q",), np.array([[1], [0], [1]]), np.ones(1, int), np.array([[0], [1], [2]]))
    table, first = answers.of_two_languages(np.array([0]))
    assert table.ravel().tolist() == [1, 0, NEVER] and first.ravel().tolist() == [True, False, False]


def test_a_certificate_of_an_earlier_day_says_its_titles_in_armenian() -> None:
    assert certificate_text.title_in({"hy": "Հիմունքներ", "en": "Foundations"}, "ru") == "Հիմունքներ"
    assert certificate_text.title_in({"hy": "Հիմունքներ", "en": "Foundations"}, "en") == "Foundations"
