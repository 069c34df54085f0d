from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.psychometrics.evidence import Observation
from lms.psychometrics.items import ItemParameters
from lms.psychometrics.matrix import Matrix, matrix
from lms.psychometrics.next_best import most_informative, next_best
from lms.psychometrics.profile import RoleProfile, probability_of_level, role_gap, undecided
from lms.psychometrics.ranking import rank_ranges
from tests.framework import RULES

SKILLS = {"content": ("content.copy",), "analytics": ("analytics.goals",), "time": ("time.plan",)}
ROLE = RoleProfile({"content": 3, "analytics": 2, "time": 1}, {"content": 50, "analytics": 30, "time": 20}, {})
BLANK = matrix([], SKILLS, RULES)
OUTCOMES = ("not_met", "inconclusive", "met")
OPEN = replace(RULES, skill_gates=RULES.sub_gates)  # each skill has but one sub-competency here


def known(**cells):
    """A matrix of cells set by hand: key -> (theta, sd, cap)."""
    made = dict(BLANK.cells)
    for key, (theta, sd, cap) in cells.items():
        key = key.replace("_", ".")
        level, margin = min(RULES.level(theta), cap), RULES.margin(sd)
        cell = replace(made[key], theta=theta, sd=sd, low=theta - margin, high=theta + margin)
        made[key] = replace(cell, cap=cap, level=level, n=9, precise=True, reasons=())
    return Matrix(made, SKILLS, RULES)


def simulated(cells, role, floors=True, n=400_000):
    """Share of draws from the cells' posteriors, had each prior stood at what is asked, that meet the role."""
    rng, cuts = np.random.default_rng(1), (-np.inf, *RULES.cuts)
    total, held = np.zeros(n), np.ones(n, bool)
    for key, (theta, sd, _) in cells.items():
        draw = rng.normal(theta + sd**2 * cuts[role.required[key]], sd, n)
        total += role.weights[key] / 100 * (draw - cuts[role.required[key]])
        held &= draw >= cuts[role.required[key] - 1]
    return np.mean((total >= 0) & (held if floors else True))


@pytest.mark.parametrize("content", [0.0, 0.5, 1.5])
@pytest.mark.parametrize("analytics", [-1.4, 0.3])
def test_probability_of_a_role_agrees_with_simulation(content, analytics):
    cells = {"content": (content, 0.4, 5), "analytics": (analytics, 0.5, 5), "time": (-1.0, 0.6, 5)}
    assert role_gap(known(**cells), ROLE).probability == pytest.approx(simulated(cells, ROLE), abs=0.02)


def test_a_floor_keeps_a_strong_skill_from_hiding_a_weak_one():
    cells = {"content": (2.5, 0.3, 5), "analytics": (-2.5, 0.3, 5), "time": (0.0, 0.3, 5)}
    result = role_gap(known(**cells), ROLE)
    assert result.composite > 0.5 and result.probability < 0.01 and result.outcome == "not_met"
    assert simulated(cells, ROLE, floors=False) > 0.95


def test_composite_is_the_weighted_distance_from_what_is_asked():
    result = role_gap(known(content=(1.0, 0.4, 5), analytics=(0.5, 0.3, 5), time=(-1.0, 0.5, 5)), ROLE)
    assert result.composite == pytest.approx(0.5 * (1.0 - 0.5) + 0.3 * (0.5 + 0.5) + 0.2 * (-1.0 + 1.5))
    sd = np.sqrt((0.5 * 0.4) ** 2 + (0.3 * 0.3) ** 2 + (0.2 * 0.5) ** 2)
    assert (result.high - result.low) / 2 == pytest.approx(1.6448536 * sd, rel=1e-6)


