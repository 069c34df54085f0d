"""HR's pages of results: ranks that the answers leave open, names hidden while blind, nothing for another house."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from lms.campaigns import Campaign, Candidate
from lms.database import db
from lms.hiring import standings
from lms.hiring.models import NO_ROLE, Standing
from lms.selection import candidate_list, norms
from lms.selection.candidate_list import ComparisonQuery
from lms.selection.comparison import compare, ranked
from tests.cast import Cast
from tests.hiring.test_team import matrix
from tests.html import page
from tests.selection.world import campaign_of, finished_candidate, short_of_evidence, with_matrices

SignIn = Callable[[str], FlaskClient]
REASON = "Her calendar was the only one that holds"


@pytest.fixture
def people(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> tuple[Campaign, list[Candidate]]:
    """A strong, a middling and a weak one in Armenian, and a strong one in English."""
    with app.app_context():
        campaign = campaign_of(cast)
        named = [("Strong", "hy"), ("Middling", "hy"), ("Weak", "hy"), ("Elsewhere", "en")]
        candidates = [finished_candidate(campaign, name, language) for name, language in named]
        values = (matrix(2.4, 0.1), matrix(1.2, 0.4), matrix(-1.5, 0.1), matrix(2.6, 0.1))
        with_matrices(monkeypatch, dict(zip([each.person_id for each in candidates], values, strict=True)))
        for row in (campaign, *candidates):
            db.session.refresh(row)
            db.session.expunge(row)
    return campaign, candidates


@pytest.mark.both_engines
def test_ranks_are_among_those_who_sat_in_the_same_language(
    app: Flask, people: tuple[Campaign, list[Candidate]]
) -> None:
    with app.app_context():
        found = compare(people[0], ComparisonQuery())
    ranks = {row.name: row.ranks for row in found.rows}
    assert ranks == {"Elsewhere": (1, 1), "Strong": (1, 1), "Middling": (2, 2), "Weak": (3, 3)}
    assert {name for _, name in found.first} == {"Elsewhere", "Strong"}
    assert found.counts["below"] == 1


def test_who_is_below_the_role_puts_nobody_behind_and_all_who_may_be_first_are_counted(
    app: Flask, cast: Cast, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The strongest one misses a critical minimum; of the others the answers leave open who is first."""
    monkeypatch.setattr(candidate_list, "NAMED", 1)
    with app.app_context():
        campaign = campaign_of(cast)
        ahead, *tied = [finished_candidate(campaign, name) for name in ("Ahead", "Tied", "Alike")]
        found = {person.person_id: matrix(1.2) for person in tied}
        found[ahead.person_id] = matrix(2.9, 0.1, time_management_planning=(-1.5, 0.1))
        with_matrices(monkeypatch, found)
        made = compare(campaign, ComparisonQuery())
        assert {row.name: row.ranks for row in made.rows} == {"Ahead": (1, 1), "Tied": (2, 3), "Alike": (2, 3)}
        assert len(made.first) == 1 and made.first[0][1] in {"Tied", "Alike"} and made.unnamed == 1
        address = f"/campaigns/{campaign.id}/results"
    assert "and 1 more, see the table" in page(signed_in("hr").get(address)).text()


def test_filters_keep_the_ranks_of_all(app: Flask, people: tuple[Campaign, list[Candidate]]) -> None:
    with app.app_context():
        found = compare(people[0], ComparisonQuery(band="below"))
    assert [(row.name, row.ranks) for row in found.rows] == [("Weak", (3, 3))]


def test_hr_sees_all_and_decides_with_a_reason(signed_in: SignIn, people: tuple[Campaign, list[Candidate]]) -> None:
    campaign, (strong, *_) = people
    hr, base = signed_in("hr"), f"/campaigns/{campaign.id}/candidates/{strong.id}"
    assert "Middling" in hr.get(f"/campaigns/{campaign.id}/results").text
    form = page(hr.get(base)).form(f'form[action="{base}/decisions"]').fields
    short = hr.post(f"{base}/decisions", data={**form, "stage": "rejected", "reason": "no"})
    assert short.status_code == 422 and ">no</textarea>" in short.text
    assert hr.post(f"{base}/decisions", data={**form, "stage": "rejected", "reason": REASON}).status_code == 303
    told = page(hr.get(base)).text()
    assert REASON in told and "against the figures" in told


def test_two_stand_side_by_side(signed_in: SignIn, people: tuple[Campaign, list[Candidate]]) -> None:
    campaign, (strong, middling, weak, _) = people
    address = f"/campaigns/{campaign.id}/results/side-by-side"
    shown = signed_in("hr").get(address, query_string={"candidate": [strong.id, weak.id]}).text
    assert "Strong" in shown and "Weak" in shown and "Middling" not in shown
    assert signed_in("hr").get(address, query_string={"candidate": middling.id}).status_code == 303


def test_a_blind_campaign_hides_names_until_something_is_decided(
    signed_in: SignIn, app: Flask, people: tuple[Campaign, list[Candidate]]
) -> None:
    campaign, (strong, middling, *_) = people
    with app.app_context():
        db.session.get_one(Campaign, campaign.id).blind = True
        db.session.get_one(Candidate, middling.id).stage = "interview"
        db.session.commit()
    hr = signed_in("hr")
    listed = hr.get(f"/campaigns/{campaign.id}/results").text
    assert "Strong" not in listed and "Middling" in listed
    assert "Strong" not in hr.get(f"/campaigns/{campaign.id}/candidates/{strong.id}").text


