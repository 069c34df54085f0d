from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.psychometrics.evidence import Observation
from lms.psychometrics.items import ItemParameters
from lms.psychometrics.matrix import matrices as matrices_by
from lms.psychometrics.matrix import matrix as matrix_by
from tests.framework import RULES

SKILLS = {"content": ("content.copy", "content.design", "content.video"), "analytics": ("analytics.metrics",)}


def matrix(observations, skills, rules=RULES):
    return matrix_by(observations, skills, rules)


def matrices(people, skills):
    return matrices_by(people, skills, RULES)


def seen(category=1, sub="content.copy", kind="single", a=2.0, b=0.0, **more):
    return Observation(sub, ItemParameters(a, (b,)), category, kind, **more)


def test_nothing_seen_is_not_assessed_and_never_zero():
    cell = matrix([], SKILLS).cells["content"]
    assert (cell.level, cell.reasons, cell.n, cell.cap) == (None, ("not_assessed",), 0, None)
    assert (cell.theta, cell.sd) == (0, 1)


def test_one_answer_names_no_level_alone():
    cell = matrix([seen()], SKILLS).cells["content.copy"]
    assert not cell.precise and "imprecise" in cell.reasons and cell.sd > 0.65 and cell.level == 2


def test_theta_and_sd_agree_with_integration_written_out_here():
    answers = [seen(1, b=-0.5), seen(0, b=0.7, age_months=12), seen(1, b=0.2, age_months=24)]
    cell = matrix(answers, SKILLS, replace(RULES, valid_months={"content.copy": 12})).cells["content.copy"]
    grid = np.linspace(-9, 9, 20001)
    right = {b: 1 / (1 + np.exp(-2 * (grid - b))) for b in (-0.5, 0.7, 0.2)}
    density = np.exp(-(grid**2) / 2) * right[-0.5] * (1 - right[0.7]) ** 0.5 * right[0.2] ** 0.25
    mean = (density @ grid) / density.sum()
    assert cell.theta == pytest.approx(mean, abs=1e-6)
    assert cell.sd == pytest.approx(np.sqrt(density @ (grid - mean) ** 2 / density.sum()), abs=1e-6)


def test_levels_are_cuts_at_or_below_theta():
    assert [RULES.level(x) for x in (-1.51, -1.5, 0, 0.5, 1.6, 2.5)] == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("evidence", "cap"),
    [
        ([seen()], 1),
        ([seen()] * 2, 1),
        ([seen()] * 9, 2),
        ([seen()] * 3 + [seen(kind="judgement", performance=True)], 3),
        ([seen()] * 4 + [seen(kind="judgement", performance=True), seen(kind="table", performance=True)], 3),
        ([seen()] * 4 + [seen(kind="judgement", performance=True)] * 2 + [seen(human_raters=1)], 3),
        ([seen()] * 4 + [seen(kind=k, performance=True, human_raters=1) for k in "xy"], 4),
        ([seen()] * 4 + [seen(kind=k, performance=True, human_raters=2) for k in "xy"], 4),
        ([seen()] * 4 + [seen(kind=k, performance=True, portfolio=True, human_raters=1) for k in "xy"], 4),
        ([seen()] * 4 + [seen(kind=k, performance=True, portfolio=True, human_raters=2) for k in "xy"], 5),
    ],
)
def test_sub_competency_gates(evidence, cap):
    assert matrix(evidence, SKILLS).cells["content.copy"].cap == cap


def test_skill_gates_ask_for_spread_over_sub_competencies():
    one, two = [seen()] * 9, [seen()] * 3 + [seen(sub="content.design")]
    three = [*two, seen(sub="content.video", kind="judgement", performance=True), seen()]
    assert [matrix(x, SKILLS).cells["content"].cap for x in (one, two, three)] == [1, 2, 3]
    assert [g.level for g in RULES.skill_gates] == [g.level for g in RULES.sub_gates] == [1, 2, 3, 4, 5]


