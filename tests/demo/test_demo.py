"""The demo is played, not painted: its evidence comes from attempts, its people differ as their abilities do."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import func, select

from lms import clock, evidence, publishing
from lms.assess.attempt import Attempt
from lms.assess.models import AttemptItem
from lms.author.counting_job import refresher
from lms.author.item_statistics import item_statistics
from lms.author.verdicts import verdicts
from lms.background.mail import OutboxMail
from lms.campaigns import Candidate, status
from lms.content import questions
from lms.content.document import asks
from lms.database import db
from lms.demo import campaign, history, intake, people
from lms.demo.respondent import respond
from lms.evidence.models import Evidence
from lms.identity import membership
from lms.identity.models import OneTimeToken, Person
from lms.learn.models import Certificate
from lms.psychometrics.items import Items
from lms.psychometrics.model import category_probs
from tests import databases
from tests.applications import application


@pytest.fixture
def engine_name() -> str:
    """The demo runs where the newcomer's database is."""
    return "sqlite"


FULL_SIZE = intake.SIZE


@pytest.fixture(scope="module")
def small_demo(workbench: Path) -> Iterator[tuple[Flask, list[str]]]:
    """Three learners and an intake of two, played once for all that only look at them; what was said meanwhile."""
    chosen = tuple(learner for learner in people.LEARNERS if learner.mailbox in ("hayk", "ruben", "elen"))
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch, databases.fresh("sqlite", workbench) as (url, _cast):
        patch.setattr(history, "LEARNERS", chosen)
        patch.setattr(intake, "SIZE", 2)
        app = application(url, workbench)
        with app.app_context():
            history.seed(said.append)
        yield app, said


@pytest.fixture
def seeded(small_demo: tuple[Flask, list[str]]) -> Iterator[list[str]]:
    app, said = small_demo
    with app.app_context():
        yield said


def test_it_tells_how_far_it_is_and_happens_once(seeded: list[str]) -> None:
    assert [line.strip() for line in seeded[1:]] == ["1 of 3: hayk", "2 of 3: ruben", "3 of 3: elen"]
    before = db.session.scalar(select(func.count()).select_from(Attempt))
    history.seed(seeded.append)
    assert len(seeded) == 4
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == before > 3


