"""Make two forms or two calibrations comparable through the items that they share."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import least_squares

from lms.score.model import Floats, Items, category_probs


@dataclass(frozen=True)
class Link:
    """theta on the base scale = slope * theta + shift; misfit: weighted root mean square difference, in score points
    of an item, that is left between the curves of the common items."""

    slope: float
    shift: float
    misfit: float

    def items(self, items: Items) -> Items:
        """The same items on the base scale."""
        return _moved(items, self.slope, self.shift)


def link(base: Items, other: Items) -> Link:
    """Scale transformation from `other` to `base`, two calibrations of the same items in the same order: every item's
    expected score brought together (Haebara 1980), standard normal weights, started by mean and sigma.
    ValueError when there are fewer than two common thresholds, or the categories differ."""
    if base.b.shape != other.b.shape or np.any(base.m != other.m) or base.m.sum() < 2:
        raise ValueError("linking needs the same items on both scales, with at least two thresholds in all")
    points = np.linspace(-4, 4, 41)
    weight = np.exp(-0.25 * points**2)[:, None]
    target = _expected(base, points)

    def differences(x: Floats) -> Floats:
        return np.asarray(weight * (_expected(_moved(other, np.exp(x[0]), x[1]), points) - target)).ravel()

    slope = max(float(np.nanstd(base.b)), 1e-3) / max(float(np.nanstd(other.b)), 1e-3)
    found = least_squares(differences, [np.log(slope), np.nanmean(base.b) - slope * np.nanmean(other.b)], xtol=1e-12)
    misfit = np.sqrt(2 * found.cost / ((weight**2).sum() * len(base)))
    return Link(float(np.exp(found.x[0])), float(found.x[1]), float(misfit))


def equated_scores(form: Items, onto: Items) -> Floats:
    """Score on form `onto` (max_form + 1,) worth as much as each summed score 0..max of `form`, both on one scale: the
    true scores of the same theta; straight lines below the level of chance and at the top (Kolen & Brennan 2014)."""
    points = np.linspace(-12, 12, 2401)
    true, worth = (np.concatenate([[0.0], _expected(x, points).sum(axis=1), [float(x.m.sum())]]) for x in (form, onto))
    return np.asarray(np.interp(np.arange(float(form.m.sum()) + 1), true, worth))


def _expected(items: Items, points: Floats) -> Floats:
    """Expected score of every item, (T, n)."""
    probs = category_probs(items, points)
    return np.asarray(probs @ np.arange(probs.shape[2]))


def _moved(items: Items, slope: float, shift: float) -> Items:
    return replace(items, a=items.a / slope, b=items.b * slope + shift, sd_b=items.sd_b * slope)
