"""No text makes a reader think for long: the worst that was found, for every reader of what people write."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from lms.content import expression, number_reading
from lms.content.answer_matching import same
from lms.content.document import parse
from lms.content.rules import markdown_lint, module_texts
from lms.content.source import ContentError
from lms.content.yaml_reader import parse_yaml
from lms.identity import invitees, passwords
from lms.publishing.stems import question
from lms.web.visible_line import visible_line

SECONDS = 6.0  # of this process alone, whatever else the machine does; without its bound each took from nine on
ZWJ = "\u200d"
TEXTS: dict[str, tuple[Callable[[str], object], str]] = {
    "names: spaces before no address": (invitees.read, " " * 39_000 + "x"),
    "names: words before no address": (invitees.read, "a " * 19_000),
    "names: quotes and spaces": (invitees.read, '"' + " " * 39_000 + '"'),
    "names: commas": (invitees.read, "," * 40_000),
    "names: rows": (invitees.read, '"a,\r' * 10_000),
    "names: joiners": (visible_line, ZWJ * 200_000),
    "names: accents": (visible_line, "a" + "\u0301" * 100_000),
    "passwords: long": (passwords.is_guessable, "aB3$" * 50),
    "search: words": (question, "x " * 100_000),
    "search: accents": (question, "\u0301" * 100_000),
    "expression: brackets": (expression.parse, "(" * 15_000),
    "expression: signs": (expression.parse, "-" * 290 + "1"),
    "expression: powers": (expression.parse, "9**9**9**9**9"),
    "yaml: brackets": (lambda text: parse_yaml(text, "x.yaml", 1), "a: " + "[" * 15_000),
    "yaml: base of sixty": (lambda text: parse_yaml(text, "x.yaml", 1), "a: " + "9:" * 200_000 + "9"),
    "yaml: digits": (lambda text: parse_yaml(text, "x.yaml", 1), "a: " + "9" * 400_000),
    "markdown: brackets": (lambda text: parse(text, "en"), "[" * 15_000),
    "markdown: pictures": (lambda text: parse(text, "en"), "![" * 9_000),
    "markdown: footnotes": (lambda text: parse(text, "en"), "[^a" * 6_000),
    "markdown: struck": (lambda text: parse(text, "en"), "~~" * 9_000),
    "check: digits": (lambda text: [*module_texts.VOLATILE.finditer(text)], "1," * 25_000),
    "check: notes": (lambda text: markdown_lint.NOTE.findall(text), "[^" * 40_000),
    "answers: words": (lambda text: same(text, "reach", typo=True), "a b " * 4_000),
    "answers: numbers": (number_reading.readings, "1 a 2 " * 8_000),
    "markdown: tags": (lambda text: parse(text, "en"), "<a " * 9_000),
}


@pytest.mark.parametrize("name", TEXTS)
def test_no_reader_hangs(name: str) -> None:
    read, text = TEXTS[name]
    started = time.process_time()
    try:
        read(text)
    except (ContentError, expression.ExpressionError, RecursionError) as error:
        assert not isinstance(error, RecursionError), "deep, and nobody bounded it"
    assert time.process_time() - started < SECONDS
