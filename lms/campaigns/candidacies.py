"""Being invited to a campaign: a candidacy, the person behind it, its one link, and how far it is.

A link's token is made of the server's secret and the candidacy (HMAC-SHA-256, 256 bits), so that a reminder can carry
the same link as the invitation although only the token's hash is kept.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime
from typing import Literal

from flask import current_app
from sqlalchemy import ColumnElement, and_, case, select

from lms import clock
from lms.campaigns.models import Campaign, Candidate
from lms.database import db
from lms.identity.membership import NOBODYS
from lms.identity.models import Person
from lms.identity.other_accounts import PERSON
from lms.identity.sessions import digest, end_all
from lms.identity.tenant_guard import UNSCOPED

_SAME = and_(Candidate.organisation_id == Person.organisation_id, Candidate.email == Person.email)
ACCOUNTS_BEHIND = select(Person.id).join(Candidate, _SAME).where(Candidate.person_id == PERSON)
CANDIDACIES_BESIDE = (
    select(Candidate.person_id).join(Person, _SAME).where(Person.id == PERSON).execution_options(**UNSCOPED)
)
Status = Literal["waiting", "invited", "opened", "ready", "sitting", "finished", "revoked", "expired"]


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
    person = _nobodys_account(campaign, name, language, extra_time)
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
    db.session.flush()
    return candidate, new_link(candidate, campaign.closes_at)


def _nobodys_account(campaign: Campaign, name: str, language: str, extra_time: float) -> Person:
    """A person of the organisation who never signs in: the link alone leads to what they do."""
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
    return person


def new_link(candidate: Candidate, until: datetime) -> str:
    """The token of a fresh link that works until then; an older link of the candidate is dead from now on."""
    candidate.link_number = (candidate.link_number or 0) + 1
    token = _token(candidate, str(current_app.config["SECRET_KEY"]))
    candidate.token_hash, candidate.token_expires_at, candidate.revoked_at = digest(token), until, None
    return token


def link_token(candidate: Candidate) -> str:
    """The token of the candidate's link as it stands; a fresh one where the link is shut or the server's secret that it
    was made with is gone."""
    secrets = [current_app.config["SECRET_KEY"], *(current_app.config.get("SECRET_KEY_FALLBACKS") or [])]
    tokens = (_token(candidate, str(secret)) for secret in secrets)
    same = next((token for token in tokens if digest(token) == candidate.token_hash), None)
    return same or new_link(candidate, candidate.token_expires_at)


def _token(candidate: Candidate, secret: str) -> str:
    message = f"candidate {candidate.id} link {candidate.link_number}"
    mac = hmac.digest(secret.encode(), message.encode(), "sha256")
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def extend(candidate: Candidate, until: datetime) -> None:
    """The candidate may go on until then, whatever the campaign's own end is; a link that was shut opens again, as
    a new link."""
    candidate.ends_at = candidate.token_expires_at = until
    if candidate.revoked_at or candidate.token_hash is None:
        new_link(candidate, until)


def keep_open(candidate: Candidate, until: datetime) -> None:
    """The link leads to what there is to read until then at least; nothing may be begun by that."""
    candidate.token_expires_at = max(candidate.token_expires_at, until)


def end_of(campaign: Campaign, candidate: Candidate) -> datetime:
    """Until when the candidate may begin something or go on with it."""
    return candidate.ends_at or campaign.closes_at


def is_open(campaign: Campaign, candidate: Candidate) -> bool:
    """Whether something may be begun or gone on with."""
    return campaign.opens_at <= clock.now() < end_of(campaign, candidate)


def revoke(candidate: Candidate) -> None:
    """Shut the link and every browser that came in by it; what was answered stays."""
    candidate.token_hash, candidate.revoked_at = None, clock.now()
    end_all(person_of(candidate))


def person_of(candidate: Candidate) -> Person:
    """Whose attempts and evidence the candidacy's are."""
    ours = Person.organisation_id == candidate.organisation_id
    return db.session.scalars(select(Person).where(ours, Person.id == candidate.person_id)).one()


def campaign_of(candidate: Candidate) -> Campaign:
    ours = Campaign.organisation_id == candidate.organisation_id
    return db.session.scalars(select(Campaign).where(ours, Campaign.id == candidate.campaign_id)).one()


def by_token(token: str) -> Candidate | None:
    """Whose link it is, if it still works."""
    candidate = db.session.scalar(select(Candidate).filter_by(token_hash=digest(token)))
    return (
        candidate if candidate and candidate.revoked_at is None and candidate.token_expires_at > clock.now() else None
    )


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


def status_column() -> ColumnElement[str]:
    """`status` as the database says it, for lists and counts."""
    return case(
        (Candidate.finished_at.is_not(None), "finished"),
        (Candidate.revoked_at.is_not(None), "revoked"),
        (Candidate.approved_at.is_(None), "waiting"),
        (Candidate.token_expires_at <= clock.now(), "expired"),
        (Candidate.started_at.is_not(None), "sitting"),
        (Candidate.consent_at.is_not(None), "ready"),
        (Candidate.opened_at.is_not(None), "opened"),
        else_="invited",
    )
