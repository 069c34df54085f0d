"""What is decided about candidates: steps and their reasons, interviews, reports issued, groups to compare with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms import clock
from lms.config import LANGUAGES
from lms.database import Model, UTCDateTime


class NormGroup(Model):
    """Everybody who finished one of these campaigns in this language. campaigns: their ids, all of one role."""

    __tablename__ = "norm_group"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(2))
    campaigns: Mapped[list[int]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    __table_args__ = (
        UniqueConstraint("organisation_id", "name"),
        CheckConstraint(f"language IN {LANGUAGES}", name="language_known"),
    )


class Decision(Model):
    """A step of a candidate through the pipeline, decided and reasoned by a person: added, never changed.

    suggested: what the figures said then ("met", "not_met", "inconclusive"); overrides: the decision goes against it;
    number, seal: the chain within the campaign, see `lms.selection`. It names people by number and covers the reason by
    its SHA-256, so that the words can go with the candidate's data while the chain stays.
    """

    __tablename__ = "decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    candidate_id: Mapped[int] = mapped_column(index=True)  # no key: the number outlives the candidate
    number: Mapped[int]
    stage_from: Mapped[str] = mapped_column(String(12))
    stage_to: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text)
    reason_sha256: Mapped[str] = mapped_column(String(64))
    suggested: Mapped[str] = mapped_column(String(12))
    overrides: Mapped[bool] = mapped_column(default=False)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    decided_by_id: Mapped[int]  # the number that the seal covers, also after the person has left
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    seal: Mapped[str] = mapped_column(String(64))
    __table_args__ = (UniqueConstraint("campaign_id", "number"),)


class InterviewScore(Model):
    """What an interviewer wrote down for one question of the guide. score: 1 to 5 by the anchors shown."""

    __tablename__ = "interview_score"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    question: Mapped[str] = mapped_column(String(80))
    sub: Mapped[str] = mapped_column(String(80))
    score: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    scored_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    __table_args__ = (
        UniqueConstraint("candidate_id", "question", "scored_by"),
        CheckConstraint("score >= 1 AND score <= 5", name="score_in_range"),
    )


class IssuedReport(Model):
    """A report as it was issued. snapshot: all that its pages are drawn from; sha256: of the snapshot's canonical JSON.
    audience: "candidate" or "hr"."""

    __tablename__ = "issued_report"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    audience: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(2))
    snapshot: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    __table_args__ = (CheckConstraint("audience IN ('candidate', 'hr')", name="audience_known"),)
