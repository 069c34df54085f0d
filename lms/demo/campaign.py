"""An assessment under way at the agency: eight invented candidates at every stage, whose answers go the real path."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from lms import assess, clock, evidence
from lms.assess.chance import fixed_chance
from lms.assess.delivery import advance
from lms.campaigns import Campaign, Candidate, add_candidate, bank_of, letters
from lms.campaigns.candidacies import person_of
from lms.campaigns.parts import rules_of
from lms.campaigns.set_up import campaign_of
from lms.candidates import agreement
from lms.candidates.progress import subject_of
from lms.database import db
from lms.demo.sitting import answer, at
from lms.identity.models import Membership, Organisation, Person

ROLE, DOMAIN = "smm_manager", "applicants.example"
NAME = "SMM մենեջեր, աշուն"
OPENED, OPEN = timedelta(days=9), timedelta(days=21)


@dataclass(frozen=True)
class Applicant:
    """theta: ability in every skill; answers: questions answered, None for all; days: since they came to this stage."""

    name: str
    mailbox: str
    stage: str
    days: float = 1.0
    theta: float = 0.0
    answers: int | None = None
    language: str = "hy"
    extra_time: float = 1.0


APPLICANTS = (
    Applicant("Լուսինե Հարությունյան", "lusine", "finished", 6, 1.4),
    Applicant("Արթուր Սիմոնյան", "artur", "finished", 5, 0.4),
    Applicant("Anna Melikyan", "anna", "finished", 3, -0.7, language="en"),
    Applicant("Տիգրան Բաբայան", "tigran.b", "sitting", 0.2, 0.6, answers=7, extra_time=1.25),
    Applicant("Մարիամ Ավետյան", "mariam", "ready", 2),
    Applicant("Գոռ Հակոբյան", "gor.h", "opened", 4),
    Applicant("Սյուզաննա Պողոսյան", "syuzi", "invited"),
    Applicant("Narek Danielyan", "narek", "waiting", 1, language="en"),
)


def seed(organisation: Organisation, seed: int) -> None:
    """Once; the caller commits."""
    ours = Campaign.organisation_id == organisation.id
    if db.session.scalar(select(Campaign.id).where(ours).limit(1)) is not None:
        return
    with at(clock.now() - OPENED):
        campaign = _opened(organisation)
        candidates = [_invited(campaign, applicant) for applicant in APPLICANTS]
    for number, (applicant, candidate) in enumerate(zip(APPLICANTS, candidates, strict=True)):
        with fixed_chance(seed - number):
            rng = random.Random(seed - number)  # noqa: S311  plausible, not secret
            _go(campaign, candidate, applicant, rng)
    db.session.flush()


def _opened(organisation: Organisation) -> Campaign:
    framework = evidence.framework(organisation.id)
    role = framework.role(ROLE) or framework.roles[0]
    campaign = campaign_of(organisation.id, framework, role, "screening")
    campaign.name, campaign.opens_at, campaign.closes_at = NAME, clock.now(), clock.now() + OPEN
    campaign.delete_on = (clock.now() + timedelta(days=180)).date()
    of_hr = select(Person.id).join(Membership).where(Membership.role == "hr")
    campaign.created_by = db.session.scalar(of_hr.where(Person.organisation_id == organisation.id).limit(1))
    db.session.add(campaign)
    db.session.flush()
    return campaign


def _invited(campaign: Campaign, applicant: Applicant) -> Candidate:
    """Who came by the link for many has no letter yet."""
    candidate, _token = add_candidate(
        campaign,
        applicant.name,
        f"{applicant.mailbox}@{DOMAIN}",
        applicant.language,
        extra_time=applicant.extra_time,
        approved=applicant.stage != "waiting",
    )
    if applicant.stage != "waiting":
        with current_app.test_request_context():
            letters.invite(campaign, candidate)
    return candidate


def _go(campaign: Campaign, candidate: Candidate, applicant: Applicant, rng: random.Random) -> None:
    """As far as the applicant is, each step through the same columns and verbs as a real one's."""
    with at(clock.now() - timedelta(days=applicant.days)):
        if applicant.stage in ("opened", "ready", "sitting", "finished"):
            candidate.opened_at = clock.now()
        if applicant.stage in ("ready", "sitting", "finished"):
            candidate.consent_at, candidate.consent_version = clock.now(), agreement.VERSION
            candidate.consent_language = applicant.language
        if applicant.stage in ("sitting", "finished"):
            candidate.started_at = clock.now()
            _sit(campaign, candidate, applicant, rng)


def _sit(campaign: Campaign, candidate: Candidate, applicant: Applicant, rng: random.Random) -> None:
    """Whoever is in the middle has stopped the clock, else the test would be over by now."""
    test = replace(
        rules_of(campaign.parts),
        result_endpoint="candidates.way",
        pause_endpoint="candidates.pause",
        notes_endpoint="candidates.take_notes",
    )
    subject = subject_of(campaign, candidate)
    bank = bank_of(test, [applicant.language])
    attempt = assess.start(person_of(candidate), test, subject, None, bank)
    while attempt.submitted_at is None and (applicant.answers is None or len(attempt.items) <= applicant.answers):
        position = len(attempt.items)
        answer(attempt, position, lambda _item: applicant.theta, rng)
        advance(attempt, position)
    if attempt.submitted_at is None:
        attempt.pause()
    db.session.flush()
