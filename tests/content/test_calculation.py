"""What a typed number is worth beside the right one: the bounds of each slip."""

from __future__ import annotations

import dataclasses

import pytest

from lms.content.model import Item, Library
from lms.content.questions import TYPES
from lms.content.questions.calculation import Calculation, credit_of, wrong_formulas


def drawn(answer: float, unit: str = "count", decimals: int = 2, **wrong: float) -> Calculation:
    return Calculation(inputs={}, answer=answer, wrong=wrong, unit=unit, decimals=decimals)


@pytest.mark.parametrize(
    ("asked", "typed", "credit"),
    [
        (drawn(50, "percent", 0), 0.5, 0.5),
        (drawn(50, "percent", 0), 0.504, 0.5),
        (drawn(50, "percent", 0), 0.52, 0.0),  # two points off is no share of the answer
        (drawn(2, "percent", 1), 0.024, 0.0),  # near in points, far in proportion
        (drawn(50, "count", 0), 0.5, 0.0),
        (drawn(12.3456), 12.35, 1.0),
        (drawn(12.3456), 12.3, 0.5),
        (drawn(12.3456), 12, 0.5),  # two places too early
        (drawn(12.3456), 10, 0.0),
        (drawn(12.3456, cut=12.3), 12.3, 0.0),  # a named wrong way is no slip
    ],
)
def test_slips_have_bounds(asked: Calculation, typed: float, credit: float) -> None:
    assert credit_of(asked, typed) == credit


def test_units_that_have_words_have_them_in_both_languages(shipped: Library) -> None:
    """An author's own unit stands as written on every page: it may be a sign, but no English word."""
    item = next(item for item in shipped.items.values() if "formula" in item.settings)
    told = [
        [remark.text.get("hy") for remark in TYPES["numeric"].remarks(unit_of(item, unit), shipped.reference)]
        for unit in ("guests", "count", "‰", "money_amd")
    ]
    assert len(told[0]) == 1 and "guests երկու լեզվում" in told[0][0]
    assert told[1:] == [[], [], []]


def unit_of(item: Item, unit: str) -> Item:
    return dataclasses.replace(item, settings={**item.settings, "unit": unit})


def test_a_wrong_way_that_gives_nothing_is_not_found_in_a_nought() -> None:
    assert not [*wrong_formulas(drawn(5, nothing=0.0), 0.0)]
    assert [*wrong_formulas(drawn(5, added=9.0), 9.0)] == ["added"]
