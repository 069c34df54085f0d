"""What HR's pages keep: how each person stands for each role, so that a list is sorted by the database."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from lms.database import Model

NO_ROLE = ""  # of whoever is held against no role of the organisation
_OF_ROLE = ("organisation_id", "role", "ranked", "listed")


class Standing(Model):
    """A person's matrix held against a role, as `RoleGap` has it; whether it is today's says `EvidenceSummary.basis`.

    ranked: enough of the role is assessed to stand in an order. listed: the person learns here today, so counts in the
    order of the team (`hiring.listed_standings`). composite: 0 where nothing is. Whoever learns and is held against
    none of the organisation's roles, without evidence or as a candidate, has one standing of `NO_ROLE`, not ranked.
    """

    __tablename__ = "standing"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(80), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    ranked: Mapped[bool]
    listed: Mapped[bool] = mapped_column(default=False, server_default=false())
    composite: Mapped[float]
    low: Mapped[float]
    high: Mapped[float]
    outcome: Mapped[str] = mapped_column(String(12))
    __table_args__ = (
        Index("ix_standing_order", *_OF_ROLE, "composite", "person_id", "high", "outcome"),
        Index("ix_standing_low", *_OF_ROLE, "low"),
        Index("ix_standing_high", *_OF_ROLE, "high", "outcome"),
        CheckConstraint("outcome IN ('met', 'not_met', 'inconclusive')", name="outcome_known"),
    )