def test_met_needs_open_gates_in_every_skill():
    strong = {"content": (2.0, 0.2, 3), "analytics": (2.0, 0.2, 2), "time": (2.0, 0.2, 2)}
    assert role_gap(known(**strong), ROLE).outcome == "met"
    thin = role_gap(known(**(strong | {"content": (2.0, 0.2, 2)})), ROLE)
    assert (thin.outcome, thin.thin) == ("inconclusive", ("content",))


def test_a_skill_not_assessed_widens_the_composite_by_the_prior_and_blocks_a_decision():
    """Nobody gains by what is not known: the skill stands where people stand on the whole, and as unsurely."""
    result = role_gap(known(content=(2.0, 0.2, 5), time=(2.0, 0.2, 5)), ROLE)
    assert result.assessed == pytest.approx(0.7) and result.outcome == "inconclusive"
    assert result.composite == pytest.approx(0.5 * 1.5 + 0.3 * 0.5 + 0.2 * 3.5)
    sd = np.sqrt((0.5 * 0.2) ** 2 + (0.3 * 1.0) ** 2 + (0.2 * 0.2) ** 2)
    assert (result.high - result.low) / 2 == pytest.approx(1.6448536 * sd, rel=1e-6)
    assert role_gap(BLANK, ROLE).composite is None and role_gap(BLANK, ROLE).outcome == "inconclusive"


def test_critical_minima_are_met_failed_or_open():
    role = replace(ROLE, critical={"content.copy": 3, "analytics.goals": 3, "time.plan": 3})
    cells = {"content_copy": (1.0, 0.3, 4), "analytics_goals": (-0.2, 0.3, 4), "time_plan": (1.0, 0.3, 2)}
    result = role_gap(known(**cells), role)
    assert (result.met, result.failed, result.open) == (("content.copy",), ("analytics.goals",), ("time.plan",))
    assert result.outcome == "not_met"
    unsure = role_gap(known(**(cells | {"analytics_goals": (0.0, 0.4, 4)})), role)
    assert (unsure.failed, unsure.open) == ((), ("analytics.goals", "time.plan")), "the interval reaches the level"
    assert unsure.outcome == "inconclusive"


@pytest.mark.parametrize(("theta", "sd", "state"), [(1.2, 0.8, "met"), (0.9, 0.8, "open"), (-1.2, 0.8, "failed")])
def test_a_minimum_is_met_by_probability_whatever_the_error(theta, sd, state):
    """P(level >= 3) is .90, .82 and .04; an error that wide would name no level alone."""
    role = replace(ROLE, critical={"content.copy": 3})
    found = role_gap(known(content_copy=(theta, sd, 5)), role)
    assert getattr(found, state) == ("content.copy",)


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_what_people_are_like_says_nothing_about_a_minimum(level):
    """Without an answer the odds are even at every level: a low one is not met, nor a high one missed, by the prior."""
    assert probability_of_level(BLANK.cells["content.copy"], level, RULES) == pytest.approx(0.5)
    cut = RULES.cuts[level - 1]
    shrunk = 0.8 * (cut - 0.5)  # what a posterior of SD sqrt(.2) makes of answers that say half a level below
    cell = known(content_copy=(shrunk, 0.2**0.5, 5)).cells["content.copy"]
    assert probability_of_level(cell, level, RULES) == pytest.approx(0.186, abs=0.001)


@pytest.mark.parametrize("level", [1, 3, 5])
def test_what_people_are_like_says_nothing_about_a_role(level):
    """An answer that says little, and exactly what is asked, leaves even odds at a low and at a high role."""
    role = RoleProfile({"content": level}, {"content": 1}, {}, floor_below=5)
    cell = (0.05 * RULES.cuts[level - 1], 0.95**0.5, 5)
    assert role_gap(known(content=cell), role).probability == pytest.approx(0.5)


