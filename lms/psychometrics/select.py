"""The next item of an adaptive test, from what was answered and a seed alone, so that any test can be replayed.

A skill, then a sub-competency within it, is chosen as the one furthest behind its share of the blueprint (Kingsbury &
Zara 1989); within it one of the `top` most informative items at random ("randomesque"). Information comes from a
table made once, at the point nearest to the estimate, or to the cut of a pass/fail test of one skill (Spray & Reckase
1996). Exposure is held down by Sympson-Hetter parameters and random first items.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from lms.psychometrics.ability import above_cut, quadrature
from lms.psychometrics.model import TINY, Floats, Items, category_probs, information
from lms.psychometrics.stop import Stop, sprt_llr

BITS = (1 << 64) - 1
TIES, FIRST = 64, 1e4
IMPOSSIBLE = 0.9 * np.log(TINY)
Indices = NDArray[np.intp]


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


@dataclass(eq=False)
class Selector:
    """Tables of one bank, blueprint and stop rule; `next` is then a look-up. Safe to share: it keeps no state. top:
    random among so many best items; random_first: first items drawn from all; mu, sd: prior of every skill."""

    bank: Bank
    blueprint: Blueprint
    stop: Stop
    top: int = 5
    random_first: int = 0
    mu: float = 0.0
    sd: float = 1.0

    def __post_init__(self) -> None:
        asked = self.blueprint.skills
        self.skills = tuple(s for s in dict.fromkeys(self.bank.skills) if asked.get(s, not asked))
        self._aim = self.stop.cut if len(self.skills) == 1 else None
        self._check()
        self._share()
        self._bind()
        self._measure()

    def next(self, state: State) -> Step:
        """The next item or the reason to stop. Deterministic: equal states give equal steps."""
        given = np.array(state.given, np.intp)
        weights, llr = self._belief(given, np.array(state.categories, np.intp))
        theta, square = (weights @ self._powers).T
        sd = np.sqrt(np.maximum(square - theta**2, 0))
        p_pass = self._p_pass(weights, theta, sd)
        item, reason = self._open_set(state.given), ""
        if item is None:
            reason = self.stop.outcome(len(given), sd, p_pass, llr)
            if not reason and (item := self._pick(state, given, theta, sd)) is None:
                reason = self.stop.exhausted("empty")
        return Step(item, reason, theta, sd, p_pass)

    def _pick(self, state: State, given: Indices, theta: Floats, sd: Floats) -> int | None:
        free = self._free(state.seed, given)
        for area in self._areas(state.seed, given, sd):
            if not len(pool := np.flatnonzero(free & self._in_area[area])):
                continue
            top = len(pool) if len(given) < self.random_first else min(self.top, len(pool))
            if top < len(pool):
                aim = theta[self._skill_of[area]] if self._aim is None else self._aim
                row = round(float(aim - self._points[0]) / self._step)
                pool = pool[self._information[row, pool].argpartition(-top)[-top:]]
            return self._sets[int(pool[int(_uniform(state.seed, len(given)) * top)])][0]
        return None

    def _free(self, seed: int, given: Indices) -> NDArray[np.bool_]:
        """Items that may come next: not given, no enemies of those given, fitting into what is left, and admitted for
        this person with probability `exposure` (unless nothing else is left)."""
        free = self._size <= self.stop.max_items - len(given)
        free[given] = False
        if self.bank.enemies:
            free &= ~self._shut[given].any(axis=0)
        if self._exposure.size:
            luck = np.random.Generator(np.random.PCG64(seed & BITS)).random(len(free))
            admitted = free & (luck < self._exposure)
            free = admitted if admitted.any() else free
        return free

    def _areas(self, seed: int, given: Indices, sd: Floats) -> list[int]:
        """Areas by how far first the skill and then, within it, the sub-competency is behind its share; none of the
        skills that are precise enough."""
        areas = self._area_of[given]
        done = np.bincount(areas[areas >= 0], minlength=len(self._shares))
        per_skill = np.bincount(self._skill_of, done, len(self.skills))
        lag = self._skill_shares * (len(given) + 1) - per_skill
        behind = self._shares * (per_skill[self._skill_of] + 1) - done + FIRST * lag[self._skill_of]
        behind += self._ties[int(_uniform(seed, ~len(given)) * TIES)]
        wanted = sd > (self.stop.target_sd or 0.0)
        return [area for area in behind.argsort()[::-1].tolist() if wanted[self._skill_of[area]]]

    def _open_set(self, given: tuple[int, ...]) -> int | None:
        """The next item of a set that was begun."""
        return next((mate for mate in self._sets[given[-1]] if mate not in given), None) if given else None

    def _belief(self, given: Indices, categories: Indices) -> tuple[Floats, float]:
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

    def _share(self) -> None:
        """Areas are a skill's sub-competencies (A,): which items are in each, its skill, its share of the skill."""
        homes = list(zip(self.bank.skills, self.bank.subs, strict=True))
        areas = [area for area in dict.fromkeys(homes) if area[0] in self.skills]
        self._area_of = np.array([areas.index(home) if home in areas else -1 for home in homes])
        self._in_area = self._area_of == np.arange(len(areas))[:, None]
        self._skill_of = np.array([self.skills.index(skill) for skill, _ in areas])
        self._member = np.array([[float(skill == own) for own in self.bank.skills] for skill in self.skills])
        shares = np.array([self.blueprint.subs.get(sub, not self.blueprint.subs) for _, sub in areas], float)
        self._shares = shares / np.maximum(np.bincount(self._skill_of, shares)[self._skill_of], 1e-12)
        self._ties = 1e-6 * np.random.default_rng(0).random((TIES, len(areas)))
        self._skill_shares = _normalised([self.blueprint.skills.get(s, 1.0) for s in self.skills])
        self.weights = _normalised([self.stop.weights.get(s, float(not self.stop.weights)) for s in self.skills])

    def _bind(self) -> None:
        """The set of each item, how much room it takes (too much without a skill asked for), and which items each item
        shuts out (n, n): its enemies and the sets that these belong to."""
        names = self.bank.sets or ("",) * len(self.bank.items)
        self._sets = [
            tuple(j for j, name in enumerate(names) if name == own) if own else (i,) for i, own in enumerate(names)
        ]
        self._size = np.where(self._area_of < 0, np.inf, [len(mates) for mates in self._sets])
        self._shut = np.zeros((len(names),) * 2, bool)
        for one, other in self.bank.enemies:
            self._shut[one, self._sets[other]] = self._shut[other, self._sets[one]] = True
        self._exposure = np.array(self.bank.exposure)

    def _measure(self) -> None:
        """Tables over the quadrature: log-probabilities (n, M + 2, Q), whose last category means "not counted", and
        information (Q, n), a set's items each carrying its mean."""
        self._points, prior = quadrature(self.mu, self.sd)
        self._log_prior, self._step = np.log(prior), float(self._points[1] - self._points[0])
        self._powers = np.stack([self._points, self._points**2], axis=1)
        items = self.bank.items.widened()
        logs = np.log(np.maximum(category_probs(items, self._points), TINY)).transpose(1, 2, 0)
        self._logs = np.pad(logs, ((0, 0), (0, 1), (0, 0)))
        table = information(items, self._points)
        self._information = np.stack([table[:, list(mates)].mean(axis=1) for mates in self._sets], axis=1)
        self._above = above_cut(self._points, self.stop.cut or 0.0)


def _normalised(shares: list[float]) -> Floats:
    return np.asarray(np.array(shares) / sum(shares))


def _uniform(seed: int, step: int) -> float:
    """A number in [0, 1) for this seed and step (splitmix64, Steele et al. 2014): the same on every machine, and
    without the cost of seeding a generator at every step."""
    x = (seed * 0xD1342543DE82EF95 + step * 0x9E3779B97F4A7C15) & BITS
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & BITS
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & BITS
    return (x ^ (x >> 31)) / 2.0**64
