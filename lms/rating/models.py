"""Works that people judge, what was written of them, and the ratings. Saves are added and never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms import clock
from lms.config import LANGUAGES
from lms.database import Model, UTCDateTime
from lms.worklog.models import LogEntry, Work, ends


class Rater(Model):
    """A person of the staff whom an administrator named: their ratings may become evidence. named_by: a person's
    number."""

    __tablename__ = "rater"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    named_by: Mapped[int] = mapped_column()
    named_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)


class RatedWork(Work, Model):
    """One work of a person. task, variant: see `tasks.Task`; version: of the task's texts; language: in which it is
    written; for_evidence: raters judge it and it counts, else it is practice; shared: its author lets colleagues
    practise rating on it; settled_at: when the raters' scores stood."""

    __tablename__ = "rated_work"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    task: Mapped[str] = mapped_column(String(20))
    variant: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)
    language: Mapped[str] = mapped_column(String(2))
    for_evidence: Mapped[bool] = mapped_column(default=True)
    shared: Mapped[bool] = mapped_column(default=False)
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
        *ends(),
        CheckConstraint(f"language IN {LANGUAGES}", name="language_known"),
    )


class WorkSave(LogEntry, Model):
    """The form of a work as a page sent it. writer, seq: the page, and the number that it gave."""

    __tablename__ = "work_save"
    work_id: Mapped[int] = mapped_column(ForeignKey("rated_work.id", ondelete="CASCADE"))
    writer: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int] = mapped_column(BigInteger)
    form: Mapped[dict[str, Any]] = mapped_column(JSON)
    __table_args__ = (
        UniqueConstraint("work_id", "number"),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
    )


class WorkFile(Model):
    """A file of a portfolio piece. name: as it is handed out; media_type: what the content proves."""

    __tablename__ = "work_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("rated_work.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


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
