"""A run of a work sample and its log. Actions are added and never changed; the score follows from them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms import clock
from lms.database import Model, UTCDateTime


class LabRun(Model):
    """One sitting of a person, whatever their roles. task, brief: see `tasks.Task`; seed: of the drawn world;
    model_version, brief_version: what it was begun with; language: in which it was begun; give_back_url: the own page
    that asked for the run and gets the person back, "" where it is the person's own; outcome: canonical JSON of the
    score, written once at the end; finished_by: "person" or "deadline"."""

    __tablename__ = "lab_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    task: Mapped[str] = mapped_column(String(40), default="campaign", server_default="campaign")
    brief: Mapped[str] = mapped_column(String(40))
    brief_version: Mapped[int]
    model_version: Mapped[str] = mapped_column(String(20))
    seed: Mapped[int]
    language: Mapped[str | None] = mapped_column(String(2))
    give_back_url: Mapped[str] = mapped_column(String(200), default="", server_default="")
    started_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    deadline_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_by: Mapped[str | None] = mapped_column(String(12))
    outcome: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (
        Index(
            "uq_lab_run_open",
            "person_id",
            "task",
            "brief",
            "give_back_url",
            unique=True,
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
        CheckConstraint("finished_by IN ('person', 'deadline')", name="finisher_known"),
        CheckConstraint("(finished_at IS NULL) = (finished_by IS NULL)", name="end_has_both"),
        CheckConstraint("deadline_at > started_at", name="deadline_after_start"),
    )


class LabAction(Model):
    """One entry of the log. number counts from 1 within the run; act, step, form: see `model.log.Action`; late: it
    came after the end, is kept and changes nothing."""

    __tablename__ = "lab_action"
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("lab_run.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    idempotency_key: Mapped[str] = mapped_column(String(64))
    act: Mapped[str] = mapped_column(String(8))
    step: Mapped[int]
    form: Mapped[dict[str, Any]] = mapped_column(JSON)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    late: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        UniqueConstraint("run_id", "number"),
        UniqueConstraint("run_id", "idempotency_key"),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
        CheckConstraint("act IN ('save', 'next', 'undo', 'buy')", name="act_known"),
        CheckConstraint("step BETWEEN 1 AND 7", name="step_of_seven"),
    )
