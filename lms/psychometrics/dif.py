"""Differential item functioning: is an item harder for one group than for another of the same ability?

answers (N, n): categories, -1 missing; focal (N,): True for the group in question (people who sat in Armenian, say).
People are matched by total score, or by `match` (N,) where the answers are sparse (an ability estimate, in strata for
Mantel-Haenszel). TooFew unless both groups have 50 people, the least that these statistics are worth reading with.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import chdtrc, expit, logit

from lms.psychometrics.analysis import need
from lms.psychometrics.model import TINY, Floats, Ints

LEAST = 50
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class MantelHaenszel:
    """Per item (n,): chi2 and its p; odds: common odds ratio of being right, reference to focal group; delta = -2.35 ln
    odds (negative: harder for the focal group) with its standard error, nan or infinite where a group leaves no choice;
    ets: class by size and significance (Zieky 1993): C |delta| >= 1.5 and significantly above 1, A below 1 or not
    significant, else B. flagged: items significant at alpha; rounds of purification that it took."""

    chi2: Floats
    p: Floats
    odds: Floats
    delta: Floats
    se: Floats
    ets: tuple[str, ...]
    flagged: tuple[int, ...]
    rounds: int


def mantel_haenszel(
    answers: ArrayLike, focal: ArrayLike, correct: bool = True, purify: bool = False, alpha: float = 0.05,
    match: ArrayLike | None = None, most: int = 10,
) -> MantelHaenszel:  # fmt: skip
    """Right/wrong items (Holland & Thayer 1988). correct: continuity; purify: total scores are counted again without
    the flagged items (the studied one stays in) until nothing changes, at most so many rounds."""
    x, group = _checked(answers, focal, match)
    if (x > 1).any():
        raise ValueError(f"item {np.argwhere(x > 1)[0][1]}: more than right and wrong; regression_dif takes it")
    flags, rounds = np.zeros(x.shape[1], bool), 0
    while True:
        counted = [~flags | (np.arange(len(flags)) == i) for i in range(len(flags))]
        rows = [_item(x[:, i], group, _matching(x, match, keep), correct) for i, keep in enumerate(counted)]
        value, log_odds, se = np.array(rows).T
        p, before, flags = chdtrc(1, value), flags, chdtrc(1, value) < alpha
        if not purify or match is not None or (flags == before).all() or rounds == most:
            break
        rounds += 1
    delta, error, flagged = -2.35 * log_odds, 2.35 * se, tuple(np.flatnonzero(flags).tolist())
    return MantelHaenszel(value, p, np.exp(log_odds), delta, error, _classes(delta, error, flags), flagged, rounds)


def _item(x: Ints, focal: Flags, match: Floats, correct: bool) -> tuple[float, float, float]:
    """chi2, logarithm of the common odds ratio and its standard error (Phillips & Holland 1987)."""
    stratum = np.unique(match, return_inverse=True)[1]
    tables = np.zeros((2, 2, stratum.max() + 1))
    np.add.at(tables, (focal.astype(int), x, stratum), x >= 0)
    (wrong, right), (focal_wrong, focal_right) = tables[:, :, tables.sum(axis=(0, 1)) > 1]
    n, all_right = right + wrong + focal_right + focal_wrong, right + focal_right
    expected = (right + wrong) * all_right / n
    variance = expected * (focal_right + focal_wrong) * (n - all_right) / (n * (n - 1))
    off = max(abs(float((right - expected).sum())) - 0.5 * correct, 0.0)
    up, down = right * focal_wrong / n, wrong * focal_right / n
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = up.sum() / down.sum()
        mixed = (up + odds * down) * (right + focal_wrong + odds * (wrong + focal_right)) / n
        se = np.sqrt(mixed.sum() / 2) / up.sum()
        return off**2 / max(float(variance.sum()), TINY), float(np.log(odds)), float(se)


def _classes(delta: Floats, se: Floats, flags: Flags) -> tuple[str, ...]:
    size = np.abs(delta)
    large = np.where((size >= 1.5) & ~(size - 1 <= 1.645 * se), "C", "B")
    return tuple(np.where((size >= 1) & flags, large, "A").tolist())


@dataclass(frozen=True)
class RegressionDif:
    """Per item (n,): likelihood-ratio chi2 with df and p; r2: what the group adds to Nagelkerke's R^2; size: A below
    .035, B below .07, else C (Jodoin & Gierl 2001); harder: the group's own effect in logits, positive when harder for
    the focal."""

    chi2: Floats
    df: int
    p: Floats
    r2: Floats
    size: tuple[str, ...]
    harder: Floats


TERMS = {"both": (1, 3), "udif": (1, 2), "nudif": (2, 3)}


def regression_dif(
    answers: ArrayLike, focal: ArrayLike, kind: str = "both", match: ArrayLike | None = None
) -> RegressionDif:
    """Logistic DIF (Swaminathan & Rogers 1990), and for more than two categories the ordinal one (cumulative logits,
    Zumbo 1999): score against score + group ("udif"), + group + score x group ("both"), or the last step ("nudif")."""
    if kind not in TERMS:
        raise ValueError(f"kind must be both, udif or nudif, got {kind!r}")
    x, group = _checked(answers, focal, match)
    total = _matching(x, match, np.ones(x.shape[1], bool))
    score = (total - total.mean()) / max(float(total.std()), 1e-12)
    terms = np.stack([score, group, score * group], axis=1)
    value, r2, harder = np.array([_steps(own[own >= 0], terms[own >= 0], *TERMS[kind]) for own in x.T]).T
    df = TERMS[kind][1] - TERMS[kind][0]
    size = np.array(["A", "B", "C"])[np.searchsorted([0.035, 0.07], r2, side="right")]
    return RegressionDif(value, df, chdtrc(df, value), r2, tuple(size.tolist()), harder)


def _steps(x: Ints, terms: Floats, small: int, large: int) -> tuple[float, float, float]:
    """chi2 of the terms between small and large, their share of Nagelkerke's R^2, the group's effect against being
    right."""
    y = np.unique(x, return_inverse=True)[1]
    (low, _), (high, effects) = (_cumulative_logit(terms[:, :k], y) for k in (small, large))
    n, shares = len(y), np.bincount(y) / len(y)
    empty = n * float(shares @ np.log(shares))
    r2 = (np.exp(2 * (empty - low) / n) - np.exp(2 * (empty - high) / n)) / max(-np.expm1(2 * empty / n), 1e-12)
    return max(2 * (high - low), 0.0), float(r2), -float(effects[1])


def _cumulative_logit(terms: Floats, y: Ints) -> tuple[float, Floats]:
    """Greatest log-likelihood of logit P(y >= k) = terms . effects - threshold_k, and the effects; two categories make
    it the logistic regression."""
    levels, p = int(y.max()), terms.shape[1]
    if levels == 0:
        return 0.0, np.zeros(max(p, 2))

    def loss(v: Floats) -> float:
        bounds = np.concatenate([[-np.inf], np.sort(v[p:]), [np.inf]])
        upper, lower = (expit(terms @ v[:p] - bounds[y + k]) for k in (0, 1))
        return -float(np.log(np.maximum(upper - lower, 1e-12)).mean())

    above = np.array([(y >= k).mean() for k in range(1, levels + 1)])
    best = minimize(loss, np.concatenate([np.zeros(p), -logit(above)]), method="BFGS", options={"gtol": 1e-7})
    return -float(best.fun) * len(y), np.append(best.x[:p], 0.0)[: max(p, 2)]


def _checked(answers: ArrayLike, focal: ArrayLike, match: ArrayLike | None) -> tuple[Ints, Flags]:
    x, group = np.asarray(answers, np.int64), np.asarray(focal, bool)
    need(int(min(group.sum(), (~group).sum())), LEAST, "people in the smaller group")
    if match is None and (x < 0).any():
        person, item = np.argwhere(x < 0)[0]
        raise ValueError(f"person {person}, item {item}: no answer; match people by an ability, not by the total score")
    return x, group


def _matching(x: Ints, match: ArrayLike | None, counted: Flags) -> Floats:
    return np.asarray(x[:, counted].sum(axis=1) if match is None else match, float)
