"""Tests of simulated people: what they answer, and how a test that chooses by the answers goes with them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike

from lms.psychometrics.arrays import Floats
from lms.psychometrics.items import Items
from lms.psychometrics.model import derivatives
from lms.psychometrics.select import Selection, Selector, TestState


def sit(
    selector: Selector,
    theta: ArrayLike,
    rng: Generator,
    seed: int,
    priors: tuple[tuple[float, float], ...] = (),
) -> tuple[TestState, Selection]:
    """One test of a person with abilities theta (S,), and how it ended; priors: as in TestState. True difficulties are
    drawn around the pool's by their sd_b."""
    return run(selector, _answers(selector, np.asarray(theta, float), rng), seed, priors)


def run(
    selector: Selector,
    answers: Sequence[int],
    seed: int,
    priors: tuple[tuple[float, float], ...] = (),
) -> tuple[TestState, Selection]:
    """One test of a person who would answer the pool's items (n,) like this, and how it ended."""
    state = TestState(seed=seed, priors=priors)
    while (selection := selector.next(state)).item is not None:
        administered = (*state.given, selection.item)
        categories = (*state.categories, answers[selection.item])
        state = replace(state, given=administered, categories=categories)
    return state, selection


def _answers(
    selector: Selector,
    theta: Floats,
    rng: Generator,
) -> list[int]:
    """What the person would answer to every item of the pool."""
    ability = dict(zip(selector.skills, theta.tolist(), strict=True))
    per_item = np.array([ability.get(skill, 0.0) for skill in selector.pool.skills])
    shared = shared_effects(selector.pool.testlets(), selector.testlet_sd, rng)
    return draw_answers(selector.pool.items, per_item + shared, rng)


def shared_effects(testlets: Sequence[str], sd: float, rng: Generator) -> Floats:
    """What this person has for each testlet beside ability, (n,); 0 for "", and nothing is drawn without any."""
    names = dict.fromkeys(filter(None, testlets))
    if not sd or not names:
        return np.zeros(len(testlets))
    drawn = dict(zip(names, sd * rng.standard_normal(len(names)), strict=True))
    return np.array([drawn.get(name, 0.0) for name in testlets])


def draw_answers(items: Items, theta: Floats, rng: Generator) -> list[int]:
    """Categories (n,) that a person of ability theta (n,), one for each item, reaches; true difficulties are drawn
    around the items' by their sd_b."""
    shift = rng.standard_normal(len(items)) * items.sd_b
    drawn = replace(items, b=items.b + shift[:, None])
    probs, _ = derivatives(drawn, theta[None])
    above = rng.random((len(items), 1)) > probs[0].cumsum(axis=1)
    return list(np.minimum(above.sum(axis=1), items.m).tolist())
