"""Whoever answers without knowing anything is said to be at no level."""

from __future__ import annotations

import random

import numpy as np
from flask import Flask

from lms import evidence, publishing
from lms.content import Item, questions
from lms.learn.simulation import PublishedWorld
from lms.learn.specifications import PLACEMENT
from lms.learn.strategies import COPIED, STRATEGIES, _known, _mark, reached
from lms.learn.strategy_figures import Stranger, _above_nothing


def one_of_each_type() -> list[Item]:
    return list({item.type: item for _, item in publishing.items(PLACEMENT.pool)}.values())


def test_every_strategy_fills_in_every_type_of_question(context: Flask) -> None:
    rng, reference = random.Random(1), publishing.reference()
    for item in one_of_each_type():
        luck = questions.item_scale(item).luck
        sat = [reached(item, strategy, reference, rng) for strategy in STRATEGIES]
        assert all(0 <= category < len(luck) for category in sat), item.id


def test_the_copied_sheet_is_one_of_somebody_who_knows(context: Flask) -> None:
    """Full marks on the sheet that it was written for; seldom on another one, where things lie elsewhere."""
    rng, reference, other = random.Random(1), publishing.reference(), []
    for item in (it for it in one_of_each_type() if it.type in ("single", "judgement", "multiple")):
        instance = questions.new_instance(item, rng.getrandbits(32), reference)
        assert _mark(item, instance, _known(item, instance, "hy", rng))[1] == 1, item.id
        other += [reached(item, COPIED, reference, rng) for _ in range(15)]
    assert np.mean(other) < 0.5


def test_a_guesser_is_said_to_be_at_no_level_after_the_first_round(context: Flask) -> None:
    """By the rule of `precision.earned`; without it one skill in fifteen would be "at least level 1"."""
    world, rng = PublishedWorld(evidence.rules()), np.random.default_rng(4)
    guesser = Stranger(world, "by chance", rng)
    said = [pair for _ in range(16) for pair in _above_nothing(world, guesser.sitting(PLACEMENT), tuple(world.skills))]
    assert np.mean(said, axis=0).max() <= 0.01
