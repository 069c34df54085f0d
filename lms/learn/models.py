"""What a learner leaves behind beside attempts. Mastery, progress and due reviews are derived, never stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms import clock
from lms.database import Model, UTCDateTime


class Reading(Model):
    """Where a person is in a module: the anchor of the section they left off at, equal in both languages, and the
    number of `##` sections seen so far."""

    __tablename__ = "reading"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    module: Mapped[str] = mapped_column(String(40))
    anchor: Mapped[str] = mapped_column(String(80), default="")
    reached: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # read to the end
    __table_args__ = (
        UniqueConstraint("person_id", "module"),
        CheckConstraint("reached >= 0", name="reached_not_negative"),
    )


class PracticeWork(Model):
    """The text of a practice task. Handed in, it completes the module; it is no evidence.

    version: raised with every save; writer, seq: the page that wrote the present text, and the number it gave to it.
    """

    __tablename__ = "practice_work"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    module: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    handed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=0)
    writer: Mapped[str] = mapped_column(String(64), default="")
    seq: Mapped[int] = mapped_column(BigInteger, default=0)
    __table_args__ = (UniqueConstraint("person_id", "module"),)


class EmbeddedAnswer(Model):
    """The latest answer to a question in the text: the raw form, so that its feedback can be shown again."""

    __tablename__ = "embedded_answer"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    item_key: Mapped[str] = mapped_column(String(200))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    instance: Mapped[dict[str, Any]] = mapped_column(JSON)
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    credit: Mapped[float]
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    __table_args__ = (
        UniqueConstraint("person_id", "item_key"),
        CheckConstraint("credit >= 0 AND credit <= 1", name="credit_is_a_share"),
    )


class Certificate(Model):
    """A finished course; one per person and course is valid. `data` is what it said on that day and never changes.

    withdrawn_at: when another one took its place, because the person's name was corrected; replaces: the code of the
    one before it.
    """

    __tablename__ = "certificate"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    course: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(32), unique=True)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    replaces: Mapped[str | None] = mapped_column(String(32))
    __table_args__ = (
        Index(
            "uq_certificate_valid",
            "person_id",
            "course",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )


class WeeklyAim(Model):
    """What a learner wants to do each week, chosen by themselves; a week begins on Monday.

    kind: what is counted, modules completed or questions answered; code: of the link that stops the reminders;
    settled_at: when the reminder of a week was last decided on, whether a letter left or the aim was met.
    """

    __tablename__ = "weekly_aim"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    number: Mapped[int]
    reminder: Mapped[bool] = mapped_column(default=False)
    code: Mapped[str] = mapped_column(String(43), unique=True)
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    __table_args__ = (
        CheckConstraint("kind IN ('modules', 'answers')", name="kind_known"),
        CheckConstraint("number >= 1 AND number <= 500", name="number_in_range"),
        Index("ix_weekly_aim_reminder", "reminder", "settled_at"),
    )
