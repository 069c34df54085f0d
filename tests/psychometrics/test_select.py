from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.psychometrics.ability import posterior
from lms.psychometrics.item_pool import Blueprint, ItemPool
from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.select import Selector, TestState
from lms.psychometrics.splitmix import uniform
from lms.psychometrics.stop import Stop

SKILLS = ("copy", "data")


def bank(n=48, seed=0, **more):
    rng = np.random.default_rng(seed)
    items = Items.of(
        [
            ItemParameters(float(a), (float(b),))
            for a, b in zip(rng.uniform(0.7, 2, n), rng.normal(0, 1, n), strict=True)
        ]
    )
    skills = tuple(SKILLS[i % 2] for i in range(n))
    return ItemPool(items, skills, tuple(f"{s}.{i // 2 % 3}" for i, s in enumerate(skills)), **more)


def walk(selector, seed=1, answer=lambda i: i % 2):
    state = TestState(seed=seed)
    while (step := selector.next(state)).item is not None:
        state = replace(state, given=(*state.given, step.item), categories=(*state.categories, answer(step.item)))
    return state, step


def test_estimates_are_those_of_ability():
    one = bank()
    state, step = walk(Selector(one, Blueprint(), Stop(14)))
    for place, skill in enumerate(SKILLS):
        mine = [(i, k) for i, k in zip(state.given, state.categories, strict=True) if one.skills[i] == skill]
        estimate = posterior(one.items.take([i for i, _ in mine]), [k for _, k in mine])
        assert (step.theta[place], step.sd[place]) == (
            pytest.approx(float(estimate.mean)),
            pytest.approx(float(estimate.sd)),
        )


def test_without_chance_the_most_informative_item_comes():
    items = Items.of([ItemParameters(1.0, (0.0,)), ItemParameters(2.0, (0.1,)), ItemParameters(2.0, (2.5,))])
    step = Selector(ItemPool(items, ("s",) * 3, ("s",) * 3), Blueprint(), Stop(3), top=1).next(TestState())
    assert step.item == 1


def test_what_chance_chooses_from_stands_in_one_order_on_every_processor():
    """By information, and equals as they stand in the pool."""
    items = [ItemParameters(1.0 + i % 2, (0.0,)) for i in range(600)]
    selector = Selector(ItemPool(Items.of(items), ("s",) * 600, ("s",) * 600), Blueprint(), Stop(3))
    best = range(591, 600, 2)
    chosen = [selector.next(TestState(seed=seed)).item for seed in range(20)]
    assert chosen == [best[int(uniform(seed, 0) * 5)] for seed in range(20)]


def test_the_same_state_gives_the_same_test_and_another_seed_another():
    selector = Selector(bank(), Blueprint(), Stop(12))
    assert walk(selector, 5)[0] == walk(Selector(bank(), Blueprint(), Stop(12)), 5)[0]
    assert len({walk(selector, seed)[0].given for seed in range(12)}) > 6


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**62), st.integers(4, 24), st.floats(0.2, 0.8))
def test_every_test_follows_the_blueprint(seed, length, share):
    blueprint = Blueprint({"copy": share, "data": 1 - share}, {"copy.0": 2, "copy.1": 1, "copy.2": 1, "data.1": 1})
    one = bank(96)
    state, step = walk(Selector(one, blueprint, Stop(length)), seed)
    subs = [one.subs[i] for i in state.given]
    copy = sum(s.startswith("copy") for s in subs)
    assert len(subs) == length == len(set(state.given)) and step.reason == "length"
    assert abs(copy - share * length) < 1
    assert abs(subs.count("copy.0") - copy / 2) < 1 and abs(subs.count("copy.1") - copy / 4) < 1.01
    assert subs.count("data.1") == min(length - copy, 16)


def test_a_skill_outside_the_blueprint_never_comes():
    one = bank()
    state, _ = walk(Selector(one, Blueprint({"data": 1}), Stop(40)))
    assert {one.skills[i] for i in state.given} == {"data"} and len(state.given) == 24


