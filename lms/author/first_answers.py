"""First answers of an organisation as tables of people by items: what every statistic of an item starts from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from sqlalchemy import select

from lms import evidence, publishing
from lms.assess import Attempt
from lms.assess.models import AttemptItem, ItemMark, Response
from lms.content import questions
from lms.database import db
from lms.evidence.models import Evidence
from lms.identity.models import Person
from lms.psychometrics.arrays import Flags, Ints

NEVER = -1  # category of an item that a person has not been asked


@dataclass(frozen=True)
class FirstAnswer:
    """A first answer to one item: omitted, the options picked (the author's places; empty for other types), and
    seconds since the answer before it, None where that isn't known."""

    person: int
    omitted: bool
    picked: frozenset[int]
    seconds: float | None


@dataclass(frozen=True)
class AnswerTable:
    """people: rows of `table`. keys: its columns (item ids). table (N, n): categories, -1 where never asked. maxima
    (n,): highest categories. armenian (N, n): answers given on Armenian pages. first: the answers to each item."""

    people: tuple[int, ...]
    keys: tuple[str, ...]
    table: Ints
    maxima: Ints
    armenian: Flags
    first: Mapping[str, tuple[FirstAnswer, ...]]

    def columns(self, keys: Iterable[str]) -> tuple[Ints, Ints]:
        """Of these items: their categories (N, k), and where they stand (k,)."""
        wanted = set(keys)
        places = np.array([place for place, key in enumerate(self.keys) if key in wanted], int)
        return self.table[:, places], places


def answer_table(organisation_id: int) -> AnswerTable:
    """All first answers of the organisation's people to published items, in four queries. An answer to an older
    revision counts while the item still has as many categories."""
    rows = _evidence(organisation_id)
    row_of = {person: row for row, person in enumerate(dict.fromkeys(person for person, *_ in rows))}
    column_of = {key: column for column, key in enumerate(dict.fromkeys(key for _, key, *_ in rows))}
    table = np.full((len(row_of), len(column_of)), NEVER)
    maxima = np.ones(len(column_of), int)
    languages, armenian = _languages(organisation_id), np.zeros(table.shape, np.bool_)
    for person, key, category, categories, language in rows:
        table[row_of[person], column_of[key]] = category
        maxima[column_of[key]] = categories - 1
        armenian[row_of[person], column_of[key]] = (language or languages[person]) == "hy"
    return AnswerTable(
        people=tuple(row_of),
        keys=tuple(column_of),
        table=table,
        maxima=maxima,
        armenian=armenian,
        first=_first_answers(organisation_id),
    )


def _evidence(organisation_id: int) -> Sequence[tuple[int, str, int, int, str | None]]:
    """Person, item, category, number of categories, where that is still the item's, and the answer's language."""
    published = {item.id: item for _, item in publishing.items()}
    categories = {key: len(questions.item_scale(item).luck) for key, item in published.items()}
    rows = db.session.execute(
        select(Evidence.person_id, Evidence.item_key, Evidence.category, Evidence.categories, Evidence.language)
        .join(Person, Person.id == Evidence.person_id)
        .where(Person.organisation_id == organisation_id, evidence.counts())
        .order_by(Evidence.person_id)
    )
    return [
        (person, key, category, of, language)
        for person, key, category, of, language in rows
        if categories.get(key) == of
    ]


def _languages(organisation_id: int) -> dict[int, str]:
    """Of people's pages today, for answers that kept none."""
    people = select(Person.id, Person.language).where(Person.organisation_id == organisation_id)
    return {row.id: row.language for row in db.session.execute(people)}


def _first_answers(organisation_id: int) -> dict[str, tuple[FirstAnswer, ...]]:
    rows = db.session.execute(
        select(
            Evidence.person_id,
            Evidence.revision_id,
            AttemptItem.id,
            AttemptItem.instance,
            ItemMark.response_id,
            Response.value,
        )
        .join(Person, Person.id == Evidence.person_id)
        .join(Attempt, Attempt.id == Evidence.attempt_id)
        .join(AttemptItem, (AttemptItem.attempt_id == Attempt.id) & (AttemptItem.revision_id == Evidence.revision_id))
        .join(ItemMark, ItemMark.attempt_item_id == AttemptItem.id)
        .outerjoin(Response, Response.id == ItemMark.response_id)
        .where(Person.organisation_id == organisation_id, evidence.counts())
    ).all()
    seconds = _seconds(organisation_id)
    answers: dict[str, list[FirstAnswer]] = {}
    for row in rows:
        item = publishing.item(row.revision_id)
        picked = questions.picked(item, row.instance, row.value or {})
        answer = FirstAnswer(row.person_id, row.response_id is None, picked, seconds.get(row.id))
        answers.setdefault(item.id, []).append(answer)
    return {key: tuple(of_item) for key, of_item in answers.items()}


def _seconds(organisation_id: int) -> dict[int, float]:
    """attempt item -> seconds from the answer before (or the attempt's start) to its first answer."""
    rows = db.session.execute(
        select(Attempt.id, Attempt.started_at, Response.attempt_item_id, Response.received_at)
        .join(Response, Response.attempt_id == Attempt.id)
        .where(Attempt.organisation_id == organisation_id, Attempt.submitted_at.is_not(None))
        .order_by(Attempt.id, Response.received_at, Response.id)
    ).all()
    seconds: dict[int, float] = {}
    for _, attempt in groupby(rows, key=lambda row: row.id):
        before = None
        for row in attempt:
            passed = row.received_at - (before or row.started_at)
            seconds.setdefault(row.attempt_item_id, passed.total_seconds())
            before = row.received_at
    return seconds
