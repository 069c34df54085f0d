"""What the answers of a running test say of every skill, from tables made once.

Each skill rests on its own answers and on what was known of it before; of a set, answers count for what they tell
together. `select` asks it after every answer, so all that does not depend on the answers is prepared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lms.psychometrics.ability import above_cut
from lms.psychometrics.arrays import TINY, Floats
from lms.psychometrics.item_pool import ItemPool
from lms.psychometrics.selector_tables import Areas, Indices, MeasurementTables
from lms.psychometrics.special import normal_cdf
from lms.psychometrics.stop import Stop
from lms.psychometrics.testlets import ALONE, mean_information, powers_of_testlets

IMPOSSIBLE = 0.9 * np.log(TINY)
Priors = tuple[tuple[float, float], ...]  # mean and SD of every skill before the test; () for its own prior


@dataclass(frozen=True)
class RunningEstimate:
    """theta, sd (S,): posterior mean and SD. p_pass: P(at or above the test's cut), nan without one. p_above (S,):
    P(at or above the skill's own cut), nan without one or before it has answers enough to be settled by."""

    theta: Floats
    sd: Floats
    p_pass: float
    p_above: Floats


class Estimator:
    """Of one pool, blueprint and stop rule; testlet_sd: of what the items of a set share, see testlets."""

    def __init__(
        self, tables: MeasurementTables, areas: Areas, pool: ItemPool, stop: Stop, testlet_sd: float = 0.0
    ) -> None:
        self._tables, self._member, self._stop, self._testlet_sd = tables, areas.member, stop, testlet_sd
        self._testlets = pool.testlets()
        self._mean_information = mean_information(pool.items, tables.mu, tables.sd)
        points, cuts = tables.powers[:, 0], [stop.cuts.get(skill) for skill in areas.skills]
        self._above = np.array(
            [np.full(len(points), np.nan) if cut is None else above_cut(points, cut) for cut in cuts]
        )

    def after(self, administered: Indices, categories: Indices, priors: Priors = ()) -> RunningEstimate:
        """After these items (n,) with these categories, -1 for an answer that tells nothing. ValueError for categories
        that the items don't have."""
        weights = self._posterior(administered, categories, priors)
        theta, square = (weights @ self._tables.powers).T
        sd = np.sqrt(np.maximum(square - theta**2, 0))
        enough = self._member[:, administered].sum(axis=1) >= self._stop.min_skill
        p_above = np.where(enough, (weights * self._above).sum(axis=1), np.nan)
        return RunningEstimate(theta, sd, self._p_pass(weights, theta, sd), p_above)

    def _posterior(self, administered: Indices, categories: Indices, priors: Priors) -> Floats:
        """Posterior weights (S, Q)."""
        tables = self._tables
        answered = tables.log_probs[administered, categories] * self._powers(administered, categories)[:, None]
        prior = tables.log_normal(priors) if priors else tables.log_prior
        logs = prior + self._member[:, administered] @ answered
        peak = logs.max(axis=1, keepdims=True)
        if peak.min() < IMPOSSIBLE:
            raise ValueError(f"items {administered.tolist()} don't have the categories {categories.tolist()}")
        weights = np.exp(logs - peak)
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))

    def _powers(self, administered: Indices, categories: Indices) -> Floats:
        """(n,) for the likelihood of each answer."""
        named = zip(administered, categories, strict=True)
        counted = [self._testlets[item] if category >= 0 else ALONE for item, category in named]
        return powers_of_testlets(counted, self._mean_information[administered], self._testlet_sd)

    def _p_pass(self, weights: Floats, theta: Floats, sd: Floats) -> float:
        """Exact for one skill; the mean of several independent posteriors is taken as normal."""
        if self._stop.cut is None:
            return np.nan
        if len(theta) == 1:
            return float(np.clip(weights[0] @ self._tables.above, 0, 1))
        error = np.sqrt((sd**2).sum()) / len(sd)
        return float(normal_cdf((theta.mean() - self._stop.cut) / error))
