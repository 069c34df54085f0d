"""What an attempt is made of. Rows are added and, but for the end of a pause, never changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from lms import clock
from lms.assess.receipt import EPOCH
from lms.database import Model, UTCDateTime

Form = dict[str, list[str]]  # what the person's form held, field by field: the raw answer


class AttemptItem(Model):
    """One question of an attempt, pinned: the revision, and the numbers and order drawn for this person."""

    __tablename__ = "attempt_item"
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    position: Mapped[int]
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    instance: Mapped[dict[str, Any]] = mapped_column(JSON)
    __table_args__ = (
        UniqueConstraint("attempt_id", "position"),
        UniqueConstraint("attempt_id", "revision_id"),
        UniqueConstraint("id", "attempt_id"),
        CheckConstraint("position >= 1", name="position_counts_from_one"),
    )


class Response(Model):
    """One answer event. The current answer of an item is its row with the highest client_seq that was not late."""

    __tablename__ = "response"
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int]
    attempt_item_id: Mapped[int]
    client_seq: Mapped[int] = mapped_column(BigInteger)
    idempotency_key: Mapped[str] = mapped_column(String(64))
    value: Mapped[Form] = mapped_column(JSON)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    late: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str | None] = mapped_column(String(2))  # of the page; empty where it was not kept yet
    __table_args__ = (
        ForeignKeyConstraint(
            ["attempt_item_id", "attempt_id"], ["attempt_item.id", "attempt_item.attempt_id"], ondelete="CASCADE"
        ),
        UniqueConstraint("attempt_id", "idempotency_key"),
        Index(
            "ix_response_current",
            "attempt_item_id",
            "client_seq",
            sqlite_where=text("late IS 0"),
            postgresql_where=text("late IS false"),
        ),
        Index("ix_response_item", "attempt_item_id"),
        CheckConstraint("client_seq >= 1", name="seq_counts_from_one"),
    )


class Writer(Model):
    """Who may write: the page with the highest epoch. A new epoch lifts every later client_seq above all older ones."""

    __tablename__ = "attempt_writer"
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    epoch: Mapped[int]
    tab: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    __table_args__ = (UniqueConstraint("attempt_id", "epoch"),)

    def last_seq(self, stored: Iterable[int]) -> int:
        """The highest client_seq so far, at least the base of this writer; stored: of the answers that count."""
        return max((*stored, self.epoch * EPOCH))


class Pause(Model):
    __tablename__ = "attempt_pause"
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    __table_args__ = (
        Index(
            "uq_attempt_pause_open",
            "attempt_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="ends_after_start"),
    )


class Extension(Model):
    """Time beyond the limit: the person's own at the start, or given to an attempt that already runs."""

    __tablename__ = "attempt_extension"
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), index=True)
    seconds: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    __table_args__ = (CheckConstraint("seconds > 0", name="only_adds_time"),)


class ItemMark(Model):
    """The one mark of an item, given at the end from the raw answer; response_id is empty where there is none."""

    __tablename__ = "mark"
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_item_id: Mapped[int] = mapped_column(ForeignKey("attempt_item.id", ondelete="CASCADE"), unique=True)
    response_id: Mapped[int | None] = mapped_column(ForeignKey("response.id", ondelete="CASCADE"))
    category: Mapped[int]
    categories: Mapped[int]
    credit: Mapped[float]
    chance: Mapped[float]
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    __table_args__ = (
        CheckConstraint("category >= 0 AND category < categories", name="category_in_range"),
        CheckConstraint("credit >= 0 AND credit <= 1", name="credit_is_a_share"),
    )
