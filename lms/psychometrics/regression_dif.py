"""Logistic DIF (Swaminathan & Rogers 1990), and for more than two categories the ordinal one (cumulative logits, Zumbo
1999)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import chdtrc, expit, logit

from lms.psychometrics.arrays import Floats, Ints
from lms.psychometrics.dif_groups import checked_groups, matching_scores

STEPS = {
    "both": (1, 3),
    "udif": (1, 2),
    "nudif": (2, 3),
}  # how many terms before and after
MODERATE = 0.035  # change of R^2 of class B (Jodoin & Gierl 2001)
LARGE = 0.07  # and of class C
LEAST_PROBABILITY = 1e-12


@dataclass(frozen=True)
class RegressionDif:
    """Per item (n,).

    Likelihood-ratio chi2 with df and p. r2: what the group adds to Nagelkerke's R^2. size: A below .035, B below .07,
    else C (Jodoin & Gierl 2001). harder: the group's own effect in logits, positive when harder for the focal.
    """

    chi2: Floats
    df: int
    p: Floats
    r2: Floats
    size: tuple[str, ...]
    harder: Floats


def regression_dif(
    answers: ArrayLike,
    focal: ArrayLike,
    kind: str = "both",
    match: ArrayLike | None = None,
) -> RegressionDif:
    """Score against score + group ("udif"), + group + score x group ("both"), or the last step ("nudif"); answers,
    focal, match: see dif_groups. ValueError for another kind."""
    if kind not in STEPS:
        raise ValueError(f"kind must be both, udif or nudif, got {kind!r}")
    small, large = STEPS[kind]
    x, group = checked_groups(answers, focal, match)
    total = matching_scores(x, match, np.ones(x.shape[1], bool))
    spread = max(float(total.std()), 1e-12)
    score = (total - total.mean()) / spread
    terms = np.stack([score, group, score * group], axis=1)
    rows = [_compare(column, terms, small, large) for column in x.T]
    chi2, r2, harder = np.array(rows).T
    size = np.searchsorted([MODERATE, LARGE], r2, side="right")
    return RegressionDif(
        chi2=chi2,
        df=large - small,
        p=chdtrc(large - small, chi2),
        r2=r2,
        size=tuple("ABC"[place] for place in size),
        harder=harder,
    )


def _compare(
    column: Ints,
    terms: Floats,
    small: int,
    large: int,
) -> tuple[float, float, float]:
    """chi2 of the terms between small and large, their share of Nagelkerke's R^2, the group's effect against being
    right; of those who answered."""
    answered = column >= 0
    _, y = np.unique(column[answered], return_inverse=True)
    low, _ = _cumulative_logit(terms[answered, :small], y)
    high, effects = _cumulative_logit(terms[answered, :large], y)
    n = len(y)
    shares = np.bincount(y) / n
    empty = n * float(shares @ np.log(shares))
    unexplained = np.exp(2 * (empty - low) / n)
    gain = unexplained - np.exp(2 * (empty - high) / n)
    greatest = -np.expm1(2 * empty / n)
    r2 = gain / max(greatest, 1e-12)
    chi2 = max(2 * (high - low), 0.0)
    return chi2, float(r2), -float(effects[1])


def _cumulative_logit(terms: Floats, y: Ints) -> tuple[float, Floats]:
    """Greatest log-likelihood of logit P(y >= k) = terms . effects - threshold_k, and the effects (at least two, the
    missing ones 0); two categories make it the logistic regression."""
    levels = int(y.max())
    count = terms.shape[1]
    if levels == 0:
        return 0.0, np.zeros(max(count, 2))
    reached = [(y >= level).mean() for level in range(1, levels + 1)]
    best = minimize(
        _mean_loss,
        x0=np.concatenate([np.zeros(count), -logit(reached)]),
        args=(terms, y),
        method="BFGS",
        options={"gtol": 1e-7},
    )
    effects = np.append(best.x[:count], 0.0)[: max(count, 2)]
    return -float(best.fun) * len(y), effects


def _mean_loss(
    numbers: Floats,
    terms: Floats,
    y: Ints,
) -> float:
    """Minus the mean log-likelihood at effects and thresholds, one behind the other."""
    count = terms.shape[1]
    inner = np.sort(numbers[count:])
    thresholds = np.concatenate([[-np.inf], inner, [np.inf]])
    line = terms @ numbers[:count]
    at_least = expit(line - thresholds[y])
    above = expit(line - thresholds[y + 1])
    probs = np.maximum(at_least - above, LEAST_PROBABILITY)
    return -float(np.log(probs).mean())
