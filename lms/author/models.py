"""What instructors' pages keep: counts of how each item was answered, and the figures that need whole people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms import clock
from lms.database import Model, UTCDateTime


class ItemCount(Model):
    """Sums over an organisation's first answers to one revision in one language; tally: see `tallies.Tally`."""

    __tablename__ = "item_count"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    categories: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    item_key: Mapped[str] = mapped_column(String(200))
    tally: Mapped[dict[str, int]] = mapped_column(JSON)


class ItemCountRound(Model):
    """Which round of counting an organisation is in. Whoever changes its counts holds this row.

    basis: what the round leaves out and how it counts, a new one begins with another; number: raised with every change;
    people: whose evidence is held; figured: the number that `ItemFigures` were made from, at figured_at.
    """

    __tablename__ = "item_count_round"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    round: Mapped[int]
    basis: Mapped[str] = mapped_column(String(60))
    number: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=0)
    figured: Mapped[int] = mapped_column(default=0)
    figured_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ItemFigures(Model):
    """Of one item what sums can't tell (fit, reliability, languages), made in the background; figures: by name."""

    __tablename__ = "item_figures"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    item_key: Mapped[str] = mapped_column(String(200), primary_key=True)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)


class CalibrationRun(Model):
    """A calibration that staff asked for. One at a time is open in the whole installation.

    is_open: true until it has ended, then empty; stop: it shall end; seen_at: when the process that works on it last
    looked; step, steps, skill: how far it is; answers: read so far; set_id: what it made.
    """

    __tablename__ = "calibration_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    is_open: Mapped[bool | None]
    stop: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    outcome: Mapped[str] = mapped_column(String(12), default="")
    step: Mapped[int] = mapped_column(default=0)
    steps: Mapped[int] = mapped_column(default=0)
    skill: Mapped[str] = mapped_column(String(80), default="")
    answers: Mapped[int] = mapped_column(default=0)
    set_id: Mapped[int | None] = mapped_column(ForeignKey("parameter_set.id"))
    __table_args__ = (
        UniqueConstraint("is_open"),
        CheckConstraint("outcome IN ('', 'done', 'empty', 'stopped', 'failed')", name="outcome_known"),
    )
