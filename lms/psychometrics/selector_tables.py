"""What a selector prepares once for a pool and a blueprint, so that each next item is a look-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lms.psychometrics.ability import above_cut, quadrature
from lms.psychometrics.arrays import TINY, Flags, Floats
from lms.psychometrics.item_pool import Blueprint, ItemPool
from lms.psychometrics.items import Items
from lms.psychometrics.model import category_probs, information

TIE_ROWS = 64
TIE = 1e-6
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Areas:
    """A areas, the sub-competencies of the skills asked for.

    area_of: (n,) of each item, -1 for none. contains: (A, n). skill_of: (A,), places in `skills`. member: (S, n) ones
    where an item belongs to a skill. skill_shares: (S,) of the test. shares: (A,) of the skill. ties: rows (A,) of
    small random numbers that settle ties.
    """

    skills: tuple[str, ...]
    area_of: Indices
    contains: Flags
    skill_of: Indices
    member: Floats
    skill_shares: Floats
    shares: Floats
    ties: Floats


@dataclass(frozen=True)
class ItemSets:
    """members: items of each item's set, in order. size: (n,) how much room the set takes, infinite for items of no
    area. shut: (n, n) which items each item shuts out: its enemies and the sets that these belong to."""

    members: list[tuple[int, ...]]
    size: Floats
    shut: Flags


@dataclass(frozen=True)
class MeasurementTables:
    """Over Q quadrature points.

    mu, sd: prior of every skill. lowest, step: of the points. log_prior: (Q,). powers: (Q, 2), theta and its square.
    log_probs: (n, M + 2, Q), whose last category means "not counted". information: (Q, n), a set's items each carrying
    its mean. above: (Q,) what each weight adds to P(theta >= cut).
    """

    mu: float
    sd: float
    lowest: float
    step: float
    log_prior: Floats
    powers: Floats
    log_probs: Floats
    information: Floats
    above: Floats

    def nearest(self, theta: float) -> int:
        """Row of the point nearest to theta."""
        return round((theta - self.lowest) / self.step)

    def log_normal(self, priors: Sequence[tuple[float, float]]) -> Floats:
        """Log weights (S, Q), up to a constant, of normals given by mean and SD."""
        mean, sd = np.array(priors).T[:, :, None]
        return np.asarray(-0.5 * ((self.powers[:, 0] - mean) / sd) ** 2)


def prepare_areas(pool: ItemPool, blueprint: Blueprint) -> Areas:
    """ValueError where the pool has no item of the skills asked for."""
    skills = blueprint.asked_skills(pool)
    homes = list(zip(pool.skills, pool.subs, strict=True))
    areas = [area for area in dict.fromkeys(homes) if area[0] in skills]
    place = {area: index for index, area in enumerate(areas)}
    area_of = np.array([place.get(home, -1) for home in homes])
    skill_of = np.array([skills.index(skill) for skill, _ in areas])
    return Areas(
        skills=skills,
        area_of=area_of,
        contains=area_of == np.arange(len(areas))[:, None],
        skill_of=skill_of,
        member=_membership(pool, skills),
        skill_shares=normalised([blueprint.skills.get(skill, 1.0) for skill in skills]),
        shares=_shares_within(blueprint, [sub for _, sub in areas], skill_of),
        ties=TIE * np.random.default_rng(0).random((TIE_ROWS, len(areas))),
    )


def prepare_sets(pool: ItemPool, areas: Areas) -> ItemSets:
    members = pool.set_members()
    size = np.array([len(mates) for mates in members])
    shut = np.zeros((len(members),) * 2, bool)
    for first, second in pool.enemies:
        shut[first, members[second]] = True
        shut[second, members[first]] = True
    return ItemSets(
        members=members,
        size=np.where(areas.area_of < 0, np.inf, size),
        shut=shut,
    )


def prepare_tables(
    items: Items,
    sets: ItemSets,
    mu: float,
    sd: float,
    cut: float,
) -> MeasurementTables:
    """mu, sd: prior of every skill."""
    points, prior = quadrature(mu, sd)
    uncertain = items.with_difficulty_error()
    probs = np.maximum(category_probs(uncertain, points), TINY)
    logs = np.log(probs).transpose(1, 2, 0)
    single = information(uncertain, points)
    shared = [single[:, list(mates)].mean(axis=1) for mates in sets.members]
    return MeasurementTables(
        mu=mu,
        sd=sd,
        lowest=float(points[0]),
        step=float(points[1] - points[0]),
        log_prior=np.log(prior),
        powers=np.stack([points, points**2], axis=1),
        log_probs=np.pad(logs, ((0, 0), (0, 1), (0, 0))),
        information=np.stack(shared, axis=1),
        above=above_cut(points, cut),
    )


def normalised(shares: list[float]) -> Floats:
    return np.asarray(np.array(shares) / sum(shares))


def _membership(pool: ItemPool, skills: tuple[str, ...]) -> Floats:
    homes = np.array(pool.skills)
    return np.array([homes == skill for skill in skills], float)


def _shares_within(
    blueprint: Blueprint,
    subs: list[str],
    skill_of: Indices,
) -> Floats:
    """Share of each area in its skill, (A,)."""
    counts = np.array(
        [blueprint.subs.get(sub, not blueprint.subs) for sub in subs],
        float,
    )
    sums = np.bincount(skill_of, counts)[skill_of]
    return np.asarray(counts / np.maximum(sums, 1e-12))