def test_a_precise_skill_takes_no_more_items():
    n = 60
    items = Items.of([ItemParameters(3.0 if i % 2 else 1.0, (0.0,)) for i in range(n)])
    one = ItemPool(items, tuple(SKILLS[i % 2] for i in range(n)), ("x",) * n)
    state, step = walk(Selector(one, Blueprint(), Stop(50, target_sd=0.5)), answer=lambda i: i // 2 % 2)
    assert step.reason == "precise" and (step.sd <= 0.5).all()
    counts = [sum(one.skills[i] == s for i in state.given) for s in SKILLS]
    assert counts[0] > counts[1] + 3


def test_a_skill_decided_at_its_cut_takes_no_more_items_while_another_is_open():
    one = bank()
    stop = Stop(40, min_items=4, cuts={"copy": 0.6, "data": 9.0})
    state, step = walk(Selector(one, Blueprint(), stop), seed=2, answer=lambda i: i // 2 % 2)
    counts = [sum(one.skills[i] == skill for i in state.given) for skill in SKILLS]
    assert step.reason == "precise" and counts == [19, 3]  # nobody is as far up as 9, and is told so by answers


def test_enemies_never_meet_and_an_empty_bank_ends_the_test():
    one = bank(10, enemies=((0, 2), (2, 4)))
    for seed in range(20):
        state, step = walk(Selector(one, Blueprint(), Stop(10)), seed)
        assert not {0, 2} <= set(state.given) and not {2, 4} <= set(state.given) and step.reason == "empty"
        assert len(state.given) in (8, 9)


def test_a_set_is_sat_together_in_its_order_and_only_where_it_fits():
    sets = tuple("table" if i in (3, 7, 11) else "" for i in range(48))
    begun = 0
    for seed in range(30):
        for length in (2, 8):
            state, _ = walk(Selector(bank(sets=sets), Blueprint(), Stop(length), top=48), seed)
            place = [state.given.index(i) for i in (3, 7, 11) if i in state.given]
            assert place in ([], list(range(place[0], place[0] + 3)) if place else []) and len(state.given) == length
            begun += bool(place) and length == 8
            assert not (place and length == 2)
    assert begun > 3


def test_a_stop_rule_waits_for_the_end_of_a_set():
    items = Items.of([ItemParameters(4.0, (0.0,))] * 4)
    one = ItemPool(items, ("s",) * 4, ("s",) * 4, sets=("t",) * 4)
    state, step = walk(Selector(one, Blueprint(), Stop(4, cut=-1.0)), answer=lambda _: 1)
    assert (len(state.given), step.reason) == (4, "pass")


def test_an_enemy_of_one_item_shuts_out_its_whole_set():
    one = bank(6, sets=("t", "", "t", "", "", ""), enemies=((1, 2),))
    for seed in range(10):
        given = set(walk(Selector(one, Blueprint(), Stop(6)), seed)[0].given)
        assert 1 not in given or not given & {0, 2}


def test_a_test_of_one_cut_aims_at_the_cut():
    items = Items.of([ItemParameters(1.5, (b,)) for b in (-1.0, 0.0, 1.0)])
    assert (
        Selector(ItemPool(items, ("s",) * 3, ("s",) * 3), Blueprint(), Stop(3, cut=1.0), top=1).next(TestState()).item
        == 2
    )


def test_an_answer_not_to_be_counted_leaves_the_estimate_alone():
    selector = Selector(bank(), Blueprint(), Stop(9))
    plain, waiting = selector.next(TestState((4,), (1,))), selector.next(TestState((4, 8), (1, -1)))
    assert (plain.theta == waiting.theta).all() and (plain.sd == waiting.sd).all()


def test_probability_of_one_skill_is_that_of_ability():
    one = bank()
    step = Selector(one, Blueprint({"copy": 1}), Stop(9, cut=0.23)).next(TestState((0, 2, 4), (1, 1, 0)))
    assert step.p_pass == pytest.approx(float(posterior(one.items.take([0, 2, 4]), [1, 1, 0]).above(0.23)), abs=1e-9)


def test_probability_of_several_skills_is_that_of_their_mean():
    stop = Stop(9, cut=0.2)
    step = Selector(bank(), Blueprint(), stop).next(TestState((0, 2, 1), (1, 1, 0)))
    draws = np.random.default_rng(0).normal(step.theta, step.sd, (200_000, 2)).mean(axis=1)
    assert step.p_pass == pytest.approx((draws >= 0.2).mean(), abs=0.005)


def test_nonsense_is_refused_with_its_name():
    with pytest.raises(ValueError, match="2 skills"):
        Selector(ItemPool(Items.of([ItemParameters(1, (0.0,))]), ("s", "s"), ("s",)), Blueprint(), Stop(1))
    with pytest.raises(ValueError, match="no item"):
        Selector(bank(), Blueprint({"singing": 1}), Stop(1))
    two = ItemPool(Items.of([ItemParameters(1, (0.0,)), ItemParameters(1, (0.0, 1.0))]), ("s",) * 2, ("s",) * 2)
    with pytest.raises(ValueError, match=r"\[2\]"):
        Selector(two, Blueprint(), Stop(2)).next(TestState((0,), (2,)))
