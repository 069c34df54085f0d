"""The usual save, in three statements and without an object: the page that writes sends a new answer in time.

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
from sqlalchemy import Connection, Row, bindparam, exists, func, insert, select
from sqlalchemy.exc import DBAPIError

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
_ATTEMPT = (  # locked; what others change under that lock is asked for afterwards, and nobody is waited for in a group
    select(Attempt.id, Attempt.started_at, Attempt.deadline_at, Attempt.rules, Attempt.organisation_id, Person.language)
    .select_from(Attempt)
    .join(Person, Person.id == Attempt.person_id)
    .join(Session, Session.person_id == Person.id)
    .where(Attempt.id == bindparam("attempt"), Attempt.submitted_at.is_(None), IS_LIVE)
    .with_for_update(of=Attempt, skip_locked=True)
)
_stored = select(Response.id).where(Response.attempt_id == bindparam("attempt")).limit(bindparam("most")).subquery()
_PLACE = (
    select(
        AttemptItem.id,
        Writer.epoch,
        Writer.tab,
        exists().where(Pause.attempt_id == bindparam("attempt")).label("paused"),
        exists()
        .where(Response.attempt_id == bindparam("attempt"), Response.idempotency_key == bindparam("key"))
        .label("repeated"),
        select(func.coalesce(func.sum(Extension.seconds), 0))
        .where(Extension.attempt_id == bindparam("attempt"))
        .scalar_subquery()
        .label("extra"),
        select(func.count()).select_from(_stored).scalar_subquery().label("stored"),
    )
    .join(Writer, Writer.attempt_id == AttemptItem.attempt_id)
    .where(AttemptItem.attempt_id == bindparam("attempt"), AttemptItem.position == bindparam("position"))
    .order_by(Writer.epoch.desc())
    .limit(1)
)
_PLACE_OF_FORM = _PLACE.add_columns(  # a form also says where an older answer was given
    AttemptItem.revision_id,
    AttemptItem.instance,
    exists()
    .where(
        Response.attempt_item_id == AttemptItem.id,
        Response.late.is_(False),
        Response.client_seq >= bindparam("seq"),
    )
    .correlate(AttemptItem)
    .label("covered"),
)
_INSERT = insert(Response.__table__).inline()  # type: ignore[arg-type]  # nobody asks which number it got


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
        attempt = connection.execute(_ATTEMPT, {"attempt": attempt_id, **live}).one_or_none()
        if attempt and attempt.rules.get("revisit") is not True:
            _left_alone().add(attempt_id)
            return None
        return _store(connection, attempt, posted) if attempt else None

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


def _store(connection: Connection, attempt: Row[Any], posted: PostedAnswer) -> Receipt | None:
    most = min(bounds.MOST_OF_ITEM, bounds.MOST_OF_ATTEMPT)  # of one item there are no more than of all
    asked = {"attempt": attempt.id, "position": posted.position, "key": posted.key, "most": most}
    if wants_json():
        place = connection.execute(_PLACE, asked).one_or_none()
    else:
        place = connection.execute(_PLACE_OF_FORM, {**asked, "seq": posted.seq}).one_or_none()
        place = place if place and not place.covered and _holds_together(attempt, place, posted) else None
    now = clock.now()
    if place is None or place.stored >= most or not _is_usual(place, posted):
        return None
    left = _time_left(attempt, place.extra, now)
    if left is not None and left <= 0:
        return None
    event = {"client_seq": posted.seq, "idempotency_key": posted.key, "value": posted.value, "late": False}
    event |= {"language": attempt.language}
    connection.execute(_INSERT, {**event, "attempt_id": attempt.id, "attempt_item_id": place.id, "received_at": now})
    return Receipt(posted.seq, False, left)


def _is_usual(place: Row[Any], posted: PostedAnswer) -> bool:
    """The page that writes sends an answer that nothing stands against."""
    mine = posted.tab == place.tab and posted.seq < (place.epoch + 1) * EPOCH
    return mine and not place.paused and not place.repeated


def _holds_together(attempt: Row[Any], place: Row[Any], posted: PostedAnswer) -> bool:
    """Whether the answer can be read and contradicts itself nowhere, as far as this process knows the question."""
    with content_of(attempt.organisation_id):
        question = published_before(place.revision_id)
    try:
        value = question and questions.read_form(question, place.instance, posted.value)
    except ValueError:
        return False
    return question is not None and value is not None and not questions.contradicts(question, value)


def _time_left(attempt: Row[Any], extra: int, now: datetime) -> float | None:
    """Seconds, as `Attempt.time_left` of an attempt without pauses; None: no limit."""
    if attempt.deadline_at is None:
        return None
    ends: datetime = attempt.deadline_at + timedelta(seconds=extra)
    begun: datetime = attempt.started_at
    return max(0.0, (ends - max(now, begun)).total_seconds())
