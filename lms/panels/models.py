"""A panel, its judges and their ratings. The record of a panel is its row: what was judged, and what it came to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms import clock
from lms.config import LANGUAGES
from lms.database import Model, UTCDateTime


class Panel(Model):
    """One cut, judged. level: whose beginning; skill: whose items, "" for all skills; items: in the order of the pages,
    {"revision", "seed", "a", "b", "c"}, the parameters as they stood when the panel was opened; about: who the judges
    are, in the coordinator's words; state: the round that runs, or "closed"; result: `result.outcome_of`, kept at the
    end; edition: number of the organisation's edition that took the cut; made_up: its judges are a program."""

    __tablename__ = "panel"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    level: Mapped[int]
    skill: Mapped[str] = mapped_column(String(80), default="")
    pool: Mapped[str] = mapped_column(String(12))
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    about: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(8), default="first")
    closes_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    adopted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    adopted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    edition: Mapped[int | None]
    made_up: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    __table_args__ = (
        CheckConstraint("level >= 1 AND level <= 5", name="level_in_range"),
        CheckConstraint("state IN ('first', 'second', 'closed')", name="state_known"),
        CheckConstraint("pool IN ('placement', 'practice')", name="pool_open"),
    )

    @property
    def round(self) -> int:
        """That runs, or ran last."""
        return 1 if self.state == "first" else 2


class PanelJudge(Model):
    """Somebody invited; no account. token_hash: SHA-256 of the link; email: gone when the panel ends; first_done_at,
    second_done_at: when the round's ratings were handed in."""

    __tablename__ = "panel_judge"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(2), default="hy")
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    invited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    first_done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    second_done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    __table_args__ = (
        UniqueConstraint("panel_id", "email"),
        CheckConstraint(f"language IN {LANGUAGES}", name="language_known"),
    )

    def done(self, number: int) -> bool:
        """Whether the ratings of that round are handed in."""
        return (self.first_done_at if number == 1 else self.second_done_at) is not None


class PanelRating(Model):
    """What a judge gave an item in a round: of a hundred people just at the level, how many reach the full mark, a half
    mark counting half."""

    __tablename__ = "panel_rating"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id", ondelete="CASCADE"), index=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("panel_judge.id", ondelete="CASCADE"))
    round: Mapped[int]
    position: Mapped[int]
    value: Mapped[int]
    given_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    __table_args__ = (
        UniqueConstraint("judge_id", "round", "position"),
        CheckConstraint("round IN (1, 2)", name="round_known"),
        CheckConstraint("value >= 0 AND value <= 100", name="value_of_a_hundred"),
        CheckConstraint("position >= 1", name="position_counts_from_one"),
    )