@pytest.mark.parametrize(("answers", "easiest"), [(14, -2.0), (8, -1.6)])
def test_more_skill_never_means_fewer_met(answers, easiest):
    """The same luck at every ability: whoever reaches more answers is never decided worse, also where few questions
    leave the strongest with too wide an error to name a level alone."""
    luck = np.random.default_rng(3).random((25, 3, answers))
    role = replace(ROLE, critical={"content.copy": 3})
    before = np.full(25, -1)
    for theta in np.linspace(-2, 4, 13):
        held = [held_against(role, theta, draws, easiest) for draws in luck]
        now = np.array([OUTCOMES.index(gap.outcome) for _, gap in held])
        assert (now >= before).all(), theta
        before = now
    assert (before == 2).mean() > 0.9
    assert any(made.cells["content"].sd > RULES.max_sd for made, _ in held) == (answers == 8)


def held_against(role, theta, luck, easiest):
    """Matrix and gap of a person whose answers are what this luck gives at this ability."""
    seen = []
    for subs, draws in zip(SKILLS.values(), luck, strict=True):
        for at, draw in enumerate(draws):
            item = ItemParameters(1.4, (easiest + 0.3 * at,))
            right = int(draw < 1 / (1 + np.exp(-1.4 * (theta - item.b[0]))))
            seen.append(Observation(subs[0], item, right, f"kind {at % 3}", True, 1))
    made = matrix(seen, SKILLS, OPEN)
    return made, role_gap(made, role)


def test_gaps_come_by_weight_times_gap_with_the_unknown_last():
    result = role_gap(known(analytics=(-2.0, 0.2, 5), time=(-3.0, 0.2, 5)), ROLE)
    assert [(g.key, g.gap) for g in result.gaps] == [("analytics", 2), ("time", 1), ("content", None)]


def test_a_skill_that_the_role_does_not_need_is_left_out():
    role = replace(ROLE, required=ROLE.required | {"time": 0})
    assert [g.key for g in role_gap(known(content=(2.0, 0.2, 5)), role).gaps] == ["content", "analytics"]


def test_ranks_of_a_small_field():
    assert rank_ranges({"a": (1.0, 2.0), "b": (0.5, 1.1), "c": (-1.0, 0.4), "d": (-0.5, 0.3)}) == {
        "a": (1, 2),
        "b": (1, 2),
        "c": (3, 4),
        "d": (3, 4),
    }


def test_a_chain_of_neighbours_does_not_collapse():
    """a and b overlap, b and c overlap, a and c do not: c is surely behind somebody, a surely before somebody."""
    assert rank_ranges({"a": (1.0, 2.0), "b": (0.4, 1.2), "c": (-0.5, 0.6)}) == {"a": (1, 2), "b": (1, 3), "c": (2, 3)}
    assert rank_ranges({}) == {} and rank_ranges({"touching": (0.0, 1.0), "it": (1.0, 2.0)})["it"] == (1, 2)


@given(st.lists(st.tuples(st.floats(-3, 3), st.floats(0, 1)), min_size=1, max_size=12))
def test_whoever_overlaps_shares_a_rank_and_the_others_stand_behind_one_another(people):
    field = {i: (mid - half, mid + half) for i, (mid, half) in enumerate(people)}
    ranks = rank_ranges(field)
    for i, (low, high) in field.items():
        best, worst = ranks[i]
        assert 1 <= best <= worst <= len(field)
        assert best == 1 + sum(other > high for other, _ in field.values())
        for j, (other_low, other_high) in field.items():
            if low <= other_high and other_low <= high:
                assert best <= ranks[j][1] and ranks[j][0] <= worst
            elif low > other_high:
                assert best < ranks[j][0] and worst < ranks[j][1]


@given(st.lists(st.floats(-3, 3), min_size=2, max_size=10), st.floats(0.01, 1), st.randoms())
def test_the_true_rank_lies_in_the_range_when_every_interval_holds_its_truth(truths, width, random):
    field = {i: (t - random.uniform(0, width), t + random.uniform(0, width)) for i, t in enumerate(truths)}
    for i, (best, worst) in rank_ranges(field).items():
        first = 1 + sum(other > truths[i] for other in truths)
        last = sum(other >= truths[i] for other in truths)
        assert best <= first <= last <= worst


