"""Organisations, the people in them, their roles, sessions and one-time tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms import clock
from lms.config import LANGUAGES
from lms.database import SHARED, Model, UTCDateTime

ROLES = ("trainee", "instructor", "hr", "administrator")


class Organisation(Model):
    """The owner of everything. `hmut` is reserved for shipped content and has no people."""

    __tablename__ = "organisation"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    registration_open: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(2), default="hy")
    factor_roles: Mapped[list[str]] = mapped_column(JSON, default=list)  # whose people need a second factor
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    __table_args__ = (CheckConstraint(f"language IN {LANGUAGES}", name="language_known"), SHARED)


class Person(Model):
    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="hy")
    language_chosen: Mapped[bool] = mapped_column(default=False, server_default=false())  # else the door's holds
    active: Mapped[bool] = mapped_column(default=True)
    extra_time: Mapped[float] = mapped_column(default=1.0)  # multiplier of every time limit
    role_wanted: Mapped[str | None] = mapped_column(String(40))  # role profile that the learner aims at
    is_demo: Mapped[bool] = mapped_column(default=False)
    is_erased: Mapped[bool] = mapped_column(default=False)  # only the number is left, so that nobody else gets it
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    organisation: Mapped[Organisation] = relationship(lazy="joined")
    memberships: Mapped[list[Membership]] = relationship(lazy="selectin", cascade="all, delete-orphan")
    __table_args__ = (
        Index("ix_person_organisation_name", "organisation_id", "name"),
        Index("ix_person_organisation_active", "organisation_id", "active", "name"),
        CheckConstraint("extra_time >= 1 AND extra_time <= 4", name="extra_time_in_range"),
        CheckConstraint(f"language IN {LANGUAGES}", name="language_known"),
    )

    session_token: str = ""  # of the session this request came in; see get_id

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(membership.role for membership in self.memberships)

    def has_role(self, *roles: str) -> bool:
        return bool(self.roles.intersection(roles))

    # What Flask-Login asks of a user. The id in the cookie is the session's token, so that signing out is real.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return self.active

    def get_id(self) -> str:
        return self.session_token


class Membership(Model):
    __tablename__ = "membership"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    __table_args__ = (CheckConstraint("role IN ('trainee', 'instructor', 'hr', 'administrator')", name="role_known"),)


class Session(Model):
    """A signed-in browser. Only the token's SHA-256 is kept."""

    __tablename__ = "session"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    device: Mapped[str] = mapped_column(String(40), default="")  # as much of a browser's name as its owner needs
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    person: Mapped[Person] = relationship(lazy="joined")


class OneTimeToken(Model):
    """What works once: a link (an invitation, a registration, a password reset, a first sign-in), a sign-in that waits
    for its second step, a passkey being made. Only the SHA-256 is kept."""

    __tablename__ = "one_time_token"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254), default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    __table_args__ = (
        CheckConstraint(
            "purpose IN ('invitation', 'registration', 'reset', 'sign_in', 'second_step', 'passkey')",
            name="purpose_known",
        ),
    )


class Throttle(Model):
    """Failures counted per subject (an account's or an address's hash) and window; in the database, since a worker's
    memory would give every worker its own allowance."""

    __tablename__ = "throttle"
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(80))
    window: Mapped[int] = mapped_column()
    count: Mapped[int] = mapped_column(default=0)
    __table_args__ = (UniqueConstraint("subject", "window"), Index("ix_throttle_window", "window"), SHARED)
