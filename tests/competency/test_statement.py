"""What is said about a level: ends that keep their order, a cap that lowers the level and never the interval."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.competency.statement import LevelStatement, in_levels, on_scale, state, statement_data, statement_of, tenths
from lms.psychometrics.evidence import Observation, Rules
from lms.psychometrics.items import ItemParameters
from lms.psychometrics.matrix import Cell, matrix
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


def test_nothing_is_said_without_an_answer_and_something_after_the_first() -> None:
    nothing, something = (state(measured(answers), CUTS) for answers in (0, 1))
    assert nothing.level is None and not nothing.known and nothing.cap is None and nothing.n == 0
    assert something.known and not something.precise and something.level == something.cap == 2


def answered(categories: str) -> LevelStatement:
    """After answers right (1) or wrong (0), all as hard as the middle level."""
    seen = [Observation("content.copy", ItemParameters(1.3, (0.0,)), int(category)) for category in categories]
    return state(matrix(seen, SKILLS, RULES).cells["content"], CUTS)


def test_what_is_known_is_said_at_the_grain_at_which_it_is_known() -> None:
    full, none, mixed = (answered(categories) for categories in ("1111", "0000", "1101"))
    assert (full.grain, full.least, full.assured) == ("at_least", 2, 2) and full.low >= 2
    assert (none.grain, none.most, none.assured) == ("up_to", 2, 0) and none.level == 1
    assert mixed.grain == "range" and (int(mixed.low), mixed.level, mixed.most, mixed.assured) == (1, 2, 4, 1)


def lucky(categories: str, rules: Rules = RULES) -> LevelStatement:
    """After answers to questions of four options."""
    one = ItemParameters(1.0, (0.0,), 0.25, 0.6)
    seen = [Observation("content.copy", one, int(category)) for category in categories]
    return state(matrix(seen, SKILLS, rules).cells["content"], CUTS)


def test_a_level_above_0_rests_on_the_answers_and_not_on_what_people_are_like() -> None:
    """Two lucky ones of four options say none, eight do; few right name no level alone, however narrow it is."""
    two, eight = lucky("11"), lucky("1" * 8)
    assert (two.grain, two.assured, two.most) == ("range", 0, 4) and two.low == pytest.approx(0.9)
    assert (eight.grain, eight.assured) == ("at_least", 2)
    few = answered("100100100100")
    assert few.level == 2 and few.grain == "up_to" and few.assured == 0


def test_a_framework_that_does_not_ask_for_it_judges_as_it_did() -> None:
    before = lucky("11", replace(RULES, earned=0.0))
    assert (before.grain, before.least) == ("at_least", 1)


@given(st.lists(st.integers(0, 1), min_size=1, max_size=10), st.data())
def test_more_right_never_takes_a_level_back_to_0(marks: list[int], data: st.DataObject) -> None:
    better = [right or data.draw(st.integers(0, 1)) for right in marks]
    worse, best = (lucky("".join(map(str, some))) for some in (marks, better))
    assert best.assured >= min(worse.assured, 1)


def test_uneven_cuts_name_no_range_of_one_level() -> None:
    """A panel moves one cut: a level becomes wider than most intervals, and one within it is that level."""
    seen = [Observation("content.copy", ItemParameters(1.0, (0.0,)), right) for right in (1, 0, 1, 0)]
    cell = matrix(seen, SKILLS, RULES).cells["content"]
    assert state(cell, (-3.0, -2.5, 2.5, 3.0, 3.5)).grain == "level"
    assert state(cell, (-3.0, 0.0, 2.5, 3.0, 3.5)).grain == "range"


@given(st.text("01", min_size=1, max_size=12))
def test_every_pattern_of_answers_ends_in_a_statement_that_its_interval_bears(categories: str) -> None:
    said = answered(categories)
    assert said.known and said.low <= said.estimate <= said.high
    assert said.grain != "at_least" or 1 <= said.least <= said.low
    assert said.grain != "up_to" or said.high < said.most + 1 <= 5
    figures = said.low, said.estimate, said.high
    assert [int(float(f"{figure:.1f}")) for figure in figures] == [int(figure) for figure in figures], "1.98 is no 2.0"


def test_a_kept_statement_of_an_earlier_release_reads_as_it_was_meant() -> None:
    data = statement_data(state(measured(12), CUTS))
    del data["grain"]
    assert statement_of(data).precise and not statement_of({**data, "level": None}).known


@given(CUT_LISTS, THETAS, st.floats(0, 3))
def test_the_scale_keeps_order_and_meets_every_cut(cuts: list[float], theta: float, width: float) -> None:
    assert 0 <= on_scale(theta, cuts) <= on_scale(theta + width, cuts) <= 5
    assert [on_scale(cut, cuts) for cut in cuts] == pytest.approx([1, 2, 3, 4, 5])
    assert int(on_scale(theta, cuts)) == sum(cut <= theta for cut in cuts)


def test_widths_follow_the_cuts() -> None:
    assert str(tenths(-0.04)) == "0.0" and tenths(0.96) == 1.0
    assert in_levels(1.0, CUTS) == 1.0 and in_levels(1.0, [cut / 2 for cut in CUTS]) == 2.0


def test_a_statement_can_be_kept_for_ever() -> None:
    said = state(measured(12), CUTS)
    assert statement_of(json.loads(json.dumps(statement_data(said)))) == said