def test_next_best_prefers_the_informative_item_and_agrees_with_enumeration():
    seen = [Observation("content.copy", ItemParameters(1.0, (0.0,)), 1)]
    items = [ItemParameters(0.5, (3.0,)), ItemParameters(2.0, (0.5,)), ItemParameters(2.0, (-4.0,))]
    best = next_best(matrix(seen, SKILLS, RULES), [("content.copy", i) for i in items])[0]
    assert best.index == 1 and best.gain > 0 and best.key == "content"
    answered = [[*seen, Observation("content.copy", items[1], k)] for k in (0, 1)]
    outcomes = [matrix(observations, SKILLS, RULES).cells["content"] for observations in answered]
    grid = np.linspace(-8, 8, 4001)
    density = np.exp(-(grid**2) / 2) / (1 + np.exp(-grid))
    chance = density @ (1 / (1 + np.exp(-2 * (grid - 0.5)))) / density.sum()
    assert best.expected == pytest.approx(chance * outcomes[1].sd ** 2 + (1 - chance) * outcomes[0].sd ** 2, abs=0.01)


def test_its_quadrature_is_as_exact_as_one_of_ten_times_as_many_points(monkeypatch):
    seen = [Observation("content.copy", ItemParameters(1.0, (0.0,)), 1)]
    items = [ItemParameters(a, cuts) for a in (0.3, 1.0, 2.5) for cuts in ((-3.0,), (0.2,), (2.5,), (-1.0, 0.4, 1.5))]
    pool = [("content.copy", item) for item in items]
    rough = {(each.index, each.key): each.expected for each in next_best(matrix(seen, SKILLS, RULES), pool)}
    monkeypatch.setattr("lms.psychometrics.next_best.POINTS", 401)
    fine = {(each.index, each.key): each.expected for each in next_best(matrix(seen, SKILLS, RULES), pool)}
    assert rough == pytest.approx(fine, abs=1e-4)


def test_next_best_turns_to_the_cell_asked_for():
    found = next_best(
        BLANK, [("content.copy", ItemParameters(1.0, (0.0,))), ("time.plan", ItemParameters(0.4, (0.0,)))], ["time"]
    )
    assert [(s.index, s.key) for s in found] == [(1, "time")]


def test_a_role_that_asks_for_nothing_decides_nothing():
    found = role_gap(known(content=(2.0, 0.2, 5)), RoleProfile({"content": 0}, {"content": 1}, {}))
    assert (found.outcome, found.gaps, found.assessed) == ("inconclusive", (), 0)


def test_undecided_is_what_answers_could_still_decide_whatever_the_gate():
    role = replace(ROLE, critical={"content.copy": 3, "analytics.goals": 3, "time.plan": 3})
    cells = {"content_copy": (1.4, 0.4, 2), "analytics_goals": (0.6, 0.4, 4), "time_plan": (-1.2, 0.4, 4)}
    matrix_of = known(**cells)
    assert undecided(matrix_of, role) == ("analytics.goals",)
    assert "content.copy" in role_gap(matrix_of, role).open, "its gate is shut, and no question opens it"


def test_what_is_asked_tells_most_at_the_cut():
    candidates = [
        *(("content.copy", ItemParameters(1.0, (b,))) for b in (-3.0, 0.6, 2.0)),
        ("analytics.goals", ItemParameters(1.0, (0.5,))),
        ("time.plan", ItemParameters(1.0, (0.5,))),
    ]
    cuts = {"content.copy": 0.5, "analytics.goals": 0.5}
    assert most_informative(candidates, cuts, 2, 10) == [3, 1, 2], "best of each first, so many of each"
    assert most_informative(candidates, cuts, 2, 2) == [3, 1] and most_informative([], cuts, 2, 2) == []
