"""Cut scores and starting difficulties from experts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lms.psychometrics.arrays import Floats
from lms.psychometrics.classical import correlation
from lms.psychometrics.items import Items
from lms.psychometrics.model import expected_scores
from lms.psychometrics.sample_size import need

GRID = np.linspace(-6, 6, 1201)


@dataclass(frozen=True)
class JudgedCut:
    """A cut from J judges.

    theta and its standard error sd / sqrt(J). judges (J,): the cut of each. agreement (J,): correlation of a judge's
    ratings with the mean of the others'. misfit (J,): mean distance of the ratings from what people at the judge's own
    cut really score. High misfit: the judge contradicts the data.
    """

    theta: float
    se: float
    judges: Floats
    agreement: Floats
    misfit: Floats


def angoff(items: Items, ratings: ArrayLike) -> JudgedCut:
    """Modified Angoff: ratings (J, n), the share of the full score expected of a person just at the level.

    A judge's theta is where the form's expected score equals the sum of the ratings. TooFew below two judges;
    ValueError names a rating that is no share.
    """
    shares = _checked_shares(items, ratings)
    curves = expected_scores(items, GRID) / items.m
    judges = np.interp(shares @ items.m, curves @ items.m, GRID)
    nearest = np.abs(GRID - judges[:, None]).argmin(axis=1)
    theta, se = _mean(judges)
    return JudgedCut(
        theta=theta,
        se=se,
        judges=judges,
        agreement=_agreement(shares),
        misfit=np.abs(shares - curves[nearest]).mean(axis=1),
    )


def _checked_shares(items: Items, ratings: ArrayLike) -> Floats:
    shares = np.asarray(ratings, float)
    need(len(shares), 2, "judges")
    if shares.shape[1] != len(items):
        raise ValueError(f"ratings must be shares of {len(items)} items, got shape {shares.shape}")
    wrong = ~((shares >= 0) & (shares <= 1))
    if wrong.any():
        judge, item = np.argwhere(wrong)[0]
        raise ValueError(f"judge {judge}, item {items.names[item]}: {shares[judge, item]} is no share 0..1")
    return shares


def _agreement(shares: Floats) -> Floats:
    """Correlation of every judge with the mean of the others, (J,)."""
    others = (shares.sum(axis=0) - shares) / (len(shares) - 1)
    pairs = zip(shares, others, strict=True)
    return np.array([correlation(judge, rest) for judge, rest in pairs])


def _mean(values: Floats) -> tuple[float, float]:
    """And its standard error."""
    error = values.std(ddof=1) / np.sqrt(len(values))
    return float(values.mean()), float(error)
