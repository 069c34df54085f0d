"""Logistic DIF (Swaminathan & Rogers 1990), and for more than two categories the ordinal one (cumulative logits, Zumbo
1999)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lms.psychometrics.arrays import Floats, Ints
from lms.psychometrics.special import logistic
from tests.score.dif_groups import checked_groups, chi_squared_tail, matching_scores

STEPS = {
    "both": (1, 3),
    "udif": (1, 2),
    "nudif": (2, 3),
}  # how many terms before and after
MODERATE = 0.035  # change of R^2 of class B (Jodoin & Gierl 2001)
LARGE = 0.07  # and of class C
LEAST_PROBABILITY = 1e-12
MOST_STEPS = 100
TINY = 1e-13


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
        p=chi_squared_tail(large - small, chi2),
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
    reached = np.array([(y >= level).mean() for level in range(1, levels + 1)])
    start = np.concatenate([np.zeros(count), np.log(1 - reached) - np.log(reached)])
    numbers, height = _highest(start, terms, y)
    return height * len(y), np.append(numbers[:count], 0.0)[: max(count, 2)]


def _highest(numbers: Floats, terms: Floats, y: Ints) -> tuple[Floats, float]:
    """Newton's steps up the mean log-likelihood, which is concave (Pratt 1981), halved where they lose height."""
    height, gradient, information = _mean_log_likelihood(numbers, terms, y)
    for _ in range(MOST_STEPS):
        ridge = TINY * np.eye(len(numbers))  # where groups do not overlap there is no top: the steps shall stay finite
        step = np.linalg.solve(information + ridge, gradient)
        there = _mean_log_likelihood(numbers + step, terms, y)
        while there[0] < height and np.abs(step).max() > TINY:
            step /= 2
            there = _mean_log_likelihood(numbers + step, terms, y)
        if there[0] - height < TINY:
            break
        numbers, (height, gradient, information) = numbers + step, there
    return numbers, height


def _mean_log_likelihood(numbers: Floats, terms: Floats, y: Ints) -> tuple[float, Floats, Floats]:
    """At effects and thresholds, one behind the other: the mean log-likelihood, its gradient and minus its Hessian."""
    count = terms.shape[1]
    thresholds = np.concatenate([[-np.inf], numbers[count:], [np.inf]])
    line = terms @ numbers[:count]
    at_least, above = logistic(line - thresholds[y]), logistic(line - thresholds[y + 1])
    probs = np.maximum(at_least - above, LEAST_PROBABILITY)
    rise, fall = at_least * (1 - at_least) / probs, above * (1 - above) / probs
    features = [_features(terms, y + shift, len(numbers)) for shift in (0, 1)]
    slopes = rise[:, None] * features[0] - fall[:, None] * features[1]
    bends = rise * (1 - 2 * at_least), fall * (1 - 2 * above)
    curved = [part.T @ (bend[:, None] * part) for part, bend in zip(features, bends, strict=True)]
    hessian = curved[0] - curved[1] - slopes.T @ slopes
    return float(np.log(probs).mean()), slopes.mean(axis=0), -hessian / len(y)


def _features(terms: Floats, level: Ints, width: int) -> Floats:
    """How the line above the threshold of each person's level moves with every number, (N, width)."""
    made = np.zeros((len(terms), width))
    made[:, : terms.shape[1]] = terms
    inside = (level > 0) & (level <= width - terms.shape[1])
    made[inside, terms.shape[1] + level[inside] - 1] = -1.0
    return made
