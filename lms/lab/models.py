"""A run of a work sample and its log. Actions are added and never changed; the score follows from them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.database import Model, UTCDateTime
from lms.worklog.models import LogEntry, Work, ends


class LabRun(Work, Model):
    """One sitting of a person, whatever their roles. task, brief: see `tasks.Task`; seed: of the drawn world;
    model_version, brief_version: what it was begun with; language: in which it was begun; outcome: canonical JSON of
    the score, written once at the end; result_shown_at: when the person first met it."""

    __tablename__ = "lab_run"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    task: Mapped[str] = mapped_column(String(40), default="campaign", server_default="campaign")
    brief: Mapped[str] = mapped_column(String(40))
    brief_version: Mapped[int]
    model_version: Mapped[str] = mapped_column(String(20))
    seed: Mapped[int]
    language: Mapped[str | None] = mapped_column(String(2))
    give_back_url: Mapped[str] = mapped_column(String(200), default="", server_default="")
    outcome: Mapped[str | None] = mapped_column(Text)
    result_shown_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
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
        *ends(),
        CheckConstraint("deadline_at > started_at", name="deadline_after_start"),
    )


class LabAction(LogEntry, Model):
    """act, step, form: see `model.log.Action`."""

    __tablename__ = "lab_action"
    work_id: Mapped[int] = mapped_column("run_id", ForeignKey("lab_run.id", ondelete="CASCADE"))
    idempotency_key: Mapped[str] = mapped_column(String(64))
    act: Mapped[str] = mapped_column(String(8))
    step: Mapped[int]
    form: Mapped[dict[str, Any]] = mapped_column(JSON)
    __table_args__ = (
        UniqueConstraint("run_id", "number"),
        UniqueConstraint("run_id", "idempotency_key"),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
        CheckConstraint("act IN ('save', 'next', 'undo', 'buy')", name="act_known"),
        CheckConstraint("step BETWEEN 1 AND 7", name="step_of_seven"),
    )
