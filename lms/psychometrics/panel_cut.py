"""The cut that a panel of judges sets by modified Angoff, how sure it is, and what each judge's ratings are worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lms.psychometrics.arrays import TINY, Floats
from lms.psychometrics.classical import correlation
from lms.psychometrics.items import Items
from lms.psychometrics.model import expected_scores
from lms.psychometrics.raters import mean_squares
from lms.psychometrics.sample_size import need
from lms.psychometrics.standard_setting import GRID, angoff

STEP = 0.05  # theta to either side of the cut between which the curve's slope is taken


@dataclass(frozen=True)
class Components:
    """Variance components of ratings crossed by judges and items (Brennan & Lockwood 1980), none below 0."""

    judges: float
    items: float
    residual: float

    def error(self, judges: int, items: int) -> float:
        """Standard error of the mean rating over other judges and other items of the same kind."""
        parts = self.judges / judges + self.items / items + self.residual / (judges * items)
        return float(np.sqrt(parts))


@dataclass(frozen=True)
class PanelCut:
    """theta: where the form's expected score is the judges' mean. se: of it between judges, sd of their sums / sqrt(J)
    over the curve's slope; se_general: over other judges and items too. Of each judge (J,): severity, logits above the
    cut; agreement: correlation with the mean of the others; difficulty: correlation with what people at the judge's own
    cut really score; misfit: mean distance from it, shares. At an end of the scale the cut is only known to lie
    beyond."""

    theta: float
    se: float
    se_general: float
    severity: Floats
    agreement: Floats
    difficulty: Floats
    misfit: Floats

    @property
    def at_an_end(self) -> bool:
        return not GRID[0] < self.theta < GRID[-1]


def panel_cut(items: Items, ratings: ArrayLike) -> PanelCut:
    """ratings (J, n): the share of the full score expected of a person just at the level. TooFew below two judges or
    two items; ValueError names a rating that is no share."""
    panel = angoff(items, ratings)
    shares = np.asarray(ratings, float)
    need(len(items), 2, "items")
    theta = cut_of(items, shares.mean(axis=0))
    slope = max(_slope(items, theta), TINY)
    off = shares * items.m - expected_scores(items, np.array([theta]))[0]
    return PanelCut(
        theta=theta,
        se=float((shares @ items.m).std(ddof=1) / np.sqrt(len(shares)) / slope),
        se_general=components(off).error(*off.shape) * len(items) / slope,
        severity=panel.judges - theta,
        agreement=panel.agreement,
        difficulty=_difficulty(items, shares, panel.judges),
        misfit=panel.misfit,
    )


def cut_of(items: Items, shares: Floats) -> float:
    """Theta at which the form's expected score is that of the shares (n,)."""
    return float(np.interp(shares @ items.m, expected_scores(items, GRID).sum(axis=1), GRID))


def components(ratings: ArrayLike) -> Components:
    """From a table (J judges, n items) without gaps, by its mean squares."""
    x = np.asarray(ratings, float).T
    n, judges = x.shape
    of_items, _, of_judges, error = mean_squares(x)
    return Components(max((of_judges - error) / n, 0.0), max((of_items - error) / judges, 0.0), error)


def _slope(items: Items, theta: float) -> float:
    """Of the expected score, by a logit."""
    low, high = expected_scores(items, np.array([theta - STEP, theta + STEP])).sum(axis=1)
    return float((high - low) / (2 * STEP))


def _difficulty(items: Items, shares: Floats, cuts: Floats) -> Floats:
    curves = expected_scores(items, cuts) / items.m
    return np.array([correlation(judge, curve) for judge, curve in zip(shares, curves, strict=True)])
