"""How an item works, from the first answers of one organisation. No figure that needs many answers is given on few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from flask import current_app
from sqlalchemy import func, select

from lms import evidence, publishing
from lms.author.answers import Answers, Sat, answers_of
from lms.content import Item
from lms.content.questions import TYPES
from lms.database import db
from lms.evidence.models import Evidence
from lms.identity.models import Person
from lms.psychometrics.ability import eap
from lms.psychometrics.arrays import Flags, Floats, Ints
from lms.psychometrics.classical import correlation, item_table
from lms.psychometrics.fit import mean_squares
from lms.psychometrics.items import Items
from lms.psychometrics.regression_dif import regression_dif
from lms.psychometrics.sample_size import TooFew

ENOUGH = 30  # first answers below which nothing is said but how many there are and how they went


@dataclass(frozen=True)
class Option:
    """place: in the author's order; share of the people who chose it; rest: r of choosing it with the share scored on
    the skill's other items, nan where undefined: it should be positive for the key and negative for the others."""

    place: int
    right: bool
    n: int
    share: float
    rest: float


@dataclass(frozen=True)
class Dif:
    """Armenian pages against English: class A (none), B, C; p; harder: logits, positive when harder in Armenian."""

    size: str
    p: float
    harder: float


@dataclass(frozen=True)
class Worked:
    """n: people who answered first; p: mean share of the full score; people: who has any evidence, so that n / people
    is the exposure; the rest is None below ENOUGH answers, or where its own condition (named there) isn't met.
    item_rest: r with the share scored on the skill's other items; alpha, alpha_without: of the bank, among `complete`
    people who answered all of it; infit, outfit: mean squares, 1 expected."""

    n: int
    people: int
    p: float
    categories: tuple[int, ...]
    omitted: int
    seconds: float | None
    options: tuple[Option, ...]
    item_rest: float | None = None
    alpha: float | None = None
    alpha_without: float | None = None
    complete: int = 0
    infit: float | None = None
    outfit: float | None = None
    dif: Dif | None = None

    @property
    def enough(self) -> bool:
        return self.n >= ENOUGH


def worked(organisation_id: int) -> dict[str, Worked]:
    """Every item that the organisation's people answered; kept until their next answer."""
    stamp = db.session.execute(
        select(func.count(), func.max(Evidence.id))
        .join(Person, Person.id == Evidence.person_id)
        .where(Person.organisation_id == organisation_id)
    ).one()
    kept = current_app.extensions.setdefault("author_worked", {})
    known: tuple[object, dict[str, Worked]] | None = kept.get(organisation_id)
    if known is None or known[0] != (*stamp, publishing.library()):
        known = kept[organisation_id] = ((*stamp, publishing.library()), _all(answers_of(organisation_id)))
    return known[1]


def _all(answers: Answers) -> dict[str, Worked]:
    items = [publishing.library().items[key] for key in answers.keys]
    found: dict[str, Worked] = {}
    for skill in sorted({item.skill for item in items}):
        found |= _skill(answers, [item for item in items if item.skill == skill])
    for path in {item.path for item in items}:
        _add_alpha(answers, [item for item in publishing.library().banks[path].items if item.answerable], found)
    return found


def _skill(answers: Answers, items: Sequence[Item]) -> dict[str, Worked]:
    """Statistics that hold an item against the other items of its skill."""
    table, places = answers.of(item.id for item in items)
    names, tops = [answers.keys[at] for at in places], answers.tops[places]
    units, rows = _units(names), item_table(table, tops)
    infit, outfit = mean_squares(units, table)
    theta = eap(units, table)[0]
    found = {}
    for at, name in enumerate(names):
        rest = _rest(table, tops, at)
        one = _plain(answers, publishing.library().items[name], table[:, at], rest, float(rows.p[at]))
        if one.enough:
            one = replace(one, item_rest=_number(rows.item_rest[at]), infit=_number(infit[at]),
                          outfit=_number(outfit[at]), dif=_dif(table[:, at], answers.armenian, theta))  # fmt: skip
        found[name] = one
    return found


def _plain(answers: Answers, item: Item, column: Ints, rest: Floats, p: float) -> Worked:
    sat = answers.sat.get(item.id, ())
    times = [one.seconds for one in sat if one.seconds is not None and not one.omitted]
    return Worked(
        n=int((column >= 0).sum()), people=len(answers.people), p=p,
        categories=tuple(int((column == k).sum()) for k in range(int(column.max()) + 1)),
        omitted=sum(one.omitted for one in sat), seconds=float(np.median(times)) if times else None,
        options=_options(answers, item, sat, rest),
    )  # fmt: skip


def _options(answers: Answers, item: Item, sat: Sequence[Sat], rest: Floats) -> tuple[Option, ...]:
    """Nothing for types without options; r only over people who have answered other items of the skill."""
    seat = {person: at for at, person in enumerate(answers.people)}
    others = np.array([rest[seat[one.person]] for one in sat], float)
    known = ~np.isnan(others)
    rows = []
    for place, right in enumerate(TYPES[item.type].right_options(item.text())):
        took = np.array([place in one.picked for one in sat], float)
        share = float(took.mean()) if len(took) else 0.0
        rows.append(Option(place, right, int(took.sum()), share, correlation(took[known], others[known])))
    return tuple(rows)


def _rest(table: Ints, tops: Ints, at: int) -> Floats:
    """(N,) share scored on the other items, nan without any."""
    others, most = np.delete(table, at, axis=1), np.delete(tops, at)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(others >= 0, others, 0).sum(axis=1) / ((others >= 0) @ most))


def _dif(column: Ints, armenian: Flags, theta: Floats) -> Dif | None:
    """People matched by their ability on the skill; None below the least number of people in either language."""
    asked = column >= 0
    try:
        found = regression_dif(column[asked][:, None], armenian[asked], match=theta[asked])
    except TooFew:
        return None
    return Dif(found.size[0], float(found.p[0]), float(found.harder[0]))


def _add_alpha(answers: Answers, items: Sequence[Item], found: dict[str, Worked]) -> None:
    """Alpha of the bank with and without each item, where at least ENOUGH people answered all of it."""
    table, places = answers.of(item.id for item in items)
    if len(places) < len(items):
        return
    whole = item_table(table, answers.tops[places])
    if whole.complete < ENOUGH:
        return
    for place, without in zip(places, whole.alpha_without, strict=True):
        name = answers.keys[place]
        found[name] = replace(found[name], alpha=_number(whole.alpha), alpha_without=_number(without),
                              complete=whole.complete)  # fmt: skip


def _units(names: Sequence[str]) -> Items:
    revisions = {name: publishing.revision_of(name) or 0 for name in names}
    units = evidence.parameters(revisions.values())
    return Items.of([units[revisions[name]] for name in names])


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
