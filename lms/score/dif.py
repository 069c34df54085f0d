"""Differential item functioning: is an item harder for one group than for another of the same ability?

answers (N, n): categories, -1 missing; focal (N,): True for the group in question (people who sat in Armenian, say).
People are matched by total score, or by `match` (N,) where the answers are sparse (an ability estimate, in strata for
Mantel-Haenszel). TooFew unless both groups have 50 people, the least that these statistics are worth reading with.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit
from scipy.stats import chi2

from lms.score.analysis import need
from lms.score.model import Floats, Ints

LEAST = 50
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class MantelHaenszel:
    """odds: common odds ratio of being right, reference to focal group; delta = -2.35 ln odds (negative: harder for the
    focal group) with its standard error; ets: class by size and significance (Zieky 1993): C |delta| >= 1.5 and
    significantly above 1, A below 1 or not significant, else B."""

    chi2: float
    p: float
    odds: float
    delta: float
    se: float
    ets: str


@dataclass(frozen=True)
class Screening:
    """A row per item, the items flagged at alpha, and the rounds of purification that it took."""

    items: tuple[MantelHaenszel, ...]
    flagged: tuple[int, ...]
    rounds: int


def mantel_haenszel(
    answers: ArrayLike, focal: ArrayLike, correct: bool = True, purify: bool = False, alpha: float = 0.05,
    match: ArrayLike | None = None, rounds: int = 10,
) -> Screening:  # fmt: skip
    """Right/wrong items (Holland & Thayer 1988). correct: continuity; purify: total scores are counted again without
    the flagged items (the studied one stays in) until nothing changes."""
    x, group = _checked(answers, focal, match)
    flagged: set[int] = set()
    done = 0
    while True:
        keep = set(range(x.shape[1])) - flagged
        rows = tuple(_item(x[:, i], group, _matching(x, match, keep | {i}), correct, alpha) for i in range(x.shape[1]))
        before, flagged = flagged, {i for i, row in enumerate(rows) if row.p < alpha}
        if not purify or match is not None or flagged == before or done == rounds:
            break
        done += 1
    return Screening(rows, tuple(sorted(flagged)), done)


def _item(x: Ints, focal: Flags, match: Floats, correct: bool, alpha: float) -> MantelHaenszel:
    stratum = np.unique(match, return_inverse=True)[1]
    tables = np.zeros((2, 2, stratum.max() + 1))
    np.add.at(tables, (focal.astype(int), x, stratum), x >= 0)
    (wrong, right), (focal_wrong, focal_right) = tables[:, :, tables.sum(axis=(0, 1)) > 1]
    n = right + wrong + focal_right + focal_wrong
    all_right = right + focal_right
    expected = (right + wrong) * all_right / n
    variance = expected * (focal_right + focal_wrong) * (n - all_right) / (n * (n - 1))
    off = max(abs(float((right - expected).sum())) - 0.5 * correct, 0.0)
    value = off**2 / max(float(variance.sum()), 1e-300)
    up, down = right * focal_wrong / n, wrong * focal_right / n
    odds = float(up.sum()) / max(float(down.sum()), 1e-300)
    mixed = (right * focal_wrong + odds * wrong * focal_right) * (right + focal_wrong + odds * (wrong + focal_right))
    se = 2.35 * float(np.sqrt((mixed / n**2).sum() / 2)) / max(float(up.sum()), 1e-300)
    delta, p = -2.35 * float(np.log(max(odds, 1e-300))), float(chi2.sf(value, 1))
    size = "C" if abs(delta) >= 1.5 and abs(delta) - 1 > 1.645 * se else "B"
    return MantelHaenszel(value, p, odds, delta, se, size if abs(delta) >= 1 and p < alpha else "A")


@dataclass(frozen=True)
class RegressionDif:
    """Likelihood-ratio chi2 with df and p; r2: what the group adds to Nagelkerke's R^2; size: A below .035, B below
    .07, else C (Jodoin & Gierl 2001); harder: the group's own effect in logits, positive when harder for the focal."""

    chi2: float
    df: int
    p: float
    r2: float
    size: str
    harder: float


def regression_dif(
    answers: ArrayLike, focal: ArrayLike, kind: str = "both", match: ArrayLike | None = None
) -> tuple[RegressionDif, ...]:
    """Logistic DIF (Swaminathan & Rogers 1990), and for more than two categories the ordinal one (cumulative logits,
    Zumbo 1999): score against score + group ("udif"), + group + score x group ("both"), or the last step ("nudif")."""
    if kind not in ("both", "udif", "nudif"):
        raise ValueError(f"kind must be both, udif or nudif, got {kind!r}")
    x, group = _checked(answers, focal, match)
    total = _matching(x, match, set(range(x.shape[1])))
    score = (total - total.mean()) / max(float(total.std()), 1e-12)
    return tuple(_regression(x[:, i], score, group.astype(float), kind) for i in range(x.shape[1]))


def _regression(x: Ints, score: Floats, group: Floats, kind: str) -> RegressionDif:
    seen = x >= 0
    terms = np.stack([score, group, score * group], axis=1)[seen]
    y = np.unique(x[seen], return_inverse=True)[1]
    small, large = {"both": (1, 3), "udif": (1, 2), "nudif": (2, 3)}[kind]
    (low, _), (high, effects) = (_cumulative_logit(terms[:, :k], y) for k in (small, large))
    value, df, n = max(2 * (high - low), 0.0), large - small, len(y)
    shares = np.bincount(y) / n
    empty = n * float(shares @ np.log(shares))
    r2 = (np.exp(2 * (empty - low) / n) - np.exp(2 * (empty - high) / n)) / max(-np.expm1(2 * empty / n), 1e-12)
    size = "A" if r2 < 0.035 else "B" if r2 < 0.07 else "C"
    return RegressionDif(value, df, float(chi2.sf(value, df)), float(r2), size, -float(effects[1]))


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
        raise ValueError("answers are missing: match people by an ability estimate instead of the total score")
    return x, group


def _matching(x: Ints, match: ArrayLike | None, counted: set[int]) -> Floats:
    return np.asarray(x[:, sorted(counted)].sum(axis=1) if match is None else match, float)
