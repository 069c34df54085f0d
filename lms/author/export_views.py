"""What instructors take away for programs of their own: first answers, however many, and the figures of the questions.

Answers are read and sent fifty people at a time, so a million of them take no more memory than a page. People are
numbers that are the same in every copy and stand on no page; there are no names, and of an answer only the step that it
reached.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, Response, current_app, stream_with_context
from flask.typing import ResponseReturnValue
from sqlalchemy import Row, select

from lms import publishing
from lms.author.item_statistics import ItemStatistics, item_statistics
from lms.database import db
from lms.database.transaction import read_transaction
from lms.evidence.models import Evidence
from lms.identity.access import current_person, needs
from lms.identity.models import Person
from lms.report.spreadsheets import Value, csv_of, csv_parts, xlsx_of

TOGETHER = 50  # people whose answers are read at a time
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ANSWERS = ("person", "item", "revision", "sub_competency", "kind", "step", "steps", "test", "language", "answered_at")
FIGURES = ("item", "sub_competency", "type", "level", "n", "people", "p", "item_rest", "alpha", "infit", "outfit")
instructor = needs("instructor")


def add_to(bp: Blueprint) -> None:
    for name, view in (("answers", answers_csv), ("statistics", statistics_csv)):
        bp.add_url_rule(f"/{name}.csv", view_func=view)
    bp.add_url_rule("/answers.json", view_func=answers_json)
    bp.add_url_rule("/statistics.xlsx", view_func=statistics_xlsx)


@instructor
def answers_csv() -> ResponseReturnValue:
    return _download(csv_parts(ANSWERS, _answers(current_person.organisation_id)), "answers.csv", "text/csv")


@instructor
def answers_json() -> ResponseReturnValue:
    """A list, one object a line."""
    return _download(_json_parts(_answers(current_person.organisation_id)), "answers.json", "application/json")


@instructor
def statistics_csv() -> ResponseReturnValue:
    return _download(iter([csv_of(FIGURES, _figures())]), "statistics.csv", "text/csv")


@instructor
def statistics_xlsx() -> ResponseReturnValue:
    return _download(iter([xlsx_of("Hmut", FIGURES, _figures())]), "statistics.xlsx", XLSX)


def _download(parts: Iterator[bytes], name: str, kind: str) -> Response:
    reply = Response(stream_with_context(parts), content_type=kind if kind == XLSX else f"{kind}; charset=utf-8")
    reply.headers["Content-Disposition"] = f'attachment; filename="hmut-{name}"'
    return reply


def _answers(organisation_id: int) -> Iterator[list[Value]]:
    """A line for each first answer, person by person. Nothing is held between two readings."""
    last, rows = _read(organisation_id, 0)
    while last:
        numbers = {person: _number(person) for person in {row.person_id for row in rows}}
        for row in rows:
            yield [numbers[row.person_id], *row[1:-1], row.answered_at.isoformat(timespec="seconds")]
        last, rows = _read(organisation_id, last)


def _read(organisation_id: int, after: int) -> tuple[int, list[Row[Any]]]:
    """The answers of the people who come next, and the last of these people, 0 where nobody is left. What is sent in
    parts is read when the request, and its promise only to read, are over."""
    with read_transaction():
        people = _people(organisation_id, after)
        rows = _of(people)
    return (people[-1] if people else 0), rows


def _people(organisation_id: int, after: int) -> Sequence[int]:
    mine = Person.organisation_id == organisation_id, Person.id > after
    return db.session.scalars(select(Person.id).where(*mine).order_by(Person.id).limit(TOGETHER)).all()


def _of(people: Sequence[int]) -> list[Row[Any]]:
    columns = (Evidence.item_key, Evidence.revision_id, Evidence.sub, Evidence.kind, Evidence.category)
    rows = select(Evidence.person_id, *columns, Evidence.categories, Evidence.purpose, Evidence.language)
    rows = rows.add_columns(Evidence.answered_at).where(Evidence.person_id.in_(people))
    return list(db.session.execute(rows.order_by(Evidence.person_id, Evidence.id)))


def _number(person: int) -> str:
    """Of the person in every copy; nobody without the secret finds the person by it."""
    secret = str(current_app.config["SECRET_KEY"]).encode()[:64]
    return hashlib.blake2b(str(person).encode(), key=secret, person=b"answers", digest_size=8).hexdigest()


def _json_parts(rows: Iterator[list[Value]]) -> Iterator[bytes]:
    before = b"[\n"
    for row in rows:
        yield before + json.dumps(dict(zip(ANSWERS, row, strict=True)), ensure_ascii=False).encode()
        before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"


def _figures() -> list[list[Value]]:
    statistics, items = item_statistics(current_person.organisation_id), publishing.library().items
    return [_line(items[key], figures) for key, figures in sorted(statistics.items()) if key in items]


def _line(item: Any, figures: ItemStatistics) -> list[Value]:
    fit = (figures.p, figures.item_rest, figures.alpha, figures.infit, figures.outfit)
    rounded = [None if value is None else round(value, 3) for value in fit]
    return [item.id, item.sub, item.type, item.level, figures.n, figures.people, *rounded]
