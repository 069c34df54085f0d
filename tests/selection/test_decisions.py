"""Decisions are a person's, reasoned and sealed: whoever changes one later is found."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from lms.campaigns import Candidate
from lms.campaigns.models import STAGES
from lms.database import db
from lms.selection.decisions import AGAINST, ONWARD, DecisionRefused, DecisionStep, decide, first_broken
from lms.selection.models import Decision
from tests.cast import Cast
from tests.selection.world import campaign_of, finished_candidate

REASON = "Wrote the calmest reply of all"


def made(cast: Cast) -> tuple[Candidate, list[Decision]]:
    """A candidate who was invited, offered, and then not taken on."""
    candidate = finished_candidate(campaign_of(cast), "Ani")
    for stage in ("interview", "offer", "rejected"):
        decide(candidate, DecisionStep(stage, REASON, "met", cast.hr))
        db.session.flush()
    rows = select(Decision).filter_by(organisation_id=candidate.organisation_id).order_by(Decision.number)
    return candidate, list(db.session.scalars(rows))


@pytest.mark.both_engines
def test_every_step_is_kept_with_its_reason_and_marked_where_it_goes_against_the_figures(
    context: Flask, cast: Cast
) -> None:
    candidate, rows = made(cast)
    assert candidate.stage == "rejected"
    assert [(row.number, row.stage_to, row.overrides) for row in rows] == [
        (1, "interview", False), (2, "offer", False), (3, "rejected", True)]  # fmt: skip
    db.session.commit()
    db.session.expire_all()
    assert first_broken(rows) is None


@pytest.mark.parametrize(
    ("place", "field", "value"),
    [(0, "reason", "Wrote well"), (1, "stage_to", "hired"), (2, "overrides", False), (1, "decided_by_id", 999)],
)
def test_a_changed_decision_is_found(context: Flask, cast: Cast, place: int, field: str, value: object) -> None:
    _, rows = made(cast)
    setattr(rows[place], field, value)
    assert first_broken(rows) == place + 1
    db.session.rollback()


def test_a_decision_taken_out_is_found(context: Flask, cast: Cast) -> None:
    _, rows = made(cast)
    assert first_broken([rows[0], rows[2]]) == 2


def test_a_stage_that_does_not_follow_and_a_reason_without_words_are_refused(context: Flask, cast: Cast) -> None:
    candidate = finished_candidate(campaign_of(cast), "Ani")
    for step, field in (
        (DecisionStep("hired", REASON, "met", 1), "stage"),
        (DecisionStep("offer", " ok  ", "met", 1), "reason"),
    ):
        with pytest.raises(DecisionRefused) as refused:
            decide(candidate, step)
        assert refused.value.field == field
    assert candidate.stage == "assessment"


def test_every_stage_has_a_way_on_or_is_the_end() -> None:
    assert set(ONWARD) == set(STAGES)
    assert {stage for ways in ONWARD.values() for stage in ways} <= set(STAGES)
    assert {stage for ways in AGAINST.values() for stage in ways} <= set(STAGES)
