"""A difference between groups comes with an interval that holds it, and with the power to have found it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lms.psychometrics.arrays import Flags, Ints
from lms.psychometrics.group_difference import LEAST, group_differences
from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.model import category_probs

ITEMS = Items.of(
    [ItemParameters(1.0, (b,), 0.25) if place % 2 else ItemParameters(1.0, (b - 0.7, b + 0.7))
     for place, b in enumerate(np.linspace(-1.5, 1.5, 10).tolist())]
)  # fmt: skip


def crowd(n: int, harder: float, impact: float, seed: int, first: int = 1) -> tuple[Ints, Flags]:
    """n people a group; the first items are `harder` for the focal group, whose ability is lower by `impact`."""
    rng = np.random.default_rng(seed)
    moved = replace(ITEMS, b=ITEMS.b + (np.arange(len(ITEMS)) < first)[:, None] * harder)
    drawn = []
    for items, mean in ((ITEMS, 0.0), (moved, -impact)):
        probs = category_probs(items, rng.normal(mean, 1, n))
        drawn.append((rng.random(probs.shape[:2])[:, :, None] > probs.cumsum(axis=2)).sum(axis=2))
    answers = np.minimum(np.vstack(drawn), ITEMS.m)
    return answers, np.repeat(np.arange(2 * n)[:, None] >= n, len(ITEMS), axis=1)


@pytest.mark.parametrize("harder", [0.0, 1.0])
def test_the_interval_holds_the_difference_and_ability_is_not_taken_for_it(harder: float) -> None:
    found = [group_differences(ITEMS, *crowd(80, harder, 0.8, seed))[0] for seed in range(8)]
    seen = [each for each in found if each]
    held = [each.low <= harder <= each.high for each in seen]
    assert len(seen) == 8 and sum(held) >= 6
    assert abs(np.mean([each.harder for each in seen]) - harder) < 0.3
    shown = np.mean([each.low > 0 or each.high < 0 for each in seen])
    assert shown == pytest.approx(np.mean([each.power(harder) for each in seen]), abs=0.4)


def test_items_that_differ_do_not_match_people() -> None:
    runs = [group_differences(ITEMS, *crowd(500, 1.0, 0.5, seed, first=2)) for seed in range(6)]
    harder = np.mean([[each.harder for each in run if each] for run in runs], axis=0)
    assert harder[:2].mean() == pytest.approx(1.0, abs=0.12) and harder[2:].mean() == pytest.approx(0, abs=0.12)


def test_turning_the_groups_round_turns_the_sign() -> None:
    answers, focal = crowd(100, 0.6, 0.0, 1)
    here, there = group_differences(ITEMS, answers, focal)[0], group_differences(ITEMS, answers, ~focal)[0]
    assert here and there
    assert (here.harder, here.se) == (pytest.approx(-there.harder), pytest.approx(there.se))


def test_too_few_answers_in_a_group_say_nothing() -> None:
    answers, focal = crowd(LEAST, 3.0, 0.0, 2)
    whole = group_differences(ITEMS, answers, focal)
    assert all(whole) and whole[0].power(0.3) < whole[0].power(1.0) < 0.8
    answers[0, 0] = -1
    assert [found is None for found in group_differences(ITEMS, answers, focal)] == [True] + [False] * 9
