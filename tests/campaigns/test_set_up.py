"""From no campaign to letters on their way, as HR goes; then what becomes of the people."""

from __future__ import annotations

import re
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import assess, clock
from lms.background.mail import OutboxMail
from lms.campaigns import by_token, reminders, status
from lms.campaigns.candidacies import end_of, link_token, status_column
from lms.campaigns.models import Campaign, Candidate
from lms.campaigns.parts import bank_of, rules_of
from lms.database import db
from lms.identity.models import Person
from tests.campaigns.steps import SignIn, invited, made
from tests.cast import Cast
from tests.html import page


def one(email: str) -> Candidate:
    return db.session.scalars(select(Candidate).filter_by(email=email)).one()


def test_a_campaign_keeps_role_test_and_window(hr: FlaskClient, app: Flask, cast: Cast) -> None:
    number = made(hr, retakes="1", shown="at_end", blind="y")
    with app.app_context():
        campaign = db.session.get_one(Campaign, number)
        rules = rules_of(campaign.parts)
        assert (campaign.role, campaign.form, campaign.retakes, campaign.shown, campaign.blind) == (
            "smm_manager", "screening", 1, "at_end", True)  # fmt: skip
        assert campaign.role_data["required"]["content"] == 3 and campaign.role_data["origin"] == "provisional"
        assert rules.cuts["content"] == 0.5 and rules.pool == "closed" and rules.least < rules.most
        assert campaign.closes_at - clock.now() > timedelta(days=13)
    assert "SMM manager" in hr.get("/campaigns").text


def test_people_get_one_link_each_that_reminders_repeat(hr: FlaskClient, app: Flask) -> None:
    number = made(hr)
    links = invited(hr, number)
    assert len(set(links)) == 2 and all(re.fullmatch(r"http://\S+/c/[\w-]{43}", link) for link in links)
    with app.app_context():
        ani = one("ani@example.am")
        token = links[0].rpartition("/")[2]
        assert by_token(token) == ani and ani.token_hash not in (None, token) and status(ani) == "invited"
        letter = db.session.get_one(OutboxMail, ani.letter_id)
        assert links[0] in letter.body and token not in letter.shown and letter.useless_from == ani.token_expires_at
        assert "Hello Ani Petrosyan" in letter.body
        assert db.session.get_one(Person, ani.person_id).roles == frozenset()
    calendar = hr.get(f"/c/{token}/calendar.ics")
    assert calendar.mimetype == "text/calendar" and "BEGIN:VEVENT" in calendar.text
    again = hr.post(f"/campaigns/{number}/acts", data={"act": "remind", "candidate": [ani.id]})
    assert links[0] in again.text


def test_a_paste_with_a_wrong_line_invites_nobody_and_says_which(hr: FlaskClient, app: Flask) -> None:
    number = made(hr)
    invited(hr, number, "ani@example.am")
    reply = hr.post(f"/campaigns/{number}/people", data={"people": "bo@example.am\nani@example.am\nnobody"})
    words = page(reply).text("main")
    assert reply.status_code == 422
    assert "Line 2: is in this campaign already" in words and "Line 3: no e-mail address" in words
    assert page(reply).one("textarea").get_text().startswith("bo@example.am")
    with app.app_context():
        assert db.session.scalars(select(Candidate.email)).all() == ["ani@example.am"]


def test_a_paste_that_is_too_long_invites_nobody(hr: FlaskClient, app: Flask) -> None:
    """Cut off, its last address would be somebody else's."""
    number, cut = made(hr), len("ani@example.am") - 1
    people = " " * (40_000 - cut) + "ani@example.am"
    assert hr.post(f"/campaigns/{number}/people", data={"people": people}).status_code == 422
    with app.app_context():
        assert not db.session.scalars(select(Candidate)).all()


def test_acts_shut_extend_and_let_in(hr: FlaskClient, app: Flask) -> None:
    number = made(hr)
    first = invited(hr, number)[0].rpartition("/")[2]
    board = page(hr.get(f"/campaigns/{number}"))
    ids = [str(box["value"]) for box in board.all("input[name=candidate]")]
    assert hr.post(f"/campaigns/{number}/acts", data={"act": "revoke", "candidate": ids}).status_code == 303
    assert page(hr.get(f"/campaigns/{number}?status=revoked")).all("input[name=candidate]")
    with app.app_context():
        assert by_token(first) is None and status(one("ani@example.am")) == "revoked"
        before = one("ani@example.am").token_expires_at
    extended = hr.post(f"/campaigns/{number}/acts", data={"act": "extend", "days": "7", "candidate": ids})
    assert f"/c/{first}" not in extended.text
    with app.app_context():
        ani = one("ani@example.am")
        assert status(ani) == "invited" and ani.token_expires_at == before + timedelta(days=7)
        campaign = db.session.get_one(Campaign, number)
        assert campaign.closes_at == before and end_of(campaign, ani) == ani.token_expires_at  # nobody else's end moves
        ani.approved_at = None
        db.session.commit()
    assert "waits for your approval 1" in page(hr.get(f"/campaigns/{number}")).text("#board")
    hr.post(f"/campaigns/{number}/acts", data={"act": "approve", "candidate": ids})
    with app.app_context():
        assert one("ani@example.am").approved_at is not None


