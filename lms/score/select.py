"""The next item of an adaptive test, from what was answered and a seed alone, so that any test can be replayed.

A skill, then a sub-competency within it, is chosen as the one furthest behind its share of the blueprint (Kingsbury &
Zara 1989); within it one of the `top` most informative items at random ("randomesque"). Information comes from a
table made once, at the point nearest to the estimate, or to the cut of a pass/fail test of one skill (Spray & Reckase
1996). Exposure is held down by Sympson-Hetter parameters and random first items.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from lms.score.ability import above_cut, quadrature
from lms.score.model import TINY, Floats, Items, category_probs, information
from lms.score.stop import Stop, sprt_llr

BITS = (1 << 64) - 1
TIES, FIRST = 64, 1e4
IMPOSSIBLE = 0.9 * np.log(TINY)
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Bank:
    """n items with the skill and the sub-competency of each. sets: name of an item's set, "" for none; a set is sat
    together in this order. enemies: pairs of indices never in one test. exposure: Sympson-Hetter, in (0, 1]."""

    items: Items
    skills: tuple[str, ...]
    subs: tuple[str, ...]
    sets: tuple[str, ...] = ()
    enemies: tuple[tuple[int, int], ...] = ()
    exposure: tuple[float, ...] = ()


@dataclass(frozen=True)
class Blueprint:
    """Shares on any positive scale. Without skills (or the subs of a skill), equal ones over those in the bank."""

    skills: Mapping[str, float] = field(default_factory=dict)
    subs: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class State:
    """All that a running test is: indices of the items given, their categories (-1: not to be counted), and a seed."""

    given: tuple[int, ...] = ()
    categories: tuple[int, ...] = ()
    seed: int = 0


@dataclass(frozen=True)
class Step:
    """item: index of the next one, None at the end; reason: as Stop.outcome, or "empty" when the bank has no item left;
    theta, sd (S,): skills in the order of Selector.skills; p_pass: P(at or above the cut), nan without a cut."""

    item: int | None
    reason: str
    theta: Floats
    sd: Floats
    p_pass: float


class Selector:
    """Tables of one bank, blueprint and stop rule; `next` is then a look-up. Safe to share: it keeps no state."""

    def __init__(
        self, bank: Bank, blueprint: Blueprint, stop: Stop, top: int = 5, random_first: int = 0,
        mu: float = 0.0, sd: float = 1.0,
    ) -> None:  # fmt: skip
        self.bank, self.stop, self.top, self.random_first = bank, stop, top, random_first
        self.skills = tuple(s for s in dict.fromkeys(bank.skills) if blueprint.skills.get(s, not blueprint.skills))
        self.subs = tuple(dict.fromkeys(bank.subs))
        self._aim = stop.cut if len(self.skills) == 1 else None
        self._check()
        self._measure(mu, sd)
        self._share(blueprint)
        self._bind()

    def next(self, state: State) -> Step:
        """The next item or the reason to stop. Deterministic: equal states give equal steps."""
        given = np.array(state.given, np.intp)
        weights, llr = self._belief(given, np.array(state.categories, np.intp))
        theta, square = (weights @ self._powers).T
        sd = np.sqrt(np.maximum(square - theta**2, 0))
        p_pass = self._p_pass(weights, theta, sd)
        if (mate := self._open_set(state.given)) is not None:
            return Step(mate, "", theta, sd, p_pass)
        item = None
        reason = self.stop.outcome(len(given), sd, p_pass, llr)
        if not reason:
            item = self._pick(state, given, theta, sd)
            reason = self.stop.exhausted("empty") if item is None else ""
        return Step(item, reason, theta, sd, p_pass)

    def with_exposure(self, exposure: tuple[float, ...]) -> Selector:
        """The same selector, its bank held by these Sympson-Hetter parameters (n,)."""
        twin = copy(self)
        twin.bank = replace(self.bank, exposure=exposure)
        twin._exposure = np.array(exposure)
        return twin

    def _pick(self, state: State, given: NDArray[np.intp], theta: Floats, sd: Floats) -> int | None:
        free = self._free(state.seed, given)
        for area in self._areas(state.seed, given, sd):
            if len(pool := np.flatnonzero(free & self._in_area[area])):
                break
        else:
            return None
        top = len(pool) if len(given) < self.random_first else min(self.top, len(pool))
        if top < len(pool):
            aim = theta[area // len(self.subs)] if self._aim is None else self._aim
            row = round(float(aim - self._points[0]) / self._step)
            pool = pool[self._information[row, pool].argpartition(-top)[-top:]]
        return self._sets[int(pool[int(_uniform(state.seed, len(given)) * top)])][0]

    def _free(self, seed: int, given: NDArray[np.intp]) -> Flags:
        """Items that may come next: not given, no enemies of those given, fitting into what is left, and admitted for
        this person with probability `exposure` (unless nothing else is left)."""
        free = self._set_size <= min(self._largest, self.stop.max_items - len(given))
        free[given] = False
        for item in self._foes.keys() & set(given.tolist()):
            free[self._foes[item]] = False
        if self.bank.exposure:
            luck = np.random.Generator(np.random.PCG64(seed & BITS)).random(len(free))
            admitted = free & (luck < self._exposure)
            free = admitted if admitted.any() else free
        return free

    def _areas(self, seed: int, given: NDArray[np.intp], sd: Floats) -> list[int]:
        """Areas (a skill's sub-competency: skill * K + sub) by how far first the skill and then, within it, the
        sub-competency is behind its share; none of the skills that are precise enough."""
        done = np.bincount(self._area_of[given], minlength=self._shares.size).reshape(self._shares.shape)
        per_skill = done.sum(axis=1)
        lag = self._skill_shares * (len(given) + 1) - per_skill
        behind = self._shares * (per_skill + 1)[:, None] - done
        behind += FIRST * lag[:, None] + self._ties[int(_uniform(seed, ~len(given)) * TIES)]
        precise = sd <= (self.stop.target_sd or 0.0)
        behind[precise] = -np.inf
        still_wanted = behind.size - int(precise.sum()) * len(self.subs)
        return list(behind.ravel().argsort()[::-1][:still_wanted].tolist())

    def _open_set(self, given: tuple[int, ...]) -> int | None:
        """The next item of a set that was begun."""
        mates = self._sets[given[-1]] if given else ()
        return next((mate for mate in mates if mate not in given), None) if len(mates) > 1 else None

    def _belief(self, given: NDArray[np.intp], categories: NDArray[np.intp]) -> tuple[Floats, float]:
        """Posterior weights (S, Q) and log-likelihood ratio of the SPRT."""
        logs = self._log_prior + self._member[:, given] @ self._logs[given, categories]
        peak = logs.max(axis=1, keepdims=True)
        if peak.min() < IMPOSSIBLE:
            raise ValueError(f"items {given.tolist()} don't have the categories {categories.tolist()}")
        weights = np.exp(logs - peak)
        llr = 0.0
        if self.stop.cut is not None and self.stop.delta is not None:
            llr = sprt_llr(self.bank.items.take(given), categories, self.stop.cut, self.stop.delta)
        return weights / weights.sum(axis=1, keepdims=True), llr

    def _p_pass(self, weights: Floats, theta: Floats, sd: Floats) -> float:
        """Exact for one skill; a composite of several independent posteriors is taken as normal."""
        if self.stop.cut is None:
            return np.nan
        if len(self.skills) == 1:
            return float(np.clip(weights[0] @ self._above, 0, 1))
        return float(ndtr((self.weights @ theta - self.stop.cut) / np.sqrt(self.weights**2 @ sd**2)))

    def _check(self) -> None:
        n = len(self.bank.items)
        for name in ("skills", "subs", "sets", "exposure"):
            if len(values := getattr(self.bank, name)) != n and (values or name in ("skills", "subs")):
                raise ValueError(f"a bank of {n} items has {len(values)} {name}")
        if not self.skills:
            raise ValueError("no item of the bank belongs to a skill of the blueprint")

    def _measure(self, mu: float, sd: float) -> None:
        """Tables over the quadrature: log-probabilities (n, M + 2, Q), whose last category means "not counted", and
        information (Q, n), a set's items each carrying its mean."""
        self._points, prior = quadrature(mu, sd)
        self._log_prior, self._step = np.log(prior), float(self._points[1] - self._points[0])
        self._powers = np.stack([self._points, self._points**2], axis=1)
        items = self.bank.items.widened()
        logs = np.log(np.maximum(category_probs(items, self._points), TINY)).transpose(1, 2, 0)
        self._logs = np.concatenate([logs, np.zeros_like(logs[:, :1])], axis=1)
        self._sets = self._members()
        self._largest = max(len(mates) for mates in self._sets)
        self._set_size = np.array([len(mates) for mates in self._sets])
        table = information(items, self._points)
        self._information = np.stack([table[:, list(mates)].mean(axis=1) for mates in self._sets], axis=1)
        if self.stop.cut is not None:
            self._above = above_cut(self._points, self.stop.cut)

    def _members(self) -> list[tuple[int, ...]]:
        sets = self.bank.sets or ("",) * len(self.bank.items)
        return [tuple(j for j, name in enumerate(sets) if name == own) if own else (i,) for i, own in enumerate(sets)]

    def _share(self, blueprint: Blueprint) -> None:
        """Shares of the skills (S,) and, within each, of its sub-competencies (S, K); areas number the two together."""
        place = {skill: i for i, skill in enumerate(self.skills)}
        self._skill_of = np.array([place.get(s, -1) for s in self.bank.skills])
        self._sub_of = np.array([self.subs.index(s) for s in self.bank.subs])
        self._area_of = np.maximum(self._skill_of, 0) * len(self.subs) + self._sub_of
        areas = np.arange(len(self.skills) * len(self.subs))
        self._in_area = (self._area_of == areas[:, None]) & (self._skill_of >= 0)
        self._member = (self._skill_of == np.arange(len(self.skills))[:, None]).astype(float)
        self._shares = np.zeros((len(self.skills), len(self.subs)))
        for skill, sub in zip(self.bank.skills, self.bank.subs, strict=True):
            if skill in place:
                self._shares[place[skill], self.subs.index(sub)] = blueprint.subs.get(sub, not blueprint.subs)
        self._shares /= np.maximum(self._shares.sum(axis=1, keepdims=True), 1e-12)
        self._skill_shares = np.array([blueprint.skills.get(s, 1.0) for s in self.skills])
        self._skill_shares = self._skill_shares / self._skill_shares.sum()
        self._ties = 1e-6 * np.random.default_rng(0).random((TIES, *self._shares.shape))
        weights = np.array([self.stop.weights.get(s, 0.0 if self.stop.weights else 1.0) for s in self.skills])
        self.weights = weights / weights.sum()

    def _bind(self) -> None:
        """Which items each item shuts out: its enemies and the sets that these belong to. Items of no skill asked for
        are too large for any test."""
        self._foes: dict[int, list[int]] = {}
        for pair in self.bank.enemies:
            for one, other in (pair, pair[::-1]):
                self._foes.setdefault(one, []).extend(self._sets[other])
        self._set_size[self._skill_of < 0] = self._largest + 1
        self._exposure = np.array(self.bank.exposure)


def _uniform(seed: int, step: int) -> float:
    """A number in [0, 1) for this seed and step (splitmix64, Steele et al. 2014): the same on every machine, and
    without the cost of seeding a generator at every step."""
    x = (seed * 0xD1342543DE82EF95 + step * 0x9E3779B97F4A7C15) & BITS
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & BITS
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & BITS
    return (x ^ (x >> 31)) / 2.0**64
