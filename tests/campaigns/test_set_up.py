"""From no campaign to letters on their way, as HR goes; then what becomes of the people."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from lms import assess, clock, evidence
from lms.background.mail import OutboxMail
from lms.campaigns import by_token, expected, reminders, status
from lms.campaigns.candidacies import end_of, link_token, status_column
from lms.campaigns.models import Campaign, Candidate, Expectation
from lms.campaigns.parts import Mix, bank_of, minutes_of, parts_of, rules_of
from lms.database import db, may_write
from lms.identity.models import Organisation, Person
from tests.cast import Cast
from tests.html import page

SignIn = Callable[[str], FlaskClient]
PEOPLE = "Ani Petrosyan, ani@example.am\nԴավիթ Գրիգորյան <davit@example.am>\n"


def made(hr: FlaskClient, **changes: object) -> int:
    """A campaign with the form's own values; its number."""
    opened = page(hr.get("/campaigns/new/smm_manager"))
    reply = hr.post("/campaigns/new/smm_manager", data=opened.form("main form").fields | changes)
    assert reply.status_code == 303, page(reply).text("main")
    return int(reply.location.split("/")[2])


def invited(hr: FlaskClient, number: int, people: str = PEOPLE, **more: str) -> list[str]:
    """The links that the page hands over, since the tests have no mail server."""
    reply = hr.post(f"/campaigns/{number}/people", data={"people": people, "language": "en", **more})
    assert reply.status_code == 200, reply.status_code
    return [str(field["value"]) for field in page(reply).all("input[readonly]")]


@pytest.fixture
def hr(app: Flask, signed_in: SignIn) -> FlaskClient:
    return signed_in("hr")


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


def test_what_a_test_will_do_is_measured_before_use_and_kept(hr: FlaskClient, app: Flask, cast: Cast) -> None:
    words = page(hr.get("/campaigns/new/smm_manager")).text("#offers")
    assert "being measured" in words
    with app.app_context():
        home, framework = cast.person("hr").organisation_id, evidence.framework()
        assert db.session.scalars(select(Expectation.measured_at)).all() == [None, None]
        parts = parts_of(framework, "screening", "smm_manager")
        row = expected.measure_now(home, framework, "smm_manager", parts, 60, 7)
        figures = row.figures or {}
        db.session.commit()
        assert figures["persons"] == 60 and 0 <= figures["false_pass"] <= 0.1 and figures["lines"][0]["below"] > 0.7
        assert set(figures["lengths"]["content"]) == {"4", "6", "8", "10", "12"}
        assert expected.figures_of(framework, "junior_smm", parts) == {}  # another role, other figures
    assert "Wrongly let through" in page(hr.get("/campaigns/new/smm_manager")).text("#offers")
    number = made(hr)
    with app.app_context():
        assert db.session.get_one(Campaign, number).expected["seed"] == 7


def test_whoever_saves_does_not_wait_for_a_measurement(
    hr: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    hr.get("/campaigns/new/smm_manager")

    def measured(*_given: object) -> dict[str, int]:
        with may_write(), db.engine.begin() as other:
            other.execute(update(Organisation).values(name=Organisation.name))
        return {"persons": 1}

    monkeypatch.setattr(expected, "_measured", measured)
    with app.app_context():
        assert (expected.measure_waiting(), expected.measure_waiting()) == (2, 0)


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


def test_the_figures_of_a_form_are_of_its_work_samples_too(context: Flask, cast: Cast) -> None:
    """What each of them alone decides is said, and another work sample is another promise."""
    home = cast.person("hr").organisation_id
    framework = evidence.framework(home)
    parts = parts_of(framework, "full", "smm_manager")
    row = expected.measure_now(home, framework, "smm_manager", parts, 50, 1)
    figures = row.figures or {}
    assert set(figures["works"]) == {"W1", "W2", "W5"} and figures["work_minutes"] == 30
    assert any(figures["works"].values()), "without its work samples the form decides less"
    alone = [part for part in parts if part["kind"] == "test"]
    assert expected.fingerprint(framework, "smm_manager", alone) != row.fingerprint
    assert expected.stored(home)[0][1][1:] == parts[1:]


def test_an_own_mix_holds_the_work_that_was_chosen(hr: FlaskClient, app: Flask) -> None:
    with app.app_context():
        framework = evidence.framework()
        mix = Mix({"communication": 6, "content": 4}, frozenset({"W1", "W3"}))
        parts = parts_of(framework, "own", "smm_manager", mix)
    assert [part.get("task") for part in parts] == [None, "W1", "W3"] and minutes_of(parts) > 18
    assert rules_of(parts).most == 10


def figures_with(**changes: object) -> dict[str, object]:
    told: dict[str, object] = dict.fromkeys(("false_pass", "false_fail", "open", "exposure"), 0.2)
    told |= dict.fromkeys(("questions", "longest", "shortest", "pool", "persons", "seed"), 6)
    told |= {"measured_at": clock.now().isoformat(), "content_version": "x", "lines": [], "works": {}, "confirmed": 0.0}
    lengths = {skill: {"4": 0.3, "6": 0.8} for skill in ("communication", "content", "analytics")}
    return told | {"undecided": [], "work_minutes": 4.0, "lengths": lengths} | changes


def test_the_page_offers_the_longer_test_that_shows_what_the_full_one_leaves_open(
    hr: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = figures_with(undecided=["communication.reviews", "analytics.goals"])
    monkeypatch.setattr(expected, "figures_of", lambda *_: told)
    opened = page(hr.get("/campaigns/new/smm_manager"))
    assert "never says “meets the role”" in opened.text("#offers")
    longer = str(opened.one(".offer a.button")["href"])
    form = page(hr.get(longer)).form("main form").fields
    assert form["form"] == "own" and form["seen"] and {"task-W3", "task-W5"} <= form.keys()
    reply = hr.post("/campaigns/new/smm_manager", data=form)
    assert reply.status_code == 303, "its figures are on the page already"
    with app.app_context():
        parts = db.session.scalars(select(Campaign)).one().parts
        assert "W3" in [part.get("task") for part in parts] and rules_of(parts).most == 18
    monkeypatch.setattr(expected, "figures_of", lambda *_: figures_with())
    assert not page(hr.get("/campaigns/new/smm_manager")).has(".offer a.button"), "nothing is left open"


def test_nobody_makes_an_own_mix_whose_figures_they_have_not_seen(
    hr: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expected, "figures_of", lambda *_: figures_with())
    form = page(hr.get("/campaigns/new/smm_manager")).form("main form").fields
    mix = {"form": "own", "questions-communication": "6", "task-W3": "y"}
    mix |= {"questions-content": "0", "questions-analytics": "0"}
    chosen = {name: value for name, value in form.items() if not name.startswith("task-")} | mix
    reply = hr.post("/campaigns/new/smm_manager", data=chosen)
    words = page(reply).text("main")
    assert reply.status_code == 422 and "Here is what your mix will do" in words and "about 4 min" in words
    assert "to be put right" not in words, "nothing is wrong with the mix"
    assert "too little is known" in words, "communication alone is less than half of the role"
    seen = page(reply).one("input[name=seen]")["value"]
    assert hr.post("/campaigns/new/smm_manager", data=chosen | {"seen": "communication:4"}).status_code == 422
    assert hr.post("/campaigns/new/smm_manager", data=chosen | {"seen": seen}).status_code == 303
    with app.app_context():
        parts = db.session.scalars(select(Campaign)).one().parts
        assert [part.get("task") for part in parts] == [None, "W3"]