def test_a_start_that_broke_off_is_taken_up(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = tuple(learner for learner in people.LEARNERS if learner.mailbox in ("ruben", "elen"))
    monkeypatch.setattr(history, "LEARNERS", chosen)
    monkeypatch.setattr(intake, "SIZE", 2)
    simulate, lives = history.simulate_weeks, iter((True, False))

    def killed_at_the_second(*life: object) -> None:
        if not next(lives):
            raise KeyboardInterrupt
        simulate(*life)  # type: ignore[arg-type]

    monkeypatch.setattr(history, "simulate_weeks", killed_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        history.seed(lambda _line: None)
    db.session.rollback()
    monkeypatch.setattr(history, "simulate_weeks", simulate)
    history.seed(lambda _line: None)
    emails = db.session.scalars(select(Person.email).where(Person.is_demo)).all()
    assert len(emails) == len(set(emails)) == 2 + len(people.STAFF)


def test_every_piece_of_evidence_comes_from_an_attempt_in_the_last_three_weeks(seeded: list[str]) -> None:
    for row in db.session.scalars(select(Evidence)):
        attempt = db.session.get_one(Attempt, row.attempt_id)
        assert attempt.person_id == row.person_id and attempt.submitted_at is not None
        assert 0 <= (clock.now() - row.answered_at).days <= 21
    assert db.session.scalar(select(func.count()).select_from(Evidence)) > 40


def test_no_check_asks_what_the_modules_own_text_asks(seeded: list[str]) -> None:
    rows = select(Attempt.subject, AttemptItem.revision_id).join(AttemptItem).where(Attempt.purpose == "check")
    modules = publishing.library().modules
    asked = [(modules[row.subject], publishing.item(row.revision_id).id) for row in db.session.execute(rows)]
    assert len(asked) > 20
    assert any(asks(module, item.id) for module, _key in asked for item in publishing.library().items.values())
    assert [key for module, key in asked if asks(module, key)] == []


def test_its_people_have_no_password(seeded: list[str]) -> None:
    found = db.session.scalars(select(Person).where(Person.is_demo)).all()
    assert len(found) == 7 and all(person.password_hash is None for person in found)
    assert {role for person in found for role in person.roles} == {"trainee", "hr", "instructor", "administrator"}


def test_somebody_new_is_shown_as_new(seeded: list[str]) -> None:
    hayk = db.session.scalars(select(Person).filter_by(email="hayk@nrneni.example")).one()
    matrix = evidence.matrix_of(hayk.id)
    assert any(cell.n == 0 for cell in matrix.cells.values())


@pytest.mark.parametrize("theta", [-1.5, 1.0])
def test_a_simulated_person_answers_as_the_model_says(context: Flask, theta: float) -> None:
    """Over many draws the mean share of the score is the model's, for every type at either end of the scale."""
    rng, by_type = random.Random(5), {item.type: (number, item) for number, item in publishing.items(pool="practice")}
    assert len(by_type) >= 9
    reference = publishing.reference()
    for kind, (number, item) in by_type.items():
        unit = evidence.parameters([number])[number]
        chances = category_probs(Items.of([unit]), np.array([theta]))[0, 0]
        scores = np.arange(len(chances)) / (len(chances) - 1)
        reached = []
        for _ in range(30):
            instance = questions.new_instance(item, rng.randrange(2**30), reference)
            form = respond(item, instance, unit, theta, rng)
            mark = questions.mark(item, instance, questions.read_form(item, instance, form))
            reached.append(mark.category / (mark.categories - 1))
        sd = float(np.sqrt(chances @ scores**2 - (chances @ scores) ** 2))
        slack = 0.2 if kind == "numeric" else 0.02  # some results leave no slip to make
        assert np.mean(reached) == pytest.approx(chances @ scores, abs=3.5 * sd / np.sqrt(30) + slack), kind


def test_people_work_by_day_and_seldom_at_weekends_and_take_their_time(seeded: list[str]) -> None:
    """Days and hours of Yerevan, UTC+4; answers half a minute apart."""
    attempts = db.session.scalars(
        select(Attempt).join(Person, Person.id == Attempt.person_id).where(Person.active, Person.is_demo)
    ).all()
    fresh = clock.now() - timedelta(hours=5)
    hours = [(one.started_at + timedelta(hours=4)).hour for one in attempts if one.started_at < fresh]
    assert len(hours) > 4 and all(10 <= hour <= 20 for hour in hours)
    weekend = [one for one in attempts if one.started_at.weekday() > 4 and one.started_at < fresh]
    assert len(weekend) <= len(attempts) / 3
    for one in attempts:
        seconds = (one.submitted_at - one.started_at).total_seconds() / len(one.items)  # type: ignore[operator]
        assert 10 < seconds < 120


def test_the_earlier_intake_is_closed_and_the_doors_lead_to_the_living(seeded: list[str]) -> None:
    closed = db.session.scalars(select(Person).where(~Person.active)).all()
    assert len(closed) == 2 == len({person.name for person in closed})
    assert not [person for person in closed if person.is_demo or person.password_hash]
    for person in closed:
        count = db.session.scalar(select(func.count()).select_from(Evidence).where(Evidence.person_id == person.id))
        assert count == len(publishing.items("pretest", course=intake.COURSE))


def test_letters_and_invitations_are_under_way(seeded: list[str]) -> None:
    invitations = db.session.scalars(select(OneTimeToken).where(OneTimeToken.purpose == "invitation")).all()
    mails = db.session.scalars(select(OutboxMail).where(OutboxMail.token_id.is_not(None))).all()
    assert {row.email for row in invitations} == {mail.recipient for mail in mails} and len(mails) == len(
        people.INVITED
    )
    assert all(row.expires_at > clock.now() > row.created_at and row.used_at is None for row in invitations)
    assert all("/links/" in mail.body for mail in mails)


def test_candidates_stand_at_every_stage_of_a_campaign(seeded: list[str]) -> None:
    candidates = db.session.scalars(select(Candidate).order_by(Candidate.id)).all()
    assert [status(one) for one in candidates] == [applicant.stage for applicant in campaign.APPLICANTS]
    rows = db.session.execute(select(Evidence.person_id, func.count()).group_by(Evidence.person_id))
    counted = dict(rows.all())
    for one in candidates:
        assert (counted.get(one.person_id, 0) > 14) == (one.finished_at is not None)
        assert one.finished_at is None or one.opened_at <= one.started_at < one.finished_at  # type: ignore[operator]


def test_the_item_that_the_able_misread_is_found(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """At full size: the instructor's pages name it, and nearly nothing else, as misleading."""
    monkeypatch.setattr(intake, "SIZE", FULL_SIZE)  # the small demo is this module's until its end
    house = membership.organisation(*people.AGENCY)
    with publishing.held_content():  # as in `seed`
        history._intake(house, ())
    refresher()()
    misleading = [key for key, one in item_statistics(house.id).items() if any(word.misleads for word in verdicts(one))]
    assert intake.MISUNDERSTOOD in misleading and len(misleading) <= 2
    assert item_statistics(house.id)[intake.MISUNDERSTOOD].alpha is not None


def test_who_finished_a_course_has_its_certificate(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = people.Learner("Դավիթ", "davit", (2.0,) * 6, 6, 21, placement=False)
    monkeypatch.setattr(history, "LEARNERS", (chosen,))
    monkeypatch.setattr(intake, "SIZE", 0)
    history.seed(lambda _line: None)
    found = db.session.scalars(select(Certificate)).all()
    assert [(one.course, one.data["name"]) for one in found] == [("C1", "Դավիթ")]