@pytest.mark.parametrize("path", ["results", "results/side-by-side", "candidates/{candidate}"])
def test_another_house_finds_nothing(signed_in: SignIn, people: tuple[Campaign, list[Candidate]], path: str) -> None:
    campaign, (strong, *_) = people
    address = f"/campaigns/{campaign.id}/" + path.format(candidate=strong.id)
    assert signed_in("outsider").get(address).status_code == 404
    assert signed_in("trainee").get(address).status_code == 403


def test_kept_standings_are_checked_and_rank_without_computing_everybody(
    app: Flask, people: tuple[Campaign, list[Candidate]]
) -> None:
    campaign, (strong, *_) = people
    with app.app_context():
        compare(campaign, ComparisonQuery())
        assert list(standings.check(campaign.organisation_id)) == []
        kept = db.session.scalars(select(Standing.role).where(Standing.role != NO_ROLE)).all()
        assert set(kept) == {f"campaign:{campaign.id}"}, "candidates are held against their campaign's role alone"
        assert ranked(campaign, [strong])[0].ranks == (1, 1), "one alone is ranked among all"
        theirs = Standing.person_id == strong.person_id, Standing.role != NO_ROLE
        db.session.execute(update(Standing).where(*theirs).values(low=-9.0))
        db.session.commit()
        assert len(list(standings.check(campaign.organisation_id))) == 1


def test_a_group_is_named_and_says_nothing_while_it_is_small(
    signed_in: SignIn, app: Flask, people: tuple[Campaign, list[Candidate]], monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign, (strong, *_) = people
    hr, base = signed_in("hr"), f"/campaigns/{campaign.id}"
    form = {"name": "Autumn, hy", "language": "hy", "campaign": str(campaign.id)}
    assert hr.post(f"{base}/norm-groups", data=form | {"campaign": "999"}).status_code == 303
    assert "Autumn, hy" not in page(hr.get(f"{base}/results")).text("#groups")
    hr.post(f"{base}/norm-groups", data=form)
    assert "n = 3" in page(hr.get(f"{base}/results")).text("#groups")
    assert "of 100" not in hr.get(f"{base}/candidates/{strong.id}").text.replace("95 of 100", "")
    monkeypatch.setattr(norms, "LEAST", 3)
    assert "higher than 67 to 100 of 100" in hr.get(f"{base}/candidates/{strong.id}").text
    hr.post(f"{base}/norm-groups/1/end")
    assert "Autumn, hy" not in page(hr.get(f"{base}/results")).text("#groups")


def test_what_would_decide_is_asked_for_with_one_click(
    app: Flask, signed_in: SignIn, people: tuple[Campaign, list[Candidate]], monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign, (_strong, middling, *_) = people
    with app.app_context():
        found = dict.fromkeys((each.person_id for each in people[1]), matrix(-1.5, 0.1))
        with_matrices(monkeypatch, found | {middling.person_id: short_of_evidence(matrix(1.2, 0.4))})
    hr, base = signed_in("hr"), f"/campaigns/{campaign.id}/candidates/{middling.id}"
    listed = page(hr.get(f"/campaigns/{campaign.id}/results"))
    form = listed.form(f"#more-{middling.id}").fields
    assert "minutes more would show what is missing" in listed.text("table.team")
    assert page(hr.get(base)).one(f'form[action="{base}/more"] input[name=ask]')["value"] == form["ask"]
    assert hr.post(f"{base}/more", data={**form, "ask": "W77"}).status_code == 303
    assert "/c/" in hr.post(f"{base}/more", data=form).text
    with app.app_context():
        parts = len(db.session.get_one(Candidate, middling.id).more_parts)
    told = page(hr.get(base)).text()
    assert "asked for on" in told and "Ask the candidate for exactly this" not in told
    twice = hr.post(f"{base}/more", data=form, follow_redirects=True).text
    assert "asked of the candidate already" in twice and "flash-error" not in twice
    with app.app_context():
        assert len(db.session.get_one(Candidate, middling.id).more_parts) == parts


def test_no_note_of_an_interview_is_lost_and_an_empty_one_is_not_closed(
    app: Flask, signed_in: SignIn, people: tuple[Campaign, list[Candidate]], monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign, (strong, *_) = people
    with app.app_context():
        with_matrices(monkeypatch, dict.fromkeys((each.person_id for each in people[1]), matrix(-1.5, 0.1)))
    hr, base = signed_in("hr"), f"/campaigns/{campaign.id}/candidates/{strong.id}"
    notes = [each["name"] for each in page(hr.get(base)).all("textarea[name^=note-]")]
    kept = hr.post(f"{base}/interview", data={notes[0]: "Said much", "close": "1"})
    assert kept.status_code == 422 and "Said much" in kept.text and "Not kept yet" in kept.text
    empty = hr.post(f"{base}/interview", data={"close": "1"}, follow_redirects=True).text
    assert "the interview stays open" in empty and "joined the evidence" not in empty


def test_whoever_takes_the_test_again_stays_in_the_table(
    app: Flask, signed_in: SignIn, people: tuple[Campaign, list[Candidate]]
) -> None:
    campaign, (strong, *_) = people
    with app.app_context():
        again = db.session.get_one(Candidate, strong.id)
        again.retake, again.finished_at = 1, None
        db.session.commit()
    shown = page(signed_in("hr").get(f"/campaigns/{campaign.id}/results")).text("table.team")
    assert "Strong" in shown and "takes it again" in shown
