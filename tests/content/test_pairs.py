"""Answers as people write them: a table of pairs that are the same and pairs that are not, in three scripts."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from lms.content.answer_matching import same
from lms.content.questions.numeric import Calculation, Numeric
from lms.content.rounding import cut, rounded

ESCAPED = re.compile(r"\\u([0-9a-f]{4})")  # what nobody could see in the table


def pairs() -> list[dict[str, str]]:
    with (Path(__file__).parent / "pairs.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [{name: ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), text) for name, text in row.items()} for row in rows]


PAIRS = pairs()


def credit(typed: str, answer: float, unit: str = "", decimals: int = 2) -> float:
    drawn = Calculation(inputs={}, answer=answer, wrong={}, unit=unit, decimals=decimals)
    return Numeric().score(None, drawn, typed).credit  # type: ignore[arg-type]


def is_same(pair: dict[str, str]) -> bool:
    if pair["kind"] == "number":
        return credit(pair["typed"], float(pair["right"]), pair["unit"], int(pair["decimals"] or 2)) == 1.0
    forth, back = same(pair["typed"], pair["right"], typo=True), same(pair["right"], pair["typed"], typo=True)
    assert forth is back, pair
    return forth


def test_same_things_are_the_same_and_others_are_not() -> None:
    assert [pair for pair in PAIRS if is_same(pair) is not (pair["same"] == "yes")] == []


def test_the_table_has_both_kinds_in_each_script() -> None:
    for kind in ("short", "number"):
        texts = {
            verdict: "".join(pair["typed"] for pair in PAIRS if (pair["kind"], pair["same"]) == (kind, verdict))
            for verdict in ("yes", "no")
        }
        for first, last in (("a", "z"), ("ա", "ֆ"), ("а", "я")):
            assert all(any(first <= letter <= last for letter in text.lower()) for text in texts.values())


@pytest.mark.parametrize(
    ("answer", "decimals", "typed", "reached"),
    [
        (6.85, 1, "6.9", 1.0),
        (6.85, 1, "6.8", 0.5),
        (0.1 * 68.5, 1, "6,9", 1.0),
        (89_300 / 40, 0, "2233", 1.0),
        (1.005, 2, "1.01", 1.0),
        (-2.5, 0, "-3", 1.0),
        (2.675, 2, "2,68", 1.0),
        (1.15, 1, "1.2", 1.0),
        (6.849, 1, "6.9", 0.0),
    ],
)
def test_a_half_is_rounded_as_people_round(answer: float, decimals: int, typed: str, reached: float) -> None:
    assert credit(typed, answer, decimals=decimals) == reached


def test_rounding_and_cutting() -> None:
    assert [rounded(value, 0) for value in (0.5, 1.5, 2.5, -0.5)] == [1, 2, 3, -1]
    assert rounded(1234.5, -2) == 1200
    assert rounded(1e300, 2) == 1e300
    assert cut(2.3, 1) == 2.3, "2.3 is 2.2999… as a binary fraction"
    assert cut(-2.39, 1) == -2.3
