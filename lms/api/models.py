"""What programs of other houses hold: tokens, orders for candidates, addresses that are told, and what was told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms import clock
from lms.database import Model, UTCDateTime

SCOPES = ("packages:read", "orders:write", "orders:read", "results:read", "letters:write")
EVENTS = ("order.started", "order.finished", "order.decided")
LEVER_STEPS = ("sent", "started", "finished")


class ApiToken(Model):
    """A key of an organisation for one program. Only its SHA-256 is kept; shown: its first letters, to tell it by;
    ends_at: the first moment at which it works no more, None for never; answer_key: which that program gave us for
    telling it results, sealed, "" for none."""

    __tablename__ = "api_token"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    shown: Mapped[str] = mapped_column(String(12))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    used_on: Mapped[datetime | None] = mapped_column(UTCDateTime)  # to the day
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answer_key: Mapped[str] = mapped_column(String(400), default="", server_default="")
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def has_ended(self) -> bool:
        return self.ends_at is not None and self.ends_at <= clock.now()


class ApiOrder(Model):
    """A candidate whom a program sent. public_id: the order's name outside; idempotency_key, request_sha256: the same
    request sent twice is one order; told: the last event
    that was put on its way."""

    __tablename__ = "api_order"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    token_id: Mapped[int] = mapped_column(ForeignKey("api_token.id"))
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidate.id", ondelete="CASCADE"), unique=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    idempotency_key: Mapped[str] = mapped_column(String(128))
    request_sha256: Mapped[str] = mapped_column(String(64))
    told: Mapped[str] = mapped_column(String(20), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    __table_args__ = (
        UniqueConstraint("token_id", "idempotency_key"),
        Index("ix_api_order_listed", "organisation_id", "id"),
    )


class Webhook(Model):
    """An address of the organisation that is told of orders. secret: what signs, sealed with the house's key."""

    __tablename__ = "webhook"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    url: Mapped[str] = mapped_column(String(500))
    secret: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class WebhookDelivery(Model):
    """One event for one address. body: what is sent, the same at each try; answer: HTTP status of the last try."""

    __tablename__ = "webhook_delivery"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id", ondelete="CASCADE"), index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("api_order.id", ondelete="CASCADE"), index=True)
    event: Mapped[str] = mapped_column(String(20))
    body: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    tries: Mapped[int] = mapped_column(default=0)
    answer: Mapped[int | None]
    error: Mapped[str] = mapped_column(String(200), default="")
    delivered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    __table_args__ = (
        UniqueConstraint("webhook_id", "order_id", "event"),
        Index("ix_webhook_delivery_due", "delivered_at", "due_at"),
        CheckConstraint("event IN ('order.started', 'order.finished', 'order.decided')", name="event_known"),
    )


class PartnerCallback(Model):
    """Where the program that sent a candidate wants to hear that they have finished. partner: "greenhouse", which then
    asks for the status, or "workable", which gets the result at once; key: what opens that address, sealed; tries,
    answer as in a delivery."""

    __tablename__ = "partner_callback"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("api_order.id", ondelete="CASCADE"), unique=True)
    partner: Mapped[str] = mapped_column(String(20))
    url: Mapped[str] = mapped_column(String(500))
    key: Mapped[str] = mapped_column(String(400))
    due_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)
    tries: Mapped[int] = mapped_column(default=0)
    answer: Mapped[int | None]
    error: Mapped[str] = mapped_column(String(200), default="")
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class LeverLink(Model):
    """An organisation's account with Lever. signing: the token by which Lever signs what it tells us; api_key: opens
    its candidates to us; both sealed. stage: the name of the stage at which candidates are invited; token_id: in whose
    name orders are made, so that revoking it ends the link too."""

    __tablename__ = "lever_link"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("api_token.id"))
    stage: Mapped[str] = mapped_column(String(80))
    signing: Mapped[str] = mapped_column(String(400))
    api_key: Mapped[str] = mapped_column(String(400))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class LeverOpportunity(Model):
    """One of Lever's candidates who came to a stage. opportunity: Lever's id; order_id: what they became here, None
    until Lever was asked who they are; told: the last of LEVER_STEPS that Lever was told of; due_at: when it is called
    next, tries: in vain so far, answer: HTTP status of the last try."""

    __tablename__ = "lever_opportunity"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("lever_link.id", ondelete="CASCADE"))
    opportunity: Mapped[str] = mapped_column(String(64))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("api_order.id", ondelete="CASCADE"), index=True)
    told: Mapped[str] = mapped_column(String(20), default="")
    due_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)
    tries: Mapped[int] = mapped_column(default=0)
    answer: Mapped[int | None]
    error: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    __table_args__ = (UniqueConstraint("link_id", "opportunity"),)
