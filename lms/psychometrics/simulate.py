"""What a pool, a blueprint and a stop rule will do, before anybody sits the test."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike

from lms.psychometrics.arrays import Floats
from lms.psychometrics.items import Items
from lms.psychometrics.model import derivatives
from lms.psychometrics.select import Selection, Selector, TestState

NORMAL_95 = 1.959964  # half width of a 95 % interval in deviations


@dataclass(frozen=True)
class Decisions:
    """decided: share of tests. false_pass, false_fail: shares of the decided. accuracy: of all, the undecided taken at
    P >= .5. All nan without a cut."""

    decided: float
    false_pass: float
    false_fail: float
    accuracy: float


@dataclass(frozen=True)
class Prediction(Decisions):
    """Of simulated tests. length: items, on average. bias, rmse, coverage (S,): error of theta per skill and share of
    95 % intervals that hold the truth. exposure (n,): share of tests with each item. reasons: shares of ends."""

    length: float
    bias: Floats
    rmse: Floats
    coverage: Floats
    exposure: Floats
    reasons: Mapping[str, float]


def simulate(
    selector: Selector,
    rng: Generator,
    persons: int = 500,
    theta: ArrayLike | None = None,
) -> Prediction:
    """Simulate tests of people drawn from N(0, 1) per skill, or of those given as theta (persons, S)."""
    if theta is None:
        theta = rng.standard_normal((persons, len(selector.skills)))
    truth = np.asarray(theta, float)
    tests = [sit(selector, person, rng, int(rng.integers(1 << 62))) for person in truth]
    return _prediction(selector, truth, tests)


def sit(
    selector: Selector,
    theta: ArrayLike,
    rng: Generator,
    seed: int,
    known: tuple[tuple[float, float], ...] = (),
) -> tuple[TestState, Selection]:
    """One test of a person with abilities theta (S,), and how it ended; known: as in TestState. True difficulties are
    drawn around the pool's by their sd_b."""
    return run(selector, _answers(selector, np.asarray(theta, float), rng), seed, known)


def run(
    selector: Selector,
    answers: Sequence[int],
    seed: int,
    known: tuple[tuple[float, float], ...] = (),
) -> tuple[TestState, Selection]:
    """One test of a person who would answer the pool's items (n,) like this, and how it ended."""
    state = TestState(seed=seed, known=known)
    while (selection := selector.next(state)).item is not None:
        given = (*state.given, selection.item)
        categories = (*state.categories, answers[selection.item])
        state = replace(state, given=given, categories=categories)
    return state, selection


def exposure_parameters(
    selector: Selector,
    most: float,
    rng: Generator,
    persons: int = 400,
    rounds: int = 6,
) -> tuple[float, ...]:
    """Sympson-Hetter parameters (n,) for ItemPool.exposure, that hold every item near a share `most` of all tests: from
    simulated tests, over and over, most / (share of tests that would have selected the item)."""
    admitted = np.ones(len(selector.pool.items))
    for _ in range(rounds):
        pool = replace(selector.pool, exposure=tuple(admitted.tolist()))
        given = simulate(replace(selector, pool=pool), rng, persons).exposure
        selected = np.maximum(given / admitted, 1e-9)
        admitted = np.minimum(1.0, most / selected)
    return tuple(admitted.tolist())


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


def _prediction(
    selector: Selector,
    truth: Floats,
    tests: Sequence[tuple[TestState, Selection]],
) -> Prediction:
    ends = [end for _, end in tests]
    given = [item for state, _ in tests for item in state.given]
    error = np.array([end.theta for end in ends]) - truth
    held = np.abs(error) <= NORMAL_95 * np.array([end.sd for end in ends])
    reasons = Counter(end.reason for end in ends)
    decisions = _decisions(selector, truth, ends)
    return Prediction(
        **vars(decisions),
        length=len(given) / len(ends),
        bias=error.mean(axis=0),
        rmse=np.sqrt((error**2).mean(axis=0)),
        coverage=held.mean(axis=0),
        exposure=np.bincount(given, minlength=len(selector.pool.items)) / len(ends),
        reasons={reason: count / len(ends) for reason, count in reasons.items()},
    )


def _decisions(
    selector: Selector,
    truth: Floats,
    ends: Sequence[Selection],
) -> Decisions:
    if selector.stop.cut is None:
        return Decisions(np.nan, np.nan, np.nan, np.nan)
    able = truth @ selector.weights >= selector.stop.cut
    passed = np.array([end.reason == "pass" for end in ends])
    failed = np.array([end.reason == "fail" for end in ends])
    decided = passed | failed
    likely = np.array([end.p_pass for end in ends]) >= 0.5
    right = np.where(decided, passed, likely) == able
    count = max(int(decided.sum()), 1)
    return Decisions(
        decided=float(decided.mean()),
        false_pass=float((passed & ~able).sum() / count),
        false_fail=float((failed & able).sum() / count),
        accuracy=float(right.mean()),
    )
