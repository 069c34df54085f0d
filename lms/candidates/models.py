"""What is noted of a candidate's way: events beside the answers, objections, what they chose to say of themselves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms import clock
from lms.database import Model, UTCDateTime


class CandidateEvent(Model):
    """What happened while a test was sat; it has an innocent explanation and is never a score. amount: seconds away,
    length of a paste; device: "Chrome, Android", as sessions name it."""

    __tablename__ = "candidate_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    position: Mapped[int | None]
    amount: Mapped[float | None]
    device: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    __table_args__ = (
        CheckConstraint(
            "kind IN ('opened', 'left_page', 'returned', 'pasted', 'device', 'fast_answer', 'offline', 'online', "
            "'practised')",
            name="kind_known",
        ),
    )


class Contest(Model):
    """A candidate's word against an item or the whole result. revision_id: the item, empty for the result; it reaches
    HR and the item's author; both sides see the status and the answer."""

    __tablename__ = "contest"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))
    text: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(10), default="open")
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    __table_args__ = (CheckConstraint("status IN ('open', 'looked_at', 'upheld', 'refused')", name="status_known"),)


class GroupAnswer(Model):
    """What a candidate chose to say about the groups they belong to, kept apart from results: it is read only as counts
    above a minimum. name: "gender", "age", "region"."""

    __tablename__ = "group_answer"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), index=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(40))
    __table_args__ = (UniqueConstraint("candidate_id", "name"),)
