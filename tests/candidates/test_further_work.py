"""Work asked of one candidate later, written work that people rate, and the letters about a result and an answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import clock, evidence
from lms.background.mail import OutboxMail
from lms.campaigns import Campaign, Candidate, further_work
from lms.campaigns.further_work import FurtherWork
from lms.candidates import overdue, work_samples
from lms.database import db, read_only
from lms.rating import works as written
from lms.rating.models import RatedWork
from tests.candidates.stage import TEST, begin, enter, invited, save, short, the_candidate
from tests.cast import Cast
from tests.html import page
from tests.rating import writer

SignIn = Callable[[str], FlaskClient]
PARTS = [
    {"kind": "test", "minutes": 25, "rules": {**TEST.plain(), "most": 1, "least": 1}},
    {"kind": "work", "task": "W3", "minutes": 4},
]


def campaign_of(candidate: Candidate) -> Campaign:
    return db.session.get_one(Campaign, candidate.campaign_id)


def states(candidate: Candidate) -> dict[str, str]:
    return dict(work_samples.states_of([candidate.person_id]).get(candidate.person_id, {}))


def letters() -> list[str]:
    return list(db.session.scalars(select(OutboxMail.subject).order_by(OutboxMail.id)))


def test_written_work_of_a_campaign_is_rated_blind_and_joins_the_matrix(
    app: Flask, client: FlaskClient, cast: Cast, signed_in: SignIn
) -> None:
    enter(client, invited(app, parts=PARTS))
    save(client, begin(client))
    between = client.get("/candidate").text
    assert "A reply under criticism" in between and "saved as you type" in between
    assert "kept as late" not in between, "nothing of the rules of the part that is over"
    address = str(client.post("/candidate/start").location)
    assert "account-menu" not in client.get(address).text
    with app.app_context():
        work = db.session.scalars(select(RatedWork)).one()
        assert work.give_back_url == "/candidate/back/0" and work.for_evidence
        fields = {name: value[0] for name, value in writer.whole(work, writer.REPLY).items()}
    ended = client.post(address, data={**writer.form(**fields), "hand_in": "1"})
    assert client.get(str(ended.location)).location == "/candidate"  # the way back notes that all is done
    assert "Everything is handed in" in client.get("/candidate").text
    with app.app_context():
        candidate = the_candidate()
        assert candidate.finished_at and states(candidate) == {"W3": "rated"}
        number, home = candidate.id, candidate.campaign_id
        writer.name_raters(cast.person("instructor"), cast.person("hr"), cast.person("administrator"))
        db.session.commit()
    listed = page(signed_in("hr").get(f"/campaigns/{home}/results")).text("table.team")
    assert "being rated" in listed and "Ask for it" not in listed
    with app.app_context():
        writer.rate(cast.person("instructor"), 3)
        writer.rate(cast.person("hr"), 3)
        db.session.commit()
        candidate = db.session.get_one(Candidate, number)
        assert states(candidate) == {"W3": "done"}
        assert {row.kind for row in evidence.work_rows([candidate.person_id])} == {"reply"}


def test_nobody_rates_what_hr_writes_while_trying_a_campaign_out(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        work = written.start(cast.person("trainee"), work_samples.RATED["W3"], "en", give_back_url="/candidate/back/0")
        db.session.rollback()
        assert work.for_evidence
        person = cast.person("trainee")
        part = {"kind": "work", "task": "W3", "minutes": 4}
        with app.test_request_context():
            assert work_samples.start_address(person, part, "/candidate/back/1", practice=True)
        assert not db.session.scalars(select(RatedWork)).one().for_evidence


def test_more_is_asked_by_the_same_link_with_a_last_moment_of_its_own(app: Flask, client: FlaskClient) -> None:
    token = invited(app, **short(1))
    save(enter(client, token), begin(client))
    clock.shift(timedelta(days=8))
    with app.test_request_context():
        candidate = the_candidate()
        campaign, closes = campaign_of(candidate), campaign_of(candidate).closes_at
        assert closes < clock.now()
        further_work.ask(campaign, candidate, FurtherWork(("W3",), {"content.copy": 2}))
        db.session.commit()
        assert campaign.closes_at == closes and candidate.ends_at and candidate.ends_at > clock.now()
        assert letters()[-1] == "One more piece of work: smm_manager"
    waiting = enter(app.test_client(), token)
    assert "asks for a little more" in waiting.get("/candidate").text
    address = str(waiting.post("/candidate/start").location)
    assert waiting.get(address).status_code == 200
    save(waiting, address)
    save(waiting, address)
    assert "A reply under criticism" in waiting.get("/candidate").text
    assert str(waiting.post("/candidate/start").location).startswith("/written/works/")
    with app.app_context(), read_only():
        assert the_candidate().finished_at, "what was handed in before stays in the results"
    clock.shift(timedelta(days=17))
    assert "Everything is handed in" in waiting.get("/candidate").text


def test_what_is_offered_alone_can_be_asked_for_and_nothing_twice(app: Flask) -> None:
    invited(app, parts=PARTS)
    with app.test_request_context():
        request = further_work.read("W5 content.copy:2", ["content.copy"])
        assert str(request) == "W5 content.copy:2" and request.minutes == 11
        for wrong in ("", "W0", "content.copy:99", "x:1", "content.copy:2 W5 junk:1"):
            try:
                further_work.read(wrong, ["content.copy"])
            except ValueError:
                continue
            raise AssertionError(wrong)
        candidate = the_candidate()
        try:
            further_work.ask(campaign_of(candidate), candidate, FurtherWork(("W3",)))
        except ValueError:
            return
    raise AssertionError("W3 is in the campaign already")


def test_a_letter_says_that_the_result_is_there_and_its_link_outlives_the_campaign(
    app: Flask, client: FlaskClient, signed_in: SignIn
) -> None:
    token = invited(app, **short(1))
    save(enter(client, token), begin(client))
    assert client.get("/candidate/result").status_code == 404
    with app.app_context():
        number, home = the_candidate().id, the_candidate().campaign_id
    hr = signed_in("hr")
    assert hr.post(f"/campaigns/{home}/candidates/{number}/release").status_code == 303
    hr.post(f"/campaigns/{home}/candidates/{number}/release")
    with app.app_context():
        assert letters() == ["Your result: smm_manager"]
    clock.shift(timedelta(days=20))
    late = enter(app.test_client(), token)
    assert "My result" in late.get("/candidate/result").text
    late.post("/candidate/contest", data={"about": "result", "text": "It is too low."})
    hr = signed_in("hr")
    hr.post("/contests/1", data={"status": "looked_at", "answer": ""})
    hr.post("/contests/1", data={"status": "refused", "answer": "We looked at every question again."})
    with app.app_context():
        assert letters()[1:] == ["An answer to what you contested: smm_manager"]


def test_a_work_whose_clock_ran_out_is_handed_in_though_nobody_came_back(app: Flask, client: FlaskClient) -> None:
    enter(client, invited(app, parts=PARTS))
    save(client, begin(client))
    client.post("/candidate/start")
    clock.shift(timedelta(hours=3))
    with app.app_context():
        assert (overdue.close_overdue(), overdue.close_overdue()) == (1, 0)
    with app.app_context(), read_only():
        assert the_candidate().finished_at
