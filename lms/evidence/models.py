"""What is known about a person's skill and about items' parameters. Rows are added, never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from lms import clock
from lms.database import Model, UTCDateTime


class FrameworkEdition(Model):
    """What an organisation lays over the shipped competency framework, whole in each edition; the newest is in force.

    overlay: as `competency.overlay_data` writes it; origin: of the cuts it judges by; created_by: a person's id, empty
    for an operator's command.
    """

    __tablename__ = "framework_edition"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(String(500))
    origin: Mapped[str] = mapped_column(String(200))
    overlay: Mapped[dict[str, Any]] = mapped_column(JSON)
    __table_args__ = (
        UniqueConstraint("organisation_id", "number"),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
        CheckConstraint("reason <> ''", name="reason_given"),
    )


class Seen(Model):
    """The first time a person could know an item's key. An edited revision keeps the item's key, so it stays seen."""

    __tablename__ = "seen"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    item_key: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    how: Mapped[str] = mapped_column(String(40))  # a test's name, "embedded" in a module's text, "author"
    __table_args__ = (UniqueConstraint("person_id", "item_key"),)


class Evidence(Model):
    """A person's first answer to an item, given before its key was shown: the only thing a level may rest on.

    framework_revision_id, edition_id: the shipped framework and the organisation's edition that it was judged by on
    that day; language: of the page that it was answered on; all empty where it was recorded before these were kept.
    """

    __tablename__ = "evidence"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    item_key: Mapped[str] = mapped_column(String(200))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    attempt_id: Mapped[int] = mapped_column(index=True)  # of `assess`, which this room must not know
    parameter_set_id: Mapped[int | None] = mapped_column(ForeignKey("parameter_set.id"))
    framework_revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("framework_edition.id"))
    purpose: Mapped[str] = mapped_column(String(40))
    sub: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    category: Mapped[int]
    categories: Mapped[int]
    performance: Mapped[bool] = mapped_column(default=False)
    human_raters: Mapped[int] = mapped_column(default=0)
    portfolio: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    language: Mapped[str | None] = mapped_column(String(2))
    testlet: Mapped[str] = mapped_column(String(200), default="", server_default="")  # the table it was asked about
    __table_args__ = (
        UniqueConstraint("person_id", "item_key"),
        Index("ix_evidence_person_time", "person_id", "answered_at"),
        CheckConstraint("category >= 0 AND category < categories AND categories >= 2", name="category_in_range"),
        CheckConstraint("human_raters >= 0", name="raters_counted"),
    )


class TrialAnswer(Model):
    """A first answer to a question on trial: it tells of the question and is no evidence of the person.

    information: how much it tells of the question's difficulty, from what was known of the person then.
    """

    __tablename__ = "trial_answer"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    item_key: Mapped[str] = mapped_column(String(200))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    attempt_id: Mapped[int] = mapped_column(index=True)  # of `assess`, which this room must not know
    sub: Mapped[str] = mapped_column(String(80))
    category: Mapped[int]
    categories: Mapped[int]
    information: Mapped[float]
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    language: Mapped[str | None] = mapped_column(String(2))
    __table_args__ = (
        UniqueConstraint("person_id", "item_key"),
        CheckConstraint("category >= 0 AND category < categories AND categories >= 2", name="category_in_range"),
        CheckConstraint("information >= 0", name="information_not_negative"),
    )


class WorkEvidence(Model):
    """What a work sample showed of one sub-competency: a scoring unit that brings its own parameters.

    work: which one, as "lab tonir"; work_id: the run of the room above; a, b, sd_b: see `ItemParameters`; provisional:
    parameters from programs and experts' expectation, not yet from people; human_raters: how many rated it;
    performance: the work was done, not told of (an interview is evidence, and opens no gate that asks for performance);
    portfolio: a piece of work done before, shown by its author.
    """

    __tablename__ = "work_evidence"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    work: Mapped[str] = mapped_column(String(80))
    work_id: Mapped[int]
    sub: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    category: Mapped[int]
    a: Mapped[float]
    b: Mapped[list[float]] = mapped_column(JSON)
    sd_b: Mapped[float]
    provisional: Mapped[bool] = mapped_column(default=True)
    human_raters: Mapped[int] = mapped_column(default=0)
    portfolio: Mapped[bool] = mapped_column(default=False, server_default=false())
    performance: Mapped[bool] = mapped_column(default=True, server_default=true())
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)
    __table_args__ = (
        UniqueConstraint("work", "work_id", "sub"),
        Index("ix_work_evidence_person_time", "person_id", "answered_at"),
        CheckConstraint("category >= 0", name="category_not_negative"),
        CheckConstraint("a > 0 AND sd_b >= 0", name="parameters_make_a_model"),
    )


class EvidenceSummary(Model):
    """Of each person with evidence, what the sums drawn from it stand on.

    number: raised with every change of the evidence; basis: what they were computed from beside it (day, framework,
    edition), "" since the evidence has changed. Sums are right exactly where the basis is today's.
    Counts of items run in rounds: counted_in, counted_to: the round whose counts hold this person's evidence up to that
    id; settled_in: the round that held all of it, 0 since the evidence has changed.
    """

    __tablename__ = "evidence_summary"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[int] = mapped_column(default=1)
    basis: Mapped[str] = mapped_column(String(60), default="")
    counted_in: Mapped[int] = mapped_column(default=0, server_default="0")
    counted_to: Mapped[int] = mapped_column(default=0, server_default="0")
    settled_in: Mapped[int] = mapped_column(default=0, server_default="0")
    __table_args__ = (
        Index("ix_evidence_summary_basis", "organisation_id", "basis"),
        Index("ix_evidence_summary_settled", "organisation_id", "settled_in"),
    )


class ItemVoid(Model):
    """An organisation declares an item void, or takes that back: the newest row that names the revision, or all of
    them, holds. Evidence stays as it was given and does not count while its item is void.

    revision_id: empty for all revisions; created_by: a person's id, empty for an operator's command.
    """

    __tablename__ = "item_void"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    item_key: Mapped[str] = mapped_column(String(200), index=True)
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))
    is_void: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    __table_args__ = (CheckConstraint("reason <> ''", name="reason_given"),)
