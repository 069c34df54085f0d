"""Works that people judge, what was written of them, and the ratings. Saves are added and never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms import clock
from lms.database import Model, UTCDateTime


class Rater(Model):
    """A person of the staff whom an administrator named: their ratings may become evidence. named_by: a person's
    number."""

    __tablename__ = "rater"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    named_by: Mapped[int] = mapped_column()
    named_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class RatedWork(Model):
    """One work of a person. task, variant: see `tasks.Task`; version: of the task's texts; language: in which it is
    written; give_back_url: the own page that asked for it, "" where it is the person's own; for_evidence: raters judge
    it and it counts, else it is practice; shared: its author lets colleagues practise rating on it; finished_by:
    "person" or "deadline"; settled_at: when the raters' scores stood."""

    __tablename__ = "rated_work"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    task: Mapped[str] = mapped_column(String(20))
    variant: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)
    language: Mapped[str] = mapped_column(String(2))
    give_back_url: Mapped[str] = mapped_column(String(200), default="")
    for_evidence: Mapped[bool] = mapped_column(default=True)
    shared: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    deadline_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_by: Mapped[str | None] = mapped_column(String(12))
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    __table_args__ = (
        Index(
            "uq_rated_work_open",
            "person_id",
            "task",
            "give_back_url",
            unique=True,
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
        Index("ix_rated_work_waiting", "organisation_id", "settled_at", "finished_at"),
        CheckConstraint("finished_by IN ('person', 'deadline')", name="finisher_known"),
        CheckConstraint("(finished_at IS NULL) = (finished_by IS NULL)", name="end_has_both"),
        CheckConstraint("language IN ('hy', 'en')", name="language_known"),
    )


class WorkSave(Model):
    """The form of a work as a page sent it. number counts from 1 within the work; writer, seq: the page, and the number
    that it gave; late: it came after the end, is kept and changes nothing."""

    __tablename__ = "work_save"
    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("rated_work.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    writer: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int] = mapped_column(BigInteger)
    form: Mapped[dict[str, Any]] = mapped_column(JSON)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    late: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        UniqueConstraint("work_id", "number"),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
    )


class WorkRating(Model):
    """One rating of a work, taken and then given. person_id: whose work it is; rater_id: who rates; counts: by a named
    rater, else by a colleague who practises; scores, notes: criterion -> 0..3, criterion -> text."""

    __tablename__ = "work_rating"
    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("rated_work.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    rater_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    counts: Mapped[bool] = mapped_column(default=True)
    taken_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    given_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    scores: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    notes: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    __table_args__ = (
        UniqueConstraint("work_id", "rater_id"),
        Index("ix_work_rating_organisation", "organisation_id", "given_at"),
        CheckConstraint("rater_id <> person_id", name="nobody_rates_themselves"),
    )
