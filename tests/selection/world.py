"""A campaign whose candidates have the matrices that a test wants."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta

import pytest

from lms import clock, evidence
from lms.campaigns import Campaign, Candidate, add_candidate
from lms.competency import role_profiles
from lms.database import db
from lms.psychometrics.matrix import Matrix
from tests.cast import Cast

ROLE = "smm_manager"


def campaign_of(cast: Cast, **changes: object) -> Campaign:
    """Committed, of the cast's own organisation, for the SMM manager."""
    house = cast.person("hr").organisation_id
    framework = evidence.framework(house)
    campaign = Campaign(
        organisation_id=house,
        name="Autumn",
        role=ROLE,
        role_data=asdict(role_profiles(framework)[ROLE]),
        form="screening",
        closes_at=clock.now() + timedelta(days=20),
        delete_on=(clock.now() + timedelta(days=200)).date(),
    )
    for name, value in changes.items():
        setattr(campaign, name, value)
    db.session.add(campaign)
    db.session.commit()
    return campaign


def finished_candidate(campaign: Campaign, name: str, language: str = "hy") -> Candidate:
    candidate, _token = add_candidate(campaign, name, f"{name.lower()}@example.org", language)
    candidate.consent_language, candidate.finished_at = language, clock.now()
    evidence.note_change(candidate.person_id)
    db.session.commit()
    return candidate


def short_of_evidence(found: Matrix) -> Matrix:
    """The same figures, from answers of kinds that open no level above the first."""
    return replace(found, cells={key: replace(cell, cap=1, observations=()) for key, cell in found.cells.items()})


def with_matrices(patch: pytest.MonkeyPatch, found: dict[int, Matrix]) -> None:
    """Let each candidate's matrix be the one given by the candidate's person."""
    patch.setattr(evidence, "matrices_of", lambda ids: {person: found[person] for person in ids})
