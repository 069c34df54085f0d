"""The next item of an adaptive test, from what was answered and a seed alone, so that any test can be replayed.

A skill, then a sub-competency within it, is chosen as the one furthest behind its share of the blueprint (Kingsbury &
Zara 1989); within it one of the `top` most informative items at random ("randomesque"). Information comes from a
table made once, at the point nearest to the estimate, or to the cut of a pass/fail test of one skill (Spray & Reckase
1996).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lms.psychometrics.arrays import Flags, Floats
from lms.psychometrics.item_pool import Blueprint, ItemPool
from lms.psychometrics.running_estimate import Estimator
from lms.psychometrics.selector_tables import TIE_ROWS, Indices, prepare_areas, prepare_sets, prepare_tables
from lms.psychometrics.splitmix import uniform
from lms.psychometrics.stop import Stop

SKILL_FIRST = 1e4  # a skill's lag outweighs all lags of sub-competencies


@dataclass(frozen=True)
class TestState:
    """All that a running test is: indices of the items given, their categories (-1: not to be counted), a seed, and
    priors: mean and SD of every skill in the order of Selector.skills, () for its own prior."""

    __test__ = False  # no test case, whatever its name

    given: tuple[int, ...] = ()
    categories: tuple[int, ...] = ()
    seed: int = 0
    priors: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Selection:
    """item: index of the next one, None at the end. reason: as Stop.outcome, or "empty" when the pool has no item left.
    theta, sd (S,): skills in the order of Selector.skills. p_pass: P(at or above the cut), nan without a cut."""

    item: int | None
    reason: str
    theta: Floats
    sd: Floats
    p_pass: float


@dataclass(eq=False)
class Selector:
    """Tables of one pool, blueprint and stop rule; `next` is then a look-up. Safe to share: it keeps no state.

    top: random among so many best items, which holds exposure down. mu, sd: prior of every skill.
    widest: the skill whose estimate is least sure comes first, whatever its share. testlet_sd: of what the items of a
    set share, see testlets.
    ValueError for a pool that doesn't fit itself or the blueprint.
    """

    pool: ItemPool
    blueprint: Blueprint
    stop: Stop
    top: int = 5
    mu: float = 0.0
    sd: float = 1.0
    widest: bool = False
    testlet_sd: float = 0.0

    def __post_init__(self) -> None:
        self.pool.check()
        self._areas = prepare_areas(self.pool, self.blueprint)
        self._sets = prepare_sets(self.pool, self._areas)
        self._tables = prepare_tables(self.pool.items, self._sets, self.mu, self.sd, self.stop.cut or 0.0)
        self.skills = self._areas.skills
        self._aim = self.stop.cut if len(self.skills) == 1 else None
        self._estimator = Estimator(self._tables, self._areas, self.pool, self.stop, self.testlet_sd)

    def next(self, state: TestState) -> Selection:
        """The next item or the reason to stop. Deterministic: equal states give equal selections.

        ValueError for categories that the items don't have.
        """
        administered = np.array(state.given, np.intp)
        now = self._estimator.after(administered, np.array(state.categories, np.intp), state.priors)
        item, reason = self._open_set(state.given), ""
        if item is None:
            reason = self.stop.outcome(len(administered), now.sd, now.p_pass, now.p_above)
            if not reason:
                settled = self.stop.settled(now.sd, now.p_above)
                item = self._most_informative(state.seed, administered, now.theta, now.sd, settled)
                reason = self.stop.exhausted("empty") if item is None else ""
        return Selection(item, reason, now.theta, now.sd, now.p_pass)

    def _most_informative(
        self, seed: int, administered: Indices, theta: Floats, sd: Floats, settled: Flags
    ) -> int | None:
        """One of the best items of the area that is furthest behind; the first of its set."""
        free = self._free(administered)
        for area in self._areas_by_need(seed, administered, sd, settled):
            pool = np.flatnonzero(free & self._areas.contains[area])
            if not len(pool):
                continue
            top = min(self.top, len(pool))
            if top < len(pool):
                aim = theta[self._areas.skill_of[area]] if self._aim is None else self._aim
                pool = self._best(pool, top, float(aim))
            chosen = pool[int(uniform(seed, len(administered)) * top)]
            return self._sets.members[int(chosen)][0]
        return None

    def _best(self, pool: Indices, top: int, aim: float) -> Indices:
        """In one order on every processor, equals too: a partition leaves it to what the processor can."""
        information = self._tables.information[self._tables.nearest(aim), pool]
        return np.asarray(pool[information.argsort(kind="stable")[-top:]])

    def _free(self, administered: Indices) -> Flags:
        """Items that may come next: not given, no enemies of those given, and fitting into what is left."""
        free: Flags = self._sets.size <= self.stop.max_items - len(administered)
        free[administered] = False
        if self.pool.enemies:
            free &= ~self._sets.shut[administered].any(axis=0)
        return free

    def _areas_by_need(self, seed: int, administered: Indices, sd: Floats, settled: Flags) -> list[int]:
        """Areas by how far first the skill (or how unsure it is) and then, within it, the sub-competency is behind its
        share; none of the skills that are settled, until all are and the test is still too short to end."""
        areas = self._areas
        given_areas = areas.area_of[administered]
        done = np.bincount(given_areas[given_areas >= 0], minlength=len(areas.shares))
        done_per_skill = np.bincount(areas.skill_of, done, len(self.skills))
        skill_lag = sd if self.widest else areas.skill_shares * (len(administered) + 1) - done_per_skill
        lag = areas.shares * (done_per_skill[areas.skill_of] + 1) - done
        lag = lag + SKILL_FIRST * skill_lag[areas.skill_of]
        lag += areas.ties[int(uniform(seed, ~len(administered)) * TIE_ROWS)]
        by_need = lag.argsort()[::-1].tolist()
        return [area for area in by_need if settled.all() or not settled[areas.skill_of[area]]]

    def _open_set(self, administered: tuple[int, ...]) -> int | None:
        """The next item of a set that was begun."""
        if not administered:
            return None
        return next((mate for mate in self._sets.members[administered[-1]] if mate not in administered), None)
