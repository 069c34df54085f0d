"""The answers that an attempt holds, found by index: reading them costs the same after ten thousand answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, bindparam, func, select
from sqlalchemy.orm import aliased

from lms.assess.models import AttemptItem, Response, Writer
from lms.database import db

_Event, _Page = aliased(Response), aliased(Writer)


def _counting(column: Any) -> ScalarSelect[Any]:
    """A column of the answer that counts for the item at hand: the newest client_seq in time, whatever came last."""
    newest = select(column).where(_Event.attempt_item_id == AttemptItem.id, _Event.late.is_(False))
    return newest.order_by(_Event.client_seq.desc(), _Event.id.desc()).limit(1).correlate(AttemptItem).scalar_subquery()


# Every page of a sitting asks for these, so they are built once.
_CURRENT = (
    select(AttemptItem.position, Response)
    .join(Response, Response.id == _counting(_Event.id))
    .where(AttemptItem.attempt_id == bindparam("attempt"))
    .order_by(AttemptItem.position)
)
_NUMBERS = select(AttemptItem.position, _counting(_Event.client_seq).label("number")).where(
    AttemptItem.attempt_id == bindparam("attempt")
)
_ASKED = (
    select(
        AttemptItem.position,
        AttemptItem.revision_id,
        AttemptItem.instance,
        Response.value,
        Response.client_seq,
        Response.received_at,
        Writer.epoch,
        Writer.tab,
    )
    .join(Writer, Writer.attempt_id == AttemptItem.attempt_id)
    .outerjoin(Response, Response.id == _counting(_Event.id))
    .where(
        AttemptItem.attempt_id == bindparam("attempt"),
        Writer.epoch
        == select(func.max(_Page.epoch)).where(_Page.attempt_id == AttemptItem.attempt_id).scalar_subquery(),
    )
    .order_by(AttemptItem.position)
)


def _counted(owner: ColumnElement[bool], most: str) -> ScalarSelect[int]:
    some = select(Response.id).where(owner).limit(bindparam(most)).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


_COUNTS = select(
    _counted(Response.attempt_item_id == bindparam("item"), "most_of_item"),
    _counted(Response.attempt_id == bindparam("attempt"), "most_of_attempt"),
    select(func.coalesce(func.max(Response.client_seq), 0))
    .where(Response.attempt_item_id == bindparam("item"), Response.late.is_(False))
    .scalar_subquery(),
)


def current_answers(attempt_id: int) -> dict[int, Response]:
    """The answer that counts, by position; a position without one is left out."""
    return {row[0]: row[1] for row in db.session.execute(_CURRENT, {"attempt": attempt_id})}


def asked(attempt_id: int) -> Sequence[Row[Any]]:
    """All that a page of the attempt stands on: its questions in order, each with the answer that counts (None: none)
    and with who may write."""
    return db.session.execute(_ASKED, {"attempt": attempt_id}).all()


def current_numbers(attempt_id: int) -> dict[int, int]:
    """The client_seq of the answer that counts, by position, without its value."""
    rows = [tuple(row) for row in db.session.execute(_NUMBERS, {"attempt": attempt_id})]
    return {position: number for position, number in rows if number is not None}


def counts(attempt_id: int, attempt_item_id: int, most_of_item: int, most_of_attempt: int) -> tuple[int, int, int]:
    """How many answers, late ones too, item and attempt hold, each counted no further than its `most`; the client_seq
    of the item's answer that counts, 0 without any."""
    bounds = {"most_of_item": most_of_item, "most_of_attempt": most_of_attempt}
    row = db.session.execute(_COUNTS, {"attempt": attempt_id, "item": attempt_item_id, **bounds}).one()
    return row[0], row[1], row[2]
