"""First answers of an organisation as a table of people by items, for figures that sums can't give. Bounded: of a large
organisation the newest people tell enough."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Select, select

from lms import evidence, publishing
from lms.config import LANGUAGES
from lms.content import questions
from lms.content.text import EQUAL
from lms.database import db
from lms.evidence.models import Evidence, EvidenceSummary
from lms.identity.models import Person
from lms.psychometrics.arrays import Flags, Ints

NEVER = -1  # category of an item that a person has not been asked
PEOPLE = 10_000  # newest people with evidence that a table holds


@dataclass(frozen=True)
class AnswerTable:
    """people: rows of `table`. keys: its columns (item ids). table (N, n): categories, -1 where never asked. maxima
    (n,): highest categories. languages (N, n): of the answers' pages, as places in LANGUAGES."""

    people: tuple[int, ...]
    keys: tuple[str, ...]
    table: Ints
    maxima: Ints
    languages: Ints

    def columns(self, keys: Iterable[str]) -> tuple[Ints, Ints]:
        """Of these items: their categories (N, k), and where they stand (k,)."""
        wanted = set(keys)
        places = np.array([place for place, key in enumerate(self.keys) if key in wanted], int)
        return self.table[:, places], places

    def of_two_languages(self, places: Ints) -> tuple[Ints, Flags]:
        """Of these columns: categories (N, k) of what was answered in one of the two that are equal, and whether that
        was the first of them."""
        languages = self.languages[:, places]
        return np.where(languages < len(EQUAL), self.table[:, places], NEVER), languages == 0


def answer_table(organisation_id: int) -> AnswerTable:
    """First answers to published items of the organisation's newest PEOPLE. An answer to an older revision counts while
    the item still has as many categories."""
    rows = _evidence(organisation_id)
    row_of = {person: row for row, person in enumerate(dict.fromkeys(person for person, *_ in rows))}
    column_of = {key: column for column, key in enumerate(dict.fromkeys(key for _, key, *_ in rows))}
    table = np.full((len(row_of), len(column_of)), NEVER)
    maxima = np.ones(len(column_of), int)
    languages, places = _languages(organisation_id), np.zeros(table.shape, int)
    for person, key, category, categories, language in rows:
        table[row_of[person], column_of[key]] = category
        maxima[column_of[key]] = categories - 1
        places[row_of[person], column_of[key]] = LANGUAGES.index(language or languages[person])
    return AnswerTable(tuple(row_of), tuple(column_of), table, maxima, places)


def scales() -> dict[str, int]:
    """Published item -> its number of categories."""
    return {item.id: len(questions.item_scale(item).luck) for _, item in publishing.items()}


def _evidence(organisation_id: int) -> Sequence[tuple[int, str, int, int, str | None]]:
    """Person, item, category, number of categories, where that is still the item's, and the answer's language."""
    categories = scales()
    rows = db.session.execute(
        select(Evidence.person_id, Evidence.item_key, Evidence.category, Evidence.categories, Evidence.language)
        .where(Evidence.person_id.in_(_newest(organisation_id)), evidence.counts())
        .order_by(Evidence.person_id)
    )
    return [
        (person, key, category, of, language)
        for person, key, category, of, language in rows
        if categories.get(key) == of
    ]


def _newest(organisation_id: int) -> Select[int]:
    mine = EvidenceSummary.organisation_id == organisation_id
    return select(EvidenceSummary.person_id).where(mine).order_by(EvidenceSummary.person_id.desc()).limit(PEOPLE)


def _languages(organisation_id: int) -> dict[int, str]:
    """Of people's pages today, for answers that kept none."""
    people = select(Person.id, Person.language).where(Person.id.in_(_newest(organisation_id)))
    return {row.id: row.language for row in db.session.execute(people, execution_options={"unscoped": True})}
