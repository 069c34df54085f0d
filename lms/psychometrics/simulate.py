"""What a bank, a blueprint and a stop rule will do, before anybody sits the test."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike

from lms.psychometrics.model import Floats, derivatives
from lms.psychometrics.select import Selector, State, Step


@dataclass(frozen=True)
class Prediction:
    """Of simulated tests. length: items, on average; bias, rmse, coverage (S,): error of theta per skill and share of
    95 % intervals that hold the truth; exposure (n,): share of tests with each item; reasons: shares of ends. With a
    cut: decided: share of tests; false_pass, false_fail: shares of the decided; accuracy: of all, the undecided taken
    at P >= .5."""

    length: float
    bias: Floats
    rmse: Floats
    coverage: Floats
    exposure: Floats
    reasons: Mapping[str, float]
    decided: float
    false_pass: float
    false_fail: float
    accuracy: float


def sit(selector: Selector, theta: ArrayLike, rng: Generator, seed: int) -> tuple[State, Step]:
    """One test of a person with abilities theta (S,), and how it ended. True difficulties are drawn around the bank's
    by their sd_b."""
    answers = _answers(selector, np.asarray(theta, float), rng)
    state = State(seed=seed)
    while (step := selector.next(state)).item is not None:
        given = (*state.given, step.item)
        state = replace(state, given=given, categories=(*state.categories, answers[step.item]))
    return state, step


def _answers(selector: Selector, theta: Floats, rng: Generator) -> list[int]:
    """What the person would answer to every item of the bank."""
    items = selector.bank.items
    drawn = replace(items, b=items.b + (rng.standard_normal(len(items)) * items.sd_b)[:, None])
    own = np.array([theta[selector.skills.index(s)] if s in selector.skills else 0.0 for s in selector.bank.skills])
    sums = derivatives(drawn, own[None])[0][0].cumsum(axis=1)
    return list(np.minimum((rng.random((len(items), 1)) > sums).sum(axis=1), items.m).tolist())


def simulate(selector: Selector, rng: Generator, persons: int = 500, theta: ArrayLike | None = None) -> Prediction:
    """Simulate tests of people drawn from N(0, 1) per skill, or of those given as theta (persons, S)."""
    truth = rng.standard_normal((persons, len(selector.skills))) if theta is None else np.asarray(theta, float)
    sittings = [sit(selector, row, rng, int(rng.integers(1 << 62))) for row in truth]
    return _summary(selector, truth, sittings)


def _summary(selector: Selector, truth: Floats, sittings: list[tuple[State, Step]]) -> Prediction:
    states, ends = zip(*sittings, strict=True)
    n, given = len(ends), [item for state in states for item in state.given]
    error = np.array([end.theta for end in ends]) - truth
    held = np.abs(error) <= 1.959964 * np.array([end.sd for end in ends])
    return Prediction(
        len(given) / n, error.mean(axis=0), np.sqrt((error**2).mean(axis=0)), held.mean(axis=0),
        np.bincount(given, minlength=len(selector.bank.items)) / n,
        {reason: count / n for reason, count in Counter(end.reason for end in ends).items()},
        *_decisions(selector, truth, ends),
    )  # fmt: skip


def _decisions(selector: Selector, truth: Floats, ends: Sequence[Step]) -> tuple[float, float, float, float]:
    """Share decided, false passes and false fails among them, accuracy over all; nan without a cut."""
    if selector.stop.cut is None:
        return (np.nan,) * 4
    able = truth @ selector.weights >= selector.stop.cut
    passed, failed = (np.array([end.reason == name for end in ends]) for name in ("pass", "fail"))
    decided, likely = passed | failed, np.array([end.p_pass for end in ends]) >= 0.5
    most, right = max(int(decided.sum()), 1), np.where(decided, passed, likely) == able
    wrong = float((passed & ~able).sum() / most), float((failed & able).sum() / most)
    return float(decided.mean()), *wrong, float(right.mean())


def exposure_parameters(
    selector: Selector, most: float, rng: Generator, persons: int = 400, rounds: int = 6
) -> tuple[float, ...]:
    """Sympson-Hetter parameters (n,) for Bank.exposure, that hold every item near a share `most` of all tests: from
    simulated tests, over and over, most / (share of tests that would have selected the item)."""
    admitted = np.ones(len(selector.bank.items))
    for _ in range(rounds):
        held = replace(selector, bank=replace(selector.bank, exposure=tuple(admitted.tolist())))
        given = simulate(held, rng, persons).exposure
        admitted = np.minimum(1.0, most / np.maximum(given / admitted, 1e-9))
    return tuple(admitted.tolist())
