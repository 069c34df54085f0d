"""Groups are counts above a minimum, and the campaign's data go on their date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from lms import clock
from lms.campaigns import Campaign, Candidate
from lms.candidates.models import GroupAnswer
from lms.database import db
from lms.identity.models import Person
from lms.selection import retention
from lms.selection.commands import _broken
from lms.selection.decisions import DecisionStep, decide
from lms.selection.groups import fairness
from lms.selection.models import Decision
from tests.cast import Cast
from tests.html import page
from tests.selection.world import campaign_of, finished_candidate

SignIn = Callable[[str], FlaskClient]
REASON = "Zebra wrote the calmest reply"


def groups_of(cast: Cast, women: tuple[int, int], men: tuple[int, int]) -> Campaign:
    """So many (went on, all) of each."""
    campaign = campaign_of(cast)
    for value, (went_on, people) in {"woman": women, "man": men}.items():
        for number in range(people):
            candidate = finished_candidate(campaign, f"{value}{number}")
            whose = {"candidate_id": candidate.id, "person_id": candidate.person_id}
            home = {"organisation_id": campaign.organisation_id, "campaign_id": campaign.id}
            row = GroupAnswer(name="gender", value=value, **home, **whose)
            db.session.add(row)
            if number < went_on:
                decide(candidate, DecisionStep("interview", REASON, "inconclusive", cast.hr))
    db.session.commit()
    return campaign


def test_rates_count_who_went_on_and_small_groups_stay_unseen(context: Flask, cast: Cast) -> None:
    found = fairness(groups_of(cast, (2, 5), (4, 5)))
    high, low = found.groups["gender"]
    assert (high.name, high.rate, low.name, low.ratio) == ("man", 0.8, "woman", 0.5)
    assert (found.answered, found.finished, found.groups["age"]) == (10, 10, [])
    assert fairness(groups_of(cast, (1, 4), (4, 5))).groups["gender"] == []


def test_the_page_says_it_in_words(signed_in: SignIn, app: Flask, cast: Cast) -> None:
    with app.app_context():
        number = groups_of(cast, (1, 5), (4, 5)).id
    told = page(signed_in("hr").get(f"/campaigns/{number}/fairness")).text()
    assert "below four fifths" in told and "Chance alone could make such a difference: in 21 of 100" in told
    assert "Compared so far" in told
    assert signed_in("outsider").get(f"/campaigns/{number}/fairness").status_code == 404


def test_on_its_date_all_that_leads_to_a_candidate_goes_and_the_chain_holds(context: Flask, cast: Cast) -> None:
    campaign = groups_of(cast, (1, 2), (1, 2))
    assert retention.delete_due() == 0
    campaign.delete_on = clock.now().date() - timedelta(days=1)
    db.session.commit()
    assert retention.delete_due() == 0, "a clock that ran ahead is put right within the hour"
    assert (retention.delete_due(patience=0), retention.delete_due(patience=0)) == (1, 0)
    rows = db.session.query(Candidate).filter_by(campaign_id=campaign.id).all()
    assert not any("woman" in row.name or "woman" in row.email for row in rows)
    people = [db.session.get_one(Person, row.person_id) for row in rows]
    assert all(person.is_erased for person in people)
    decisions = db.session.query(Decision).filter_by(campaign_id=campaign.id).all()
    assert [row.reason for row in decisions] == ["", ""] and _broken(campaign) is None
    assert not db.session.query(GroupAnswer).filter_by(campaign_id=campaign.id).count()
    assert campaign.deleted_at and sum(campaign.deleted_what.values()) > 0
