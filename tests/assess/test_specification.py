"""A test is an object: a sixth one needs no line of this room, and an attempt keeps the rules it began with."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask, redirect, url_for
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from lms import assess
from lms.assess import Attempt, Specification, adaptive
from lms.assess.registry import registered
from lms.database import db
from lms.database.transaction import transaction
from lms.evidence.models import Evidence
from lms.identity.access import current_person, needs_person
from lms.identity.models import Person
from lms.learn.specifications import CHECK, PLACEMENT, PRACTICE, PRETEST, REVIEW
from tests.assess.forms import JSON, SignIn, controls, hidden
from tests.assess.small import shelve
from tests.cast import Cast, sign_in

FORM = Specification(
    "hiring_form",
    title={"hy": "Ընտրության թեստ", "en": "Selection form"},
    result_endpoint="thanks",
    selection="the two we like",
    seconds=600,
    gives_evidence=True,
    explained=False,
)


def chosen(_test: Specification, _person: Person, _subject: str) -> list[int]:
    revisions = shelve()
    return [revisions["one"], revisions["seven"]]


@pytest.fixture
def hiring(app: Flask) -> Flask:
    """The application with a sixth test, as another room would add it: rules, a way in and a page at the end."""
    assess.register(app, FORM, chosen)

    @needs_person
    @transaction
    def begin() -> ResponseReturnValue:
        attempt = assess.begin(current_person, FORM.name, "campaign 1")
        return redirect(url_for("assess.sitting", attempt_id=attempt.id), 303)

    @needs_person
    def thanks(attempt_id: int) -> ResponseReturnValue:
        attempt = assess.attempt_of(current_person.id, attempt_id)
        return f"Thank you for {len(attempt.current_answers())} answers"

    app.add_url_rule("/forms", "begin_form", begin, methods=["POST"])
    app.add_url_rule("/forms/<id:attempt_id>/thanks", "thanks", thanks)
    return app


@pytest.fixture
def outsider(hiring: Flask, cast: Cast) -> FlaskClient:
    """Somebody who sits a form and holds no role at all."""
    with hiring.app_context():
        person = Person(email="applicant@example.org", name="Applicant", language="en")
        person.organisation_id = cast.person("trainee").organisation_id
        db.session.add(person)
        db.session.commit()
        number = person.id
    client = hiring.test_client()
    sign_in(client, number)
    return client


def test_a_sixth_test_is_sat_by_somebody_without_a_role_and_ends_on_its_own_page(
    hiring: Flask, outsider: FlaskClient
) -> None:
    address = outsider.post("/forms").headers["Location"]
    page = outsider.get(address)
    assert page.status_code == 200
    assert "Selection form" in page.text and 'id="left"' in page.text
    assert "After finishing nothing can be changed any more." in page.text and "explanation" not in page.text
    outsider.post(f"{address}/responses", data=hidden(page.text, 1) | controls(page.text, 1))
    end = outsider.post(f"{address}/submission").headers["Location"]
    assert end == address.replace("attempts", "forms") + "/thanks"
    assert outsider.get(end).text == "Thank you for 1 answers"
    assert outsider.get(address).headers["Location"] == end
    with hiring.app_context():
        rows = db.session.scalars(select(Evidence)).all()
        assert [row.purpose for row in rows] == [FORM.name] * 2
        kept = db.session.scalars(select(Attempt)).one().specification
        assert kept == replace(FORM, testlet_sd=kept.testlet_sd)  # an adaptive form keeps the framework's of its day


def test_who_may_sit_is_said_by_the_test(hiring: Flask, signed_in: SignIn) -> None:
    hr = signed_in("hr")
    assert hr.post("/forms").status_code == 303
    assert hr.post("/placements").status_code == 403


def test_the_trainees_page_shows_no_keys_of_somebody_elses_test(hiring: Flask, signed_in: SignIn) -> None:
    trainee = signed_in("trainee")
    address = trainee.post("/forms").headers["Location"]
    trainee.post(f"{address}/submission")
    assert trainee.get(f"{address}/result").headers["Location"].endswith("/thanks")


def test_whoever_lost_the_role_meanwhile_is_told_that_the_answers_are_handed_in(
    app: Flask, cast: Cast, signed_in: SignIn
) -> None:
    trainee = signed_in("trainee")
    address = trainee.post("/modules/C1.1/checks").headers["Location"]
    with app.app_context():
        cast.person("trainee").memberships = []
        db.session.commit()
    reply = trainee.post(f"{address}/submission", headers=JSON)
    assert reply.json == {"submitted": True, "result": f"{address}/submission"}
    page = trainee.get(f"{address}/submission")
    assert page.status_code == 200
    assert "Handed in" in page.text and "explained" not in page.text
    assert trainee.get(address).headers["Location"] == f"{address}/submission"


def test_nothing_is_handed_in_before_the_end(signed_in: SignIn) -> None:
    trainee = signed_in("trainee")
    address = trainee.post("/modules/C1.1/checks").headers["Location"]
    assert trainee.get(f"{address}/submission").headers["Location"] == address
    assert signed_in("candidate").get(f"{address}/submission").status_code == 404


def finish(client: FlaskClient, address: str) -> str:
    page = client.get(address).text
    position = int(re.findall(r'<form id="q(\d+)"', page)[0])
    client.post(f"{address}/responses", data=hidden(page, position) | controls(page, position))
    client.post(f"{address}/submission")
    return str(client.get(f"{address}/result").text)


def test_an_attempt_keeps_its_rules_when_the_test_changes(app: Flask, signed_in: SignIn) -> None:
    trainee = signed_in("trainee")
    before = trainee.post("/modules/C1.1/checks").headers["Location"]
    _, choose = app.extensions["tests"]["check"]
    app.extensions["tests"]["check"] = (
        replace(CHECK, version=CHECK.version + 1, pass_mark=0.95, gives_evidence=False),
        choose,
    )
    after = trainee.post("/modules/C1.2/checks").headers["Location"]
    assert "80% is needed" in finish(trainee, before)
    assert "95% is needed" in finish(trainee, after)
    with app.app_context():
        purposes = {row.attempt_id for row in db.session.scalars(select(Evidence))}
        assert purposes == {int(before.split("/")[-1])}
        assert [row.specification.version for row in db.session.scalars(select(Attempt).order_by(Attempt.id))] == [
            CHECK.version,
            CHECK.version + 1,
        ]


def test_attempts_at_a_test_that_is_given_no_more_are_read_and_replayed(
    app: Flask, cast: Cast, signed_in: SignIn
) -> None:
    trainee = signed_in("trainee")
    address = trainee.post("/placements").headers["Location"]
    page = trainee.get(address).text
    trainee.post(f"{address}/responses", data=hidden(page, 1) | controls(page, 1))
    del app.extensions["tests"]["placement"]
    assert trainee.get(address).status_code == 200, "it can still be sat to its end"
    assert "What your answers say, all of them taken together" in finish(trainee, address)
    with app.app_context():
        attempt = db.session.scalars(select(Attempt)).one()
        assert adaptive.path(attempt) == [item.revision_id for item in attempt.items]


@pytest.mark.parametrize("test", [CHECK, PRETEST, PLACEMENT, REVIEW, PRACTICE, FORM], ids=lambda test: test.name)
def test_a_specification_is_read_back_from_plain_values(test: Specification) -> None:
    assert Specification.read(test.plain()) == test
    assert Specification.read(test.plain() | {"invented later": 1}) == test
    assert Specification.read({"name": test.name}).name == test.name


BROKEN = (
    ({"name": ""}, "1 to 40 characters"),
    ({"name": "a" * 41}, "1 to 40 characters"),
    ({"selection": "adaptive", "most": 5}, "forward only"),
    ({"selection": "adaptive", "revisit": False}, "greatest length"),
)


@pytest.mark.parametrize(("values", "says"), BROKEN)
def test_rules_that_contradict_one_another_are_refused(values: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Specification(**{"name": "broken"} | values)  # type: ignore[arg-type]


def test_a_name_is_given_once_and_a_selection_needs_its_maker(context: Flask) -> None:
    with pytest.raises(ValueError, match="two tests have the name 'check'"):
        assess.register(context, CHECK)
    with pytest.raises(ValueError, match="by 'the two we like'"):
        assess.register(context, FORM)
    with pytest.raises(LookupError):
        registered("hiring_form")


def test_a_form_one_by_one_leads_forward_only_and_says_where_one_is(hiring: Flask, outsider: FlaskClient) -> None:
    hiring.extensions["tests"][FORM.name] = (replace(FORM, revisit=False), chosen)
    address = outsider.post("/forms").headers["Location"]
    for position in (1, 2):
        page = outsider.get(address).text
        assert re.findall(r'<form id="q(\d)"', page) == [str(position)]
        assert "of 2" in page and "To the end" not in page
        reply = outsider.post(f"{address}/responses", data=hidden(page, position) | controls(page, position))
    assert reply.headers["Location"].endswith("/thanks"), "after the last question the form is over"
