"""The answers that an attempt holds, found by index: reading them costs the same after ten thousand answers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import aliased

from lms.assess.models import AttemptItem, Response
from lms.database import db

_Event = aliased(Response)


def _counting(column: Any) -> ScalarSelect[Any]:
    """A column of the answer that counts for the item at hand: the newest client_seq in time, whatever came last."""
    newest = select(column).where(_Event.attempt_item_id == AttemptItem.id, _Event.late.is_(False))
    return newest.order_by(_Event.client_seq.desc(), _Event.id.desc()).limit(1).correlate(AttemptItem).scalar_subquery()


def current_answers(attempt_id: int) -> dict[int, Response]:
    """The answer that counts, by position; a position without one is left out."""
    rows = db.session.execute(
        select(AttemptItem.position, Response)
        .join(Response, Response.id == _counting(_Event.id))
        .where(AttemptItem.attempt_id == attempt_id)
        .order_by(AttemptItem.position)
    )
    return {row[0]: row[1] for row in rows}


def current_numbers(attempt_id: int) -> dict[int, int]:
    """The client_seq of the answer that counts, by position, without its value."""
    rows = [tuple(row) for row in db.session.execute(_numbers(attempt_id))]
    return {position: number for position, number in rows if number is not None}


def _numbers(attempt_id: int) -> Select[Any]:
    return select(AttemptItem.position, _counting(_Event.client_seq).label("number")).where(
        AttemptItem.attempt_id == attempt_id
    )


def highest_number(attempt_id: int) -> int:
    """The highest client_seq stored in time, 0 without any."""
    numbers = _numbers(attempt_id).subquery()
    return db.session.scalar(select(func.max(numbers.c.number))) or 0


def newest_number(attempt_item_id: int) -> int:
    """The client_seq of the answer to one item that counts, 0 without any."""
    in_time = Response.attempt_item_id == attempt_item_id, Response.late.is_(False)
    return db.session.scalar(select(func.max(Response.client_seq)).where(*in_time)) or 0


def counts(attempt_id: int, attempt_item_id: int, most_of_item: int, most_of_attempt: int) -> tuple[int, int]:
    """How many answers, late ones too, item and attempt hold; each counted no further than its `most`."""
    of_item = select(Response.id).where(Response.attempt_item_id == attempt_item_id).limit(most_of_item).subquery()
    of_attempt = select(Response.id).where(Response.attempt_id == attempt_id).limit(most_of_attempt).subquery()
    statement = select(*(select(func.count()).select_from(some).scalar_subquery() for some in (of_item, of_attempt)))
    row = db.session.execute(statement).one()
    return row[0], row[1]
