"""Being invited to a campaign: a candidacy, the person behind it, its one link, and how far it is."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from lms import clock
from lms.campaigns.models import Campaign, Candidate
from lms.database import db
from lms.identity.models import Person
from lms.identity.sessions import digest, end_all

Status = Literal["waiting", "invited", "opened", "ready", "sitting", "finished", "revoked", "expired"]
NOBODYS = "candidate.invalid"  # the domain of addresses that no letter can reach (RFC 2606)


def add_candidate(
    campaign: Campaign,
    name: str,
    email: str,
    language: str,
    *,
    extra_time: float = 1.0,
    may_pause: bool | None = None,
    approved: bool = True,
) -> tuple[Candidate, str]:
    """A new candidacy and the token of its link. extra_time: 1 to 2; may_pause: the campaign's rule without. The caller
    commits, and has made sure that the address is not in the campaign yet (a unique index holds it)."""
    person = Person(
        organisation_id=campaign.organisation_id,
        email=f"{secrets.token_hex(16)}@{NOBODYS}",
        name=name,
        language=language,
        language_chosen=True,
        extra_time=extra_time,
    )
    db.session.add(person)
    db.session.flush()
    candidate = Candidate(
        organisation_id=campaign.organisation_id,
        campaign_id=campaign.id,
        person_id=person.id,
        name=name,
        email=email,
        language=language,
        token_expires_at=campaign.closes_at,
        approved_at=clock.now() if approved else None,
        may_pause=campaign.pauses if may_pause is None else may_pause,
    )
    db.session.add(candidate)
    return candidate, new_link(candidate, campaign.closes_at)


def new_link(candidate: Candidate, until: datetime) -> str:
    """The token of a fresh link that works until then; an older link of the candidate is dead from now on."""
    token = secrets.token_urlsafe(32)
    candidate.token_hash, candidate.token_expires_at, candidate.revoked_at = digest(token), until, None
    return token


def revoke(candidate: Candidate) -> None:
    """Shut the link and every browser that came in by it; what was answered stays."""
    candidate.token_hash, candidate.revoked_at = None, clock.now()
    end_all(db.session.get_one(Person, candidate.person_id))


def by_token(token: str) -> Candidate | None:
    """Whose link it is, if it still works."""
    found = db.session.scalar(select(Candidate).filter_by(token_hash=digest(token)))
    return found if found and found.revoked_at is None and found.token_expires_at > clock.now() else None


def candidate_of(person_id: int) -> Candidate | None:
    """The candidacy that a signed-in person is, or None for everybody else."""
    return db.session.scalar(select(Candidate).filter_by(person_id=person_id))


def status(candidate: Candidate) -> Status:
    """How far the candidate is. "waiting": for HR to let them in; "ready": consent given, nothing begun."""
    if candidate.finished_at:
        return "finished"
    if candidate.revoked_at:
        return "revoked"
    if candidate.approved_at is None:
        return "waiting"
    if candidate.token_expires_at <= clock.now():
        return "expired"
    steps: tuple[tuple[Status, datetime | None], ...] = (
        ("sitting", candidate.started_at),
        ("ready", candidate.consent_at),
        ("opened", candidate.opened_at),
    )
    return next((name for name, at in steps if at), "invited")
