"""The demo is played, not painted: its evidence comes from attempts, its people differ as their abilities do."""

from __future__ import annotations

import random

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import func, select

from lms import clock, record, shelf
from lms.assess.attempt import Attempt
from lms.db import db
from lms.demo import history, people
from lms.demo.respondent import respond
from lms.library import questions
from lms.people.models import Person
from lms.record.models import Evidence
from lms.score.model import Items, category_probs


@pytest.fixture
def engine_name() -> str:
    """The demo runs where the newcomer's database is."""
    return "sqlite"


@pytest.fixture
def seeded(context: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    chosen = tuple(learner for learner in people.LEARNERS if learner.mailbox in ("hayk", "ruben", "elen"))
    monkeypatch.setattr(history, "LEARNERS", chosen)
    said: list[str] = []
    history.seed(said.append)
    return said


def test_it_tells_how_far_it_is_and_happens_once(seeded: list[str]) -> None:
    assert [line.strip() for line in seeded[1:]] == ["1 of 3: hayk", "2 of 3: ruben", "3 of 3: elen"]
    before = db.session.scalar(select(func.count()).select_from(Attempt))
    history.seed(seeded.append)
    assert len(seeded) == 4
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == before > 3


def test_a_start_that_broke_off_is_taken_up(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = tuple(learner for learner in people.LEARNERS if learner.mailbox in ("ruben", "elen"))
    monkeypatch.setattr(history, "LEARNERS", chosen)
    live, lives = history._live, iter((True, False))

    def killed_at_the_second(*life: object) -> None:
        if not next(lives):
            raise KeyboardInterrupt
        live(*life)  # type: ignore[arg-type]

    monkeypatch.setattr(history, "_live", killed_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        history.seed(lambda _line: None)
    db.session.rollback()
    monkeypatch.setattr(history, "_live", live)
    history.seed(lambda _line: None)
    emails = db.session.scalars(select(Person.email).where(Person.is_demo)).all()
    assert len(emails) == len(set(emails)) == 2 + len(people.STAFF)


def test_every_piece_of_evidence_comes_from_an_attempt_in_the_last_three_weeks(seeded: list[str]) -> None:
    for row in db.session.scalars(select(Evidence)):
        attempt = db.session.get_one(Attempt, row.attempt_id)
        assert attempt.person_id == row.person_id and attempt.submitted_at is not None
        assert 0 <= (clock.now() - row.answered_at).days <= 21
    assert db.session.scalar(select(func.count()).select_from(Evidence)) > 40


def test_its_people_have_no_password(seeded: list[str]) -> None:
    found = db.session.scalars(select(Person).where(Person.is_demo)).all()
    assert len(found) == 6 and all(person.password_hash is None for person in found)
    assert {role for person in found for role in person.roles} == {"trainee", "hr", "instructor", "administrator"}


def test_somebody_new_is_shown_as_new(seeded: list[str]) -> None:
    hayk = db.session.scalars(select(Person).filter_by(email="hayk@nrneni.example")).one()
    matrix = record.matrix_of(hayk.id)
    assert any(cell.n == 0 for cell in matrix.cells.values())


def test_a_simulated_person_answers_as_the_model_says(context: Flask) -> None:
    """Over many draws of single-choice items the share of right answers is the model's, at either end of the scale."""
    rng = random.Random(5)
    singles = [(number, item) for number, item in shelf.items(pool="placement") if item.type == "single"][:12]
    for theta in (-2.0, 1.5):
        units = [record.parameters([number])[number] for number, _ in singles]
        expected = float(np.mean(category_probs(Items.of(units), np.array([theta]))[0, :, 1]))
        right = []
        for _ in range(15):
            for (_number, item), unit in zip(singles, units, strict=True):
                instance = questions.new_instance(item, rng.randrange(2**30), shelf.reference())
                form = respond(item, instance, unit, theta, rng)
                right.append(questions.mark(item, instance, questions.read_form(item, instance, form)).category)
        assert np.mean(right) == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / len(right)))
