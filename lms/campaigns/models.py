"""An assessment that HR gives: the campaign, its candidates, its letters and what the simulator expects of it.

A candidacy has a person of its own (no password, no role, an address that nobody can write to), so that its evidence
joins nobody else's, ends with the campaign, and the same human being can be a candidate twice.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms import clock
from lms.config import LANGUAGES
from lms.database import SHARED, Model, UTCDateTime

STAGES = ("assessment", "interview", "offer", "hired", "rejected", "withdrawn")


class Campaign(Model):
    """role: id of the profile; role_data, framework_version: the profile as it stood when the campaign opened.

    parts: what a candidate goes through, in order: {"kind": "test", "minutes": …, "rules": Specification.plain()} or
    {"kind": "work", "task": "metrics", "minutes": …}; expected: what the simulator promised before use.
    deleted_what: rows by kind that went on the deletion date, "kept" those kept for statistics without a way back;
    open_link_hash: SHA-256 of the one link for many, whose people HR approves; remind_days: days before the end when
    those who have not finished get a letter, 0 for none; preview_of: the campaign that this one lets HR try out, with a
    test person whose answers are no evidence (such a campaign stands in no list); blind: names are hidden until a
    decision; shown: whether candidates see their result "at_end", when HR releases it ("released") or "never".
    """

    __tablename__ = "campaign"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(80))
    role_data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    framework_version: Mapped[str] = mapped_column(String(40), default="")
    form: Mapped[str] = mapped_column(String(12))
    parts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    expected: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    languages: Mapped[list[str]] = mapped_column(JSON, default=lambda: ["hy", "en"])
    opens_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    closes_at: Mapped[datetime] = mapped_column(UTCDateTime)
    retakes: Mapped[int] = mapped_column(default=0)
    pauses: Mapped[bool] = mapped_column(default=True)
    blind: Mapped[bool] = mapped_column(default=False)
    shown: Mapped[str] = mapped_column(String(10), default="released")
    open_link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    remind_days: Mapped[int] = mapped_column(default=2)
    preview_of: Mapped[int | None] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"), index=True)
    delete_on: Mapped[date]
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    deleted_what: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    __table_args__ = (
        CheckConstraint("form IN ('screening', 'full', 'own')", name="form_known"),
        CheckConstraint("shown IN ('at_end', 'released', 'never')", name="shown_known"),
        CheckConstraint("retakes >= 0 AND retakes <= 5", name="retakes_in_range"),
        CheckConstraint("remind_days >= 0 AND remind_days <= 14", name="remind_days_in_range"),
        CheckConstraint("closes_at > opens_at", name="closes_after_it_opens"),
    )


class Candidate(Model):
    """One candidacy; status follows from the times. token_hash: SHA-256 of the link, which always leads to one place;
    link_number: which of the candidate's links it is (see `candidacies.new_link`); letter_id: the newest letter.

    person_id: whose attempts and evidence these are; external_id: the applicant tracking system's name for it;
    approved_at: empty for somebody who came by the open link and whom HR has not let in yet; retake: how many times the
    test was begun anew; stage: see STAGES. Extra time is the person's (`Person.extra_time`) and stands in no result.
    ends_at: the candidate's own last moment, where it is another than the campaign's; more_parts: what HR asked for
    beyond the campaign's parts, each with the moment "asked_at" (ISO 8601).
    """

    __tablename__ = "candidate"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(2), default="hy")
    external_id: Mapped[str | None] = mapped_column(String(120))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    token_expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    link_number: Mapped[int] = mapped_column(default=0)
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_mail.id", ondelete="SET NULL"))
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    invited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    consent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    consent_version: Mapped[str] = mapped_column(String(20), default="")
    consent_language: Mapped[str] = mapped_column(String(2), default="")
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    more_parts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    may_pause: Mapped[bool] = mapped_column(default=False)
    retake: Mapped[int] = mapped_column(default=0)
    stage: Mapped[str] = mapped_column(String(12), default="assessment")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    __table_args__ = (
        UniqueConstraint("campaign_id", "email"),
        Index("ix_candidate_campaign", "organisation_id", "campaign_id", "stage"),
        Index("ix_candidate_external", "organisation_id", "external_id"),
        CheckConstraint(
            "stage IN ('assessment', 'interview', 'offer', 'hired', 'rejected', 'withdrawn')", name="stage_known"
        ),
        CheckConstraint(f"language IN {LANGUAGES}", name="language_known"),
    )


class LetterText(Model):
    """An organisation's own words for a letter to candidates; the house's stand where there is no row."""

    __tablename__ = "letter_text"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    __table_args__ = (
        CheckConstraint("kind IN ('invitation', 'reminder', 'more', 'result', 'answer')", name="kind_known"),
    )


class Expectation(Model):
    """What simulated people did in a test for a role: nobody's data, and the same for whoever asks the same.

    fingerprint: SHA-256 of the role, cuts and rules, the test and its questions; figures: `simulated_figures.Expected`,
    empty while nobody has measured; content_version: the beginning of a hash of the questions' texts.
    """

    __tablename__ = "expectation"
    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(80))
    asked: Mapped[dict[str, Any]] = mapped_column(JSON)
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    content_version: Mapped[str] = mapped_column(String(12))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    measured_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    __table_args__ = SHARED