def test_accommodations_are_the_persons_and_stand_on_no_board(hr: FlaskClient, app: Flask) -> None:
    number = made(hr)
    invited(hr, number, "ani@example.am")
    with app.app_context():
        path = f"/campaigns/{number}/people/{one('ani@example.am').id}"
    form = page(hr.get(path)).form("form.card").fields
    assert hr.post(path, data=form | {"extra_time": "1.5"}).status_code == 303
    with app.app_context():
        assert db.session.get_one(Person, one("ani@example.am").person_id).extra_time == 1.5
    assert "1.5" not in page(hr.get(f"/campaigns/{number}")).text("#board")


def test_status_in_the_database_is_the_same_as_in_python(hr: FlaskClient, app: Flask) -> None:
    number = made(hr)
    invited(hr, number, "\n".join(f"p{place}@example.am" for place in range(8)))
    steps = ("finished_at", "revoked_at", "opened_at", "consent_at", "started_at")
    with app.app_context():
        people = db.session.scalars(select(Candidate).order_by(Candidate.id)).all()
        for place, step in enumerate(steps):
            setattr(people[place], step, clock.now())
        people[5].approved_at = None
        people[6].token_expires_at = clock.now() - timedelta(days=1)
        db.session.commit()
        kept = dict(db.session.execute(select(Candidate.id, status_column())).all())
        assert kept == {person.id: status(person) for person in people} and len(set(kept.values())) == 8


def test_reminders_go_out_once_before_the_end(hr: FlaskClient, app: Flask) -> None:
    number = made(hr)
    invited(hr, number)
    with app.app_context():
        campaign = db.session.get_one(Campaign, number)
        assert reminders.remind_due() == 0
        campaign = db.session.get_one(Campaign, number)
        clock.shift(campaign.closes_at - clock.now() - timedelta(days=1))
        try:
            assert (reminders.remind_due(), reminders.remind_due()) == (2, 0)
        finally:
            clock.shift(timedelta(0))
        letters = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
        assert len(letters) == 4 and "still open" in letters[-1].body
        assert link_token(one("ani@example.am")) in letters[2].body


def test_trying_it_out_is_evidence_of_nothing_and_in_no_list(hr: FlaskClient, app: Flask) -> None:
    number = made(hr)
    reply = hr.post(f"/campaigns/{number}/preview")
    link = page(reply).one("input[readonly]")["value"]
    assert reply.status_code == 200 and "/c/" in str(link)
    with app.app_context():
        candidate = by_token(str(link).rpartition("/")[2])
        assert candidate is not None and candidate.campaign_id != number
        trial = db.session.get_one(Campaign, candidate.campaign_id)
        test, person = rules_of(trial.parts), db.session.get_one(Person, candidate.person_id)
        assert not test.gives_evidence and rules_of(db.session.get_one(Campaign, number).parts).gives_evidence
        attempt = assess.start(person, test, f"campaign:{trial.id}:0", None, bank_of(test, ["en"]))
        assert attempt.adaptive and attempt.specification.cuts
        trial_number = trial.id
        db.session.commit()
    assert len(page(hr.get("/campaigns")).all("li.campaign")) == 1
    assert hr.get(f"/campaigns/{trial_number}").status_code == 404
    assert page(hr.post(f"/campaigns/{number}/preview")).one("input[readonly]")["value"] != link


def test_letters_have_the_organisations_own_words(hr: FlaskClient, app: Flask) -> None:
    path = "/campaigns/letters/invitation/en"
    wrong = hr.post(path, data={"do": "save", "subject": "Come", "body": "Dear {nmae}"})
    assert wrong.status_code == 422 and "{nmae}" in wrong.text and "link is missing" in wrong.text
    looked = hr.post(path, data={"do": "look", "subject": "Come", "body": "Dear {name}: {link}"})
    assert "Dear Ani Petrosyan: http" in page(looked).text("#letter-sample")
    assert hr.post(path, data={"do": "save", "subject": "Come", "body": "Dear {name}: {link}"}).status_code == 303
    invited(hr, made(hr))
    with app.app_context():
        assert db.session.get_one(OutboxMail, one("ani@example.am").letter_id).body.startswith("Dear Ani Petrosyan: ")
    hr.post(path, data={"do": "drop"})
    assert "Hello {name}" in page(hr.get(path)).text("textarea")


def test_another_organisation_finds_nothing(hr: FlaskClient, signed_in: SignIn, app: Flask) -> None:
    number = made(hr)
    invited(hr, number, "ani@example.am")
    with app.app_context():
        ani = one("ani@example.am").id
    outsider = signed_in("outsider")
    for path in (f"/campaigns/{number}", f"/campaigns/{number}/people", f"/campaigns/{number}/people/{ani}"):
        assert outsider.get(path).status_code == 404
    assert outsider.post(f"/campaigns/{number}/acts", data={"act": "revoke", "candidate": ani}).status_code == 404
    theirs = made(outsider)
    assert outsider.get(f"/campaigns/{theirs}/people/{ani}").status_code == 404
    outsider.post(f"/campaigns/{theirs}/acts", data={"act": "revoke", "candidate": ani})
    with app.app_context():
        assert status(one("ani@example.am")) == "invited"
    for name in ("trainee", "instructor"):
        assert signed_in(name).get("/campaigns").status_code == 403