def test_a_cap_lowers_the_level_and_says_what_is_missing():
    cell = matrix([seen(b=2.0)] * 12, SKILLS).cells["content.copy"]
    assert cell.theta > 2 and (cell.level, cell.cap, cell.high_level) == (2, 2, 2)
    assert cell.reasons == ("capped",) and cell.missing == (("performance", 1),) and cell.precise


def test_a_cap_above_the_level_is_no_reason():
    cell = matrix([seen(0, b=-0.5)] * 6, SKILLS).cells["content.copy"]
    assert cell.level is not None and cell.level < 2 and cell.reasons == ()


def test_old_evidence_widens_until_it_no_longer_carries_a_level():
    fresh, stale = ([seen(b=-1 + i / 4, age_months=age) for i in range(9)] for age in (0.0, 96.0))
    young, old = (matrix(x, SKILLS).cells["content.copy"] for x in (fresh, stale))
    assert young.precise and not old.precise and old.sd > young.sd and abs(old.theta) < abs(young.theta)


def test_the_kind_of_evidence_never_weighs():
    plain = matrix([seen()] * 4, SKILLS).cells["content"]
    rated = matrix([seen(kind="rubric", performance=True, human_raters=2)] * 4, SKILLS).cells["content"]
    assert (plain.theta, plain.sd) == (rated.theta, rated.sd)


def test_an_unmarked_answer_counts_for_nothing():
    assert matrix([seen(-1)], SKILLS).cells["content.copy"].n == 0


def test_an_observation_outside_the_skills_is_named():
    with pytest.raises(ValueError, match=r"content\.dance"):
        matrix([seen(sub="content.dance")], SKILLS)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 1), st.floats(-2, 2), st.floats(0, 60)), min_size=1, max_size=12), st.randoms()
)
def test_order_of_evidence_changes_nothing(rows, shuffler):
    evidence = [seen(k, b=b, age_months=age) for k, b, age in rows]
    first = matrix(evidence, SKILLS).cells["content"]
    shuffler.shuffle(evidence)
    again = matrix(evidence, SKILLS).cells["content"]
    assert again.theta == pytest.approx(first.theta, abs=1e-9) and again.level == first.level
    assert first.low_level <= (first.level or first.low_level) <= first.high_level


def test_ninety_percent_intervals_hold_ninety_percent():
    rng = np.random.default_rng(7)
    items = [ItemParameters(1.5, (b,)) for b in np.linspace(-2, 2, 12)]
    hits = 0
    for theta in rng.standard_normal(400):
        right = [int(rng.random() < 1 / (1 + np.exp(-i.a * (theta - i.b[0])))) for i in items]
        cell = matrix([Observation("content.copy", i, k) for i, k in zip(items, right, strict=True)], SKILLS).cells[
            "content.copy"
        ]
        hits += cell.low <= theta <= cell.high
    assert 0.86 <= hits / 400 <= 0.94


def test_an_impossible_category_names_the_item():
    with pytest.raises(ValueError, match="odd"):
        matrix([Observation("content.copy", ItemParameters(1.0, (0.0,), name="odd"), 2)], SKILLS)


@given(st.lists(st.lists(st.tuples(st.integers(-1, 1), st.integers(0, 3), st.integers(0, 3)), max_size=6), max_size=5))
def test_people_together_get_what_each_gets_alone(field):
    """Also where people share items, answer one twice, at different ages, or not at all."""
    subs = [sub for skill in SKILLS.values() for sub in skill]
    people = [[seen(k, subs[s], b=b - 1.0, age_months=4.0 * b) for k, s, b in own] for own in field]
    for own, found in zip(people, matrices(people, SKILLS), strict=True):
        for key, cell in matrix(own, SKILLS).cells.items():
            twin = found.cells[key]
            assert (twin.theta, twin.sd) == pytest.approx((cell.theta, cell.sd), abs=1e-9)
            assert (twin.level, twin.n, twin.cap, twin.observations) == (
                cell.level,
                cell.n,
                cell.cap,
                cell.observations,
            )
