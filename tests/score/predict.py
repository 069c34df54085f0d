"""What a pool, a blueprint and a stop rule will do, before anybody sits the test."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike

from lms.psychometrics.arrays import Floats
from lms.psychometrics.select import Selection, Selector, TestState
from lms.psychometrics.simulate import sit

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
    able = truth.mean(axis=1) >= selector.stop.cut
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
