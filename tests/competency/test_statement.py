"""What is said about a level: ends that keep their order, a cap that lowers the level and never the interval."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.competency.statement import in_levels, on_scale, state, statement_data, statement_of
from lms.psychometrics.items import ItemParameters
from lms.psychometrics.matrix import Cell, Observation, matrix
from tests.framework import CUTS, RULES

SKILLS = {"content": ("content.copy",)}
ITEM = ItemParameters(2.0, (2.0,))
THETAS = st.integers(-7000, 7000).map(lambda thousandths: thousandths / 1000)
CUT_LISTS = st.lists(THETAS, min_size=5, max_size=5, unique=True).map(sorted)


def measured(answers: int, category: int = 1) -> Cell:
    return matrix([Observation("content.copy", ITEM, category)] * answers, SKILLS, RULES).cells["content.copy"]


def test_a_cap_lowers_the_level_and_leaves_the_interval() -> None:
    cell = measured(12)
    said = state(cell, CUTS)
    assert (said.level, said.cap, said.wanted) == (2, 2, "performance")
    assert said.estimate == on_scale(cell.theta, CUTS) > 4 and said.low > 3 and said.high == 5


def test_nothing_is_said_about_a_level_that_is_not_known() -> None:
    for answers in (0, 1):
        said = state(measured(answers), CUTS)
        assert said.level is None and not said.enough and said.cap is None and said.n == answers


@given(CUT_LISTS, THETAS, st.floats(0, 3))
def test_the_scale_keeps_order_and_meets_every_cut(cuts: list[float], theta: float, width: float) -> None:
    assert 0 <= on_scale(theta, cuts) <= on_scale(theta + width, cuts) <= 5
    assert [on_scale(cut, cuts) for cut in cuts] == pytest.approx([1, 2, 3, 4, 5])
    assert int(on_scale(theta, cuts)) == sum(cut <= theta for cut in cuts)


def test_widths_follow_the_cuts() -> None:
    assert in_levels(1.0, CUTS) == 1.0 and in_levels(1.0, [cut / 2 for cut in CUTS]) == 2.0


def test_a_statement_can_be_kept_for_ever() -> None:
    said = state(measured(12), CUTS)
    assert statement_of(json.loads(json.dumps(statement_data(said)))) == said
