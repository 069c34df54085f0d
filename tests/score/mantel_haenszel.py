"""Mantel-Haenszel DIF of right/wrong items (Holland & Thayer 1988)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lms.psychometrics.arrays import TINY, Flags, Floats, Ints
from tests.score.dif_groups import checked_groups, chi_squared_tail, matching_scores

DELTA = 2.35  # of a logit, on ETS's scale of difficulty
MODERATE = 1.0  # |delta| of class B
LARGE = 1.5  # |delta| of class C
ONE_SIDED = 1.645  # 5 % of a standard normal lie above


@dataclass(frozen=True)
class MantelHaenszel:
    """Per item (n,).

    chi2 and its p. odds: common odds ratio of being right, reference to focal group. delta = -2.35 ln odds (negative:
    harder for the focal group) with its standard error, nan or infinite where a group leaves no choice. ets: class by
    size and significance (Zieky 1993): C |delta| >= 1.5 and significantly above 1, A below 1 or not significant, else
    B. flagged: items significant at alpha. rounds: of purification that it took.
    """

    chi2: Floats
    p: Floats
    odds: Floats
    delta: Floats
    se: Floats
    ets: tuple[str, ...]
    flagged: tuple[int, ...]
    rounds: int


def mantel_haenszel(
    answers: ArrayLike,
    focal: ArrayLike,
    correct: bool = True,
    purify: bool = False,
    alpha: float = 0.05,
    match: ArrayLike | None = None,
    most: int = 10,
) -> MantelHaenszel:
    """answers, focal, match: see dif_groups. correct: continuity. purify: total scores are counted again without the
    flagged items (the studied one stays in) until nothing changes, at most so many rounds."""
    x, group = checked_groups(answers, focal, match)
    _check_right_or_wrong(x)
    flags, rounds = np.zeros(x.shape[1], bool), 0
    chi2, log_odds, se = _all_items(x, group, match, flags, correct)
    before, flags = flags, chi_squared_tail(1, chi2) < alpha
    while purify and match is None and (flags != before).any() and rounds < most:
        rounds += 1
        chi2, log_odds, se = _all_items(x, group, match, flags, correct)
        before, flags = flags, chi_squared_tail(1, chi2) < alpha
    delta = -DELTA * log_odds
    return MantelHaenszel(
        chi2=chi2,
        p=chi_squared_tail(1, chi2),
        odds=np.exp(log_odds),
        delta=delta,
        se=DELTA * se,
        ets=_ets_classes(delta, DELTA * se, flags),
        flagged=tuple(np.flatnonzero(flags).tolist()),
        rounds=rounds,
    )


def _check_right_or_wrong(x: Ints) -> None:
    if (x > 1).any():
        item = np.argwhere(x > 1)[0][1]
        raise ValueError(f"item {item}: more than right and wrong; regression_dif takes it")


def _all_items(
    x: Ints,
    focal: Flags,
    match: ArrayLike | None,
    flags: Flags,
    correct: bool,
) -> tuple[Floats, Floats, Floats]:
    """chi2, log odds and standard errors of all items, (n,) each; scores leave out the other flagged items."""
    positions = np.arange(len(flags))
    rows = []
    for item in positions:
        counted = ~flags | (positions == item)
        scores = matching_scores(x, match, counted)
        rows.append(_one_item(x[:, item], focal, scores, correct))
    chi2, log_odds, se = np.array(rows).T
    return chi2, log_odds, se


def _one_item(
    x: Ints,
    focal: Flags,
    match: Floats,
    correct: bool,
) -> tuple[float, float, float]:
    """chi2, logarithm of the common odds ratio and its standard error (Phillips & Holland 1987)."""
    strata = _strata(x, focal, match)
    return _chi2(strata, correct), *_common_odds(strata)


def _chi2(strata: Floats, correct: bool) -> float:
    """Of the right answers of the reference group against those expected, over all strata."""
    (wrong, right), (focal_wrong, focal_right) = strata
    n, all_right = strata.sum(axis=(0, 1)), right + focal_right
    expected = (right + wrong) * all_right / n
    variance = expected * (focal_right + focal_wrong) * (n - all_right) / (n * (n - 1))
    distance = max(abs(float((right - expected).sum())) - 0.5 * correct, 0.0)
    return distance**2 / max(float(variance.sum()), TINY)


def _common_odds(strata: Floats) -> tuple[float, float]:
    """Logarithm of the common odds ratio and its standard error."""
    (wrong, right), (focal_wrong, focal_right) = strata
    n = strata.sum(axis=(0, 1))
    favours, against = right * focal_wrong / n, wrong * focal_right / n
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = favours.sum() / against.sum()
        pairs = favours + odds * against
        people = right + focal_wrong + odds * (wrong + focal_right)
        se = np.sqrt((pairs * people / n).sum() / 2) / favours.sum()
        return float(np.log(odds)), float(se)


def _strata(
    x: Ints,
    focal: Flags,
    match: Floats,
) -> Floats:
    """People by group, answer and stratum, (2, 2, K), of the strata that hold more than one."""
    stratum = np.unique(match, return_inverse=True)[1]
    counts = np.zeros((2, 2, stratum.max() + 1))
    np.add.at(counts, (focal.astype(int), x, stratum), x >= 0)
    comparable = counts.sum(axis=(0, 1)) > 1
    return np.asarray(counts[:, :, comparable])


def _ets_classes(
    delta: Floats,
    se: Floats,
    flags: Flags,
) -> tuple[str, ...]:
    size = np.abs(delta)
    large = (size >= LARGE) & ~(size - MODERATE <= ONE_SIDED * se)
    larger = np.where(large, "C", "B")
    classes = np.where((size >= MODERATE) & flags, larger, "A")
    return tuple(classes.tolist())
