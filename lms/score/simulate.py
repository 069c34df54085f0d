"""What a bank, a blueprint and a stop rule will do, before anybody sits the test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike

from lms.score.model import Floats, derivatives
from lms.score.select import Selector, State


@dataclass(frozen=True)
class Prediction:
    """Of simulated tests. length, length_sd: items; bias, rmse, coverage (S,): error of theta per skill and share of
    95 % intervals that hold the truth; exposure (n,): share of tests with each item; overlap: expected share of items
    that two tests have in common; reasons, subs: shares of ends and of items per sub-competency. With a cut: decided:
    share of tests; false_pass, false_fail: shares of the decided; accuracy: of all, the undecided taken at P >= .5."""

    persons: int
    length: float
    length_sd: float
    bias: Floats
    rmse: Floats
    coverage: Floats
    exposure: Floats
    overlap: float
    reasons: Mapping[str, float]
    subs: Mapping[str, float]
    decided: float
    false_pass: float
    false_fail: float
    accuracy: float


@dataclass(frozen=True)
class Sitting:
    """One simulated test: the items given, its outcome and its estimates."""

    given: tuple[int, ...]
    reason: str
    theta: Floats
    sd: Floats
    p_pass: float


def sit(selector: Selector, theta: ArrayLike, rng: Generator, seed: int) -> Sitting:
    """One test of a person with abilities theta (S,). True difficulties are drawn around the bank's by their sd_b."""
    answers = _answers(selector, np.asarray(theta, float), rng)
    state = State(seed=seed)
    while (step := selector.next(state)).item is not None:
        given = (*state.given, step.item)
        state = replace(state, given=given, categories=(*state.categories, answers[step.item]))
    return Sitting(state.given, step.reason, step.theta, step.sd, step.p_pass)


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


def _summary(selector: Selector, truth: Floats, sittings: list[Sitting]) -> Prediction:
    n, lengths = len(sittings), np.array([len(s.given) for s in sittings])
    given = [i for s in sittings for i in s.given]
    exposure = np.bincount(given, minlength=len(selector.bank.items)) / n
    error = np.array([s.theta for s in sittings]) - truth
    held = np.abs(error) <= 1.959964 * np.array([s.sd for s in sittings])
    subs = Counter(selector.bank.subs[i] for i in given)
    return Prediction(
        n, float(lengths.mean()), float(lengths.std()),
        error.mean(axis=0), np.sqrt((error**2).mean(axis=0)), held.mean(axis=0),
        exposure, float((exposure**2).sum() / exposure.sum()),
        {reason: count / n for reason, count in Counter(s.reason for s in sittings).items()},
        {sub: count / len(given) for sub, count in subs.items()},
        *_decisions(selector, truth, sittings),
    )  # fmt: skip


def _decisions(selector: Selector, truth: Floats, sittings: list[Sitting]) -> tuple[float, float, float, float]:
    """Share decided, false passes and false fails among them, accuracy over all; nan without a cut."""
    if selector.stop.cut is None:
        return (np.nan,) * 4
    able = truth @ selector.weights >= selector.stop.cut
    passed = np.array([s.reason == "pass" for s in sittings])
    decided = passed | np.array([s.reason == "fail" for s in sittings])
    told = np.where(decided, passed, np.array([s.p_pass for s in sittings]) >= 0.5)
    most = max(int(decided.sum()), 1)
    return (
        float(decided.mean()), float((passed & ~able).sum() / most), float((decided & ~passed & able).sum() / most),
        float((told == able).mean()),
    )  # fmt: skip


def exposure_parameters(
    selector: Selector, most: float, rng: Generator, persons: int = 400, rounds: int = 6
) -> tuple[float, ...]:
    """Sympson-Hetter parameters (n,) for Bank.exposure, that hold every item near a share `most` of all tests: from
    simulated tests, over and over, most / (share of tests that would have selected the item)."""
    admitted = np.ones(len(selector.bank.items))
    for _ in range(rounds):
        given = simulate(selector.with_exposure(tuple(admitted)), rng, persons).exposure
        admitted = np.minimum(1.0, most / np.maximum(given / admitted, 1e-9))
    return tuple(admitted.tolist())
