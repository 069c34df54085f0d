"""A person's sitting of a test. Its verbs expect the row's lock and leave the commit to the view."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from blinker import Signal
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, bindparam, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms import clock, evidence
from lms.assess import marking, stored_answers
from lms.assess import receipt as bounds
from lms.assess.instances import pinned
from lms.assess.models import AttemptItem, Form, Response, Writer
from lms.assess.receipt import EPOCH, LATE_DAYS, ActRefused, Receipt
from lms.assess.specification import Specification
from lms.assess.timing import Timed
from lms.assess.writing import WrittenByOne
from lms.config import LANGUAGES
from lms.database import Model, UTCDateTime, db
from lms.database.upsert import insert_together
from lms.web.i18n import language

_PLACE = (  # saving is the busiest act, so what it asks is built once
    select(AttemptItem, Writer, Response)
    .join(Writer, Writer.attempt_id == AttemptItem.attempt_id)
    .outerjoin(
        Response, (Response.attempt_id == AttemptItem.attempt_id) & (Response.idempotency_key == bindparam("key"))
    )
    .where(AttemptItem.attempt_id == bindparam("attempt"), AttemptItem.position == bindparam("position"))
    .order_by(Writer.epoch.desc())
    .limit(1)
)
ended = Signal("an attempt has ended, its marks and evidence stand")


class Attempt(Timed, WrittenByOne, Model):
    __tablename__ = "attempt"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(40))
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)  # of the test as it was when the attempt began
    subject: Mapped[str] = mapped_column(String(80))
    title: Mapped[dict[str, str]] = mapped_column(JSON)
    seed: Mapped[int]
    result_shown_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # keys of an ended attempt: first met then
    finished_by: Mapped[str | None] = mapped_column(String(12))
    parameter_set_id: Mapped[int | None] = mapped_column(ForeignKey("parameter_set.id"))
    bank: Mapped[list[int] | None] = mapped_column(JSON)  # revisions that questions come from one by one
    known: Mapped[dict[str, list[float]] | None] = mapped_column(
        JSON(none_as_null=True)
    )  # mean and SD of skills that it began from
    trials: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))  # by position: what counts not
    items: Mapped[list[AttemptItem]] = relationship(order_by=AttemptItem.position, cascade="all, delete-orphan")
    __table_args__ = (
        Index(
            "uq_attempt_open",
            "person_id",
            "purpose",
            "subject",
            unique=True,
            sqlite_where=text("submitted_at IS NULL"),
            postgresql_where=text("submitted_at IS NULL"),
        ),
        Index(
            "ix_attempt_overdue",
            "deadline_at",
            sqlite_where=text("submitted_at IS NULL"),
            postgresql_where=text("submitted_at IS NULL"),
        ),
        CheckConstraint("finished_by IN ('person', 'deadline')", name="finisher_known"),
        CheckConstraint("(submitted_at IS NULL) = (finished_by IS NULL)", name="end_has_both"),
        CheckConstraint("deadline_at IS NULL OR deadline_at > started_at", name="deadline_after_start"),
        CheckConstraint("grace >= 0", name="grace_not_negative"),
    )

    def title_in(self, language: str) -> str:
        """What it was called when it began; in Armenian where that day knew no such language."""
        return self.title.get(language) or self.title[LANGUAGES[0]]

    @cached_property
    def specification(self) -> Specification:
        """The test as it was when the attempt began, whatever it is today."""
        return Specification.read({"name": self.purpose} | self.rules)

    @property
    def adaptive(self) -> bool:
        """Each question is chosen from the answers so far."""
        return self.specification.adaptive

    def trial_at(self, position: int) -> int | None:
        """The revision on trial at this place of the test, None where a question counts."""
        return (self.trials or {}).get(str(position))

    # Questions and answers

    def append(self, *revision_ids: int) -> None:
        """Put more questions: their revisions, and the numbers and order that the seed draws for each place."""
        places = enumerate(revision_ids, len(self.items) + 1)
        insert_together(AttemptItem, [pinned(self.id, place, number, self.seed) for place, number in places])
        db.session.expire(self, ["items"])

    def answer(self, position: int, value: Form, client_seq: int, key: str, tab: str, older: bool = True) -> Receipt:
        """Append one answer event. A repeated key gets its first receipt again; what arrives after the end is kept as
        late. With older=False an answer that a newer one already covers is refused instead of kept behind it."""
        item, writer, repeated = self._look_up(position, key)
        if repeated:
            return self._repeat(repeated, item, value)
        newest = self._newest_number(item)
        self._may_write(item, writer, client_seq, tab, newest)
        if not older and self.submitted_at is None and newest >= client_seq:
            raise ActRefused("older")
        now = clock.now()
        if self._is_shut(now):
            raise ActRefused("too_late")
        late = self.submitted_at is not None or self.is_over(now)
        event = {"client_seq": client_seq, "idempotency_key": key, "value": value, "received_at": now, "late": late}
        event |= {"attempt_id": self.id, "attempt_item_id": item.id, "language": language()}
        insert_together(Response, [event])
        if late:
            self.finish()
        return Receipt(client_seq, late, self.time_left(now))

    def _look_up(self, position: int, key: str) -> tuple[AttemptItem, Writer, Response | None]:
        """Question, present writer and what the key brought before, in one statement: saving is the busiest act."""
        row = db.session.execute(_PLACE, {"attempt": self.id, "position": position, "key": key}).one_or_none()
        if row is None:
            raise ActRefused("no_item")
        item, writer, response = row
        return item, writer, response

    def _repeat(self, first: Response, item: AttemptItem, value: Form) -> Receipt:
        if (first.attempt_item_id, first.value) != (item.id, value):
            raise ActRefused("key_reused")
        return Receipt(first.client_seq, first.late, self.time_left(first.received_at))

    def _newest_number(self, item: AttemptItem) -> int:
        """Of the answer to the item that counts, 0 without any. ActRefused where a program, no person, sends answer
        after answer."""
        most = bounds.MOST_OF_ITEM, bounds.MOST_OF_ATTEMPT
        of_item, of_attempt, newest = stored_answers.counts(self.id, item.id, *most)
        if of_item >= bounds.MOST_OF_ITEM or of_attempt >= bounds.MOST_OF_ATTEMPT:
            raise ActRefused("too_many")
        return newest

    def _is_shut(self, now: datetime) -> bool:
        """The end, by the person or by the clock, is so long ago that nothing is kept any more."""
        ended = self.submitted_at or self.ends_at(now)
        return ended is not None and now > ended + timedelta(days=LATE_DAYS)

    def _may_write(self, item: AttemptItem, writer: Writer, client_seq: int, tab: str, newest: int) -> None:
        """Raise ActRefused where it could change what it must not. After the end an answer is late and changes
        nothing."""
        if self.submitted_at is not None:
            return
        if tab != writer.tab or not 1 <= client_seq < (writer.epoch + 1) * EPOCH:
            raise ActRefused("other_tab")
        if self.is_paused:
            raise ActRefused("paused")
        if not self.specification.revisit and item is not self.items[-1] and newest <= client_seq:
            raise ActRefused("passed")  # one that a newer answer covers can change nothing, and is kept

    def current_answers(self) -> dict[int, Response]:
        """The answer that counts, by position: the newest client_seq in time, whatever arrived last."""
        return stored_answers.current_answers(self.id)

    # The end

    def finish(self, complete: bool = False) -> None:
        """End the attempt, mark every item and hand the evidence over; once, however often it is asked for. complete:
        the test itself came to its end, so the question shown last was gone past and not left."""
        if self.submitted_at is None:
            self.resume()
            self.finished_by = "deadline" if self.time_left() == 0 else "person"
            self.submitted_at = max(clock.now(), self.started_at)  # a clock may have been put back since
            opened = len(self.items)
            if not self.adaptive and self.bank:
                self.append(*self.bank[opened:])  # never reached, so wrong in the result but no evidence
            sitting = evidence.Sitting(self.person_id, self.id, self.purpose, self.parameter_set_id)
            trials = frozenset(item.position for item in self.items if self.trial_at(item.position))
            end = marking.End(self.submitted_at, opened, complete, trials)
            marking.mark(self.items, self.current_answers(), sitting, self.specification, end)
            ended.send(self)
