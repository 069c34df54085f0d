"""First answers of an organisation as tables of people by items: what every statistic of an item starts from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from sqlalchemy import select

from lms import publishing
from lms.assess import Attempt
from lms.assess.models import AttemptItem, Mark, Response
from lms.content import Item, questions
from lms.database import db
from lms.evidence.models import Evidence
from lms.identity.models import Person
from lms.psychometrics.arrays import Flags, Ints

NEVER = -1  # category of an item that a person has not been asked


@dataclass(frozen=True)
class Sat:
    """A first answer to one item: omitted, the options picked (the author's places; empty for other types), and
    seconds since the answer before it, None where that isn't known."""

    person: int
    omitted: bool
    picked: frozenset[int]
    seconds: float | None


@dataclass(frozen=True)
class Answers:
    """people: rows of `table`; keys: its columns (item ids); table (N, n): categories, -1 where never asked; tops (n,):
    highest categories; armenian (N,): people whose pages are in Armenian; sat: the answers of each item."""

    people: tuple[int, ...]
    keys: tuple[str, ...]
    table: Ints
    tops: Ints
    armenian: Flags
    sat: Mapping[str, tuple[Sat, ...]]

    def of(self, keys: Iterable[str]) -> tuple[Ints, Ints]:
        """Columns of these items: their categories (N, k), and where they stand (k,)."""
        wanted = set(keys)
        places = np.array([at for at, key in enumerate(self.keys) if key in wanted], int)
        return self.table[:, places], places


def answers_of(organisation_id: int) -> Answers:
    """All first answers of the organisation's people to published items, in four queries. An answer to an older
    revision counts while the item still has as many categories."""
    steps = {key: len(questions.starting_parameters(item).b) + 1 for key, item in _published().items()}
    rows = [
        row
        for row in db.session.execute(
            select(Evidence.person_id, Evidence.item_key, Evidence.category, Evidence.categories)
            .join(Person, Person.id == Evidence.person_id)
            .where(Person.organisation_id == organisation_id)
            .order_by(Evidence.person_id)
        )
        if steps.get(row.item_key) == row.categories
    ]
    seat = {person: at for at, person in enumerate(dict.fromkeys(row.person_id for row in rows))}
    place = {key: at for at, key in enumerate(dict.fromkeys(row.item_key for row in rows))}
    table, tops = np.full((len(seat), len(place)), NEVER), np.ones(len(place), int)
    for person, key, category, categories in rows:
        table[seat[person], place[key]] = category
        tops[place[key]] = categories - 1
    spoken = dict(db.session.execute(select(Person.id, Person.language)
                                     .where(Person.organisation_id == organisation_id)).all())  # fmt: skip
    armenian = np.array([spoken[person] == "hy" for person in seat], np.bool_)
    return Answers(tuple(seat), tuple(place), table, tops, armenian, _sat(organisation_id))


def _published() -> dict[str, Item]:
    return {item.id: item for _, item in publishing.items()}


def _sat(organisation_id: int) -> dict[str, tuple[Sat, ...]]:
    rows = db.session.execute(
        select(Evidence.person_id, Evidence.revision_id, AttemptItem.id, AttemptItem.instance, Mark.response_id,
               Response.value, Attempt.id.label("attempt"))
        .join(Person, Person.id == Evidence.person_id)
        .join(Attempt, Attempt.id == Evidence.attempt_id)
        .join(AttemptItem, (AttemptItem.attempt_id == Attempt.id) & (AttemptItem.revision_id == Evidence.revision_id))
        .join(Mark, Mark.attempt_item_id == AttemptItem.id)
        .outerjoin(Response, Response.id == Mark.response_id)
        .where(Person.organisation_id == organisation_id)
    ).all()  # fmt: skip
    clock = _seconds(organisation_id)
    found: dict[str, list[Sat]] = {}
    for row in rows:
        item = publishing.item(row.revision_id)
        picked = questions.picked(item, row.instance, row.value or {})
        found.setdefault(item.id, []).append(Sat(row.person_id, row.response_id is None, picked, clock.get(row.id)))
    return {key: tuple(sat) for key, sat in found.items()}


def _seconds(organisation_id: int) -> dict[int, float]:
    """attempt item -> seconds from the answer before (or the attempt's start) to its first answer."""
    rows = db.session.execute(
        select(Attempt.id, Attempt.started_at, Response.attempt_item_id, Response.received_at)
        .join(Response, Response.attempt_id == Attempt.id)
        .where(Attempt.organisation_id == organisation_id, Attempt.submitted_at.is_not(None))
        .order_by(Attempt.id, Response.received_at, Response.id)
    ).all()
    found: dict[int, float] = {}
    for _, attempt in groupby(rows, key=lambda row: row.id):
        before = None
        for row in attempt:
            found.setdefault(row.attempt_item_id, (row.received_at - (before or row.started_at)).total_seconds())
            before = row.received_at
    return found
