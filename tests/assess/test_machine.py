"""F22 in short: a hundred runs, thirty on PostgreSQL; and mutants that the model must disagree with in a hundred."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms.assess import ActRefused, Attempt
from lms.assess.models import AttemptItem, Form, Response
from lms.assess.receipt import Receipt
from lms.database import db
from tests.assess.machine import AttemptMachine, steered
from tests.assess.small import shelve
from tests.cast import Cast

pytestmark = pytest.mark.both_engines


RUNS = 100  # every mutant below dies within them


def run(cast: Cast, runs: int, steps: int, commit: bool = False) -> None:
    """So many runs of the machine in the present application context."""
    revisions = shelve()
    db.session.commit()
    held = {"person_id": cast.trainee, "revisions": (revisions["one"], revisions["seven"], revisions["eight"])}
    machine = type("Machine", (AttemptMachine,), held | {"commit": commit})
    setting = settings(
        max_examples=runs, stateful_step_count=steps, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck), phases=(Phase.generate,),
    )  # fmt: skip
    with steered(machine):
        run_state_machine_as_test(machine, settings=setting)


def test_the_attempt_behaves_as_its_model(context: Flask, cast: Cast, engine_name: str) -> None:
    run(cast, runs=RUNS if engine_name == "sqlite" else 30, steps=10)


def last_arrival_wins(self: Attempt) -> dict[int, Response]:
    rows = db.session.execute(
        select(AttemptItem.position, Response)
        .join(Response, Response.attempt_item_id == AttemptItem.id)
        .where(AttemptItem.attempt_id == self.id, Response.late.is_(False))
        .order_by(Response.id)
    )
    return dict(rows.all())


def without_writer(self: Attempt, item: AttemptItem, *_: object) -> None:
    """Any page may write."""


def finish_again(self: Attempt) -> None:
    self.submitted_at = self.finished_by = None
    true_finish(self)


def late_counts(self: Attempt, position: int, value: Form, client_seq: int, key: str, tab: str) -> Receipt:
    receipt = true_answer(self, position, value, client_seq, key, tab)
    for row in db.session.scalars(select(Response).filter_by(attempt_id=self.id)):
        row.late = False
    return receipt


true_finish, true_answer = Attempt.finish, Attempt.answer
MUTANTS = {
    "current_answers": last_arrival_wins,
    "_may_write": without_writer,
    "finish": finish_again,
    "answer": late_counts,
    "is_over": lambda self, at=None: False,
    "pause": lambda self: None,
}


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("name", MUTANTS)
def test_the_model_sees_each_mutant(context: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(Attempt, name, MUTANTS[name])
    with pytest.raises((AssertionError, ActRefused, IntegrityError)):
        run(cast, runs=RUNS, steps=10)
