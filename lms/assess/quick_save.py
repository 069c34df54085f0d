"""The usual save, in two statements and without an object: the page that writes sends a new answer in time.

Saving is by far the busiest act, by a script or, without one, by a form that then goes on to its page. Whatever is not
plainly usual (another page writes, a pause, the end, a repeated key, a bound) is left to `Attempt.answer`, which knows
every rule; a test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from flask import current_app, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, Row, bindparam, exists, false, func, insert, select, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased

from lms import clock
from lms.assess import receipt as bounds
from lms.assess.answer_form import PostedAnswer, posted_answer
from lms.assess.attempt import Attempt
from lms.assess.models import AttemptItem, Extension, Pause, Response, Writer
from lms.assess.receipt import EPOCH, Receipt
from lms.content import questions
from lms.database.commit_group import commit_together
from lms.database.transaction import is_collision
from lms.identity.live_session import IS_LIVE, live_values
from lms.identity.models import Person, Session
from lms.publishing.current_content import published_before
from lms.publishing.viewer import content_of
from lms.web.errors import wants_json

View = Callable[[int], ResponseReturnValue]
MOST_LEFT_ALONE = 10_000
_PLACE = (  # the attempt is locked, and nobody is waited for in a group
    select(
        Attempt.id,
        Attempt.started_at,
        Attempt.deadline_at,
        Attempt.rules,
        Attempt.organisation_id,
        Person.language,
        AttemptItem.id.label("item"),
        AttemptItem.revision_id,
        AttemptItem.instance,
        select(func.coalesce(func.sum(Extension.seconds), 0))
        .where(Extension.attempt_id == Attempt.id)
        .scalar_subquery()
        .label("extra"),
    )
    .select_from(Attempt)
    .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
    .join(Person, Person.id == Attempt.person_id)
    .join(Session, Session.person_id == Person.id)
    .where(Attempt.id == bindparam("attempt"), AttemptItem.position == bindparam("position"))
    .where(Attempt.submitted_at.is_(None), IS_LIVE)
    .with_for_update(of=Attempt, skip_locked=True)
)
_newer = aliased(Writer)
_some = select(Response.id).where(Response.attempt_id == bindparam("attempt")).limit(bindparam("most")).subquery()
_EVENT = {
    Response.attempt_id: bindparam("attempt"),
    Response.attempt_item_id: bindparam("item"),
    Response.client_seq: bindparam("seq"),
    Response.idempotency_key: bindparam("key"),
    Response.value: bindparam("answer"),
    Response.language: bindparam("spoken"),
    Response.received_at: bindparam("now"),
    Response.late: false(),
}
# What others change under the attempt's lock, which stands by then, is asked for in the INSERT itself: the page that
# writes sends an answer that nothing stands against, else there is no row.
_usual = (
    select(*(type_coerce(value, column.type) for column, value in _EVENT.items()))
    .select_from(Writer)
    .where(
        Writer.attempt_id == bindparam("attempt"),
        Writer.tab == bindparam("tab"),
        Writer.epoch >= bindparam("epoch"),
        ~exists().where(_newer.attempt_id == bindparam("attempt"), _newer.epoch > Writer.epoch).correlate(Writer),
        ~exists().where(Pause.attempt_id == bindparam("attempt")),
        ~exists().where(Response.attempt_id == bindparam("attempt"), Response.idempotency_key == bindparam("key")),
        select(func.count()).select_from(_some).scalar_subquery() < bindparam("most"),
    )
)
_usual_of_form = _usual.where(  # and no newer answer covers it
    ~exists().where(
        Response.attempt_item_id == bindparam("item"),
        Response.late.is_(False),
        Response.client_seq >= bindparam("seq"),
    )
)
_into = insert(Response.__table__).inline().execution_options(preserve_rowcount=True)  # type: ignore[arg-type]
_INSERT, _INSERT_OF_FORM = (_into.from_select(list(_EVENT), rows) for rows in (_usual, _usual_of_form))


def tried_first(view: View) -> View:
    """Answer by the short way where that is the usual save, else as `view` does."""

    @wraps(view)
    def answer(attempt_id: int) -> ResponseReturnValue:
        receipt = _receipt_of(attempt_id)
        if receipt is None:
            return view(attempt_id)
        return jsonify(receipt.plain()) if wants_json() else redirect(_onward(attempt_id), 303)

    return answer


def _onward(attempt_id: int) -> str:
    """The page after a form: what its button named, else the next open question."""
    go = request.form.get("go")
    after = None if go else request.form["item"]
    return url_for("assess.sitting", attempt_id=attempt_id, alone=1, item=go, after=after)


def _receipt_of(attempt_id: int) -> Receipt | None:
    if attempt_id in _left_alone():
        return None
    values = live_values()
    try:
        posted = posted_answer(request.form)
    except ValueError:
        return None
    return _save(attempt_id, posted, values) if values and (wants_json() or _is_usual_form(posted)) else None


def _is_usual_form(posted: PostedAnswer) -> bool:
    """It holds an answer, and its button goes on."""
    go = request.form.get("go", "end")
    return bool(posted.value) and "take_over" not in request.form and (go == "end" or go.isdecimal())


def _save(attempt_id: int, posted: PostedAnswer, live: dict[str, Any]) -> Receipt | None:
    """The receipt of the answer now stored; None, and nothing stored, where the case is not the usual one."""

    def store(connection: Connection) -> Receipt | None:
        parameters = {"attempt": attempt_id, "position": posted.position, **live}
        place = connection.execute(_PLACE, parameters).one_or_none()
        if place and place.rules.get("revisit") is not True:
            _left_alone().add(attempt_id)
            return None
        return _store(connection, place, posted) if place else None

    try:
        return commit_together(store)
    except DBAPIError as error:
        if is_collision(error):
            return None
        raise


def _left_alone() -> set[int]:
    """Attempts of this process whose questions come one by one, which is said when they begin: no need to look again.
    A number too many costs time, no rule."""
    numbers: set[int] = current_app.extensions.setdefault("one_by_one", set())
    if len(numbers) > MOST_LEFT_ALONE:
        numbers.clear()
    return numbers


def _store(connection: Connection, place: Row[Any], posted: PostedAnswer) -> Receipt | None:
    now = clock.now()
    left = _time_left(place, now)
    if left is not None and left <= 0:
        return None
    if not wants_json() and not _holds_together(place, posted):
        return None
    most = min(bounds.MOST_OF_ITEM, bounds.MOST_OF_ATTEMPT)  # of one item there are no more than of all
    event = {"attempt": place.id, "item": place.item, "spoken": place.language, "now": now, "most": most}
    event |= {"seq": posted.seq, "epoch": posted.seq // EPOCH, "key": posted.key, "tab": posted.tab}
    insertion = _INSERT if wants_json() else _INSERT_OF_FORM
    stored = connection.execute(insertion, {**event, "answer": posted.value}).rowcount
    return Receipt(posted.seq, False, left) if stored else None


def _holds_together(place: Row[Any], posted: PostedAnswer) -> bool:
    """Whether the answer can be read and contradicts itself nowhere, as far as this process knows the question."""
    with content_of(place.organisation_id):
        question = published_before(place.revision_id)
    try:
        value = question and questions.read_form(question, place.instance, posted.value)
    except ValueError:
        return False
    return question is not None and value is not None and not questions.contradicts(question, value)


def _time_left(place: Row[Any], now: datetime) -> float | None:
    """Seconds, as `Attempt.time_left` of an attempt without pauses; None: no limit."""
    if place.deadline_at is None:
        return None
    ends: datetime = place.deadline_at + timedelta(seconds=place.extra)
    begun: datetime = place.started_at
    return max(0.0, (ends - max(now, begun)).total_seconds())
