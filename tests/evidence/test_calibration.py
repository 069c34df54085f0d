"""`flask calibrate` and `flask rescore`: a new dated set from evidence, the old one kept, nobody's result changed."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import cycle

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from lms import clock, evidence, publishing
from lms.assess import Attempt
from lms.author.overview import item_lines
from lms.author.verdicts import drift_verdict
from lms.content.model import Item
from lms.database import db
from lms.evidence.anchor_watch import AnchorWatch, anchor_watch
from lms.evidence.calibration import ANCHOR_ANSWERS, _anchors, _holding, calibrate_all
from lms.evidence.models import Evidence, TrialAnswer
from lms.evidence.moved_items import moved
from lms.evidence.parameter_drafts import write_set
from lms.evidence.parameter_models import ItemParameter, ParameterSet
from lms.evidence.parameters import current_set
from lms.identity.models import Organisation, Person
from lms.psychometrics.anchor_drift import Drift
from lms.psychometrics.items import Items
from lms.psychometrics.model import category_probs
from lms.publishing.models import Revision
from tests.assess.forms import SignIn
from tests.assess.small import begin
from tests.cast import Cast
from tests.html import page

pytestmark = pytest.mark.both_engines

SHIFT = -1.5  # the first item is this much easier than its experts said


def people(count: int) -> list[int]:
    house = db.session.scalars(select(Organisation).filter_by(slug="aygi")).one()
    before = db.session.scalar(select(func.count(Person.id))) or 0
    rows = [Person(email=f"p{before + n}@example.org", name=f"P {n}", organisation=house) for n in range(count)]
    db.session.add_all(rows)
    db.session.flush()
    return [row.id for row in rows]


def answered(count: int, items: int = 8, easier: float = SHIFT, ability: float = 0.0) -> list[int]:
    """Evidence of so many people over single-choice items of one skill; the revisions, the easier one first."""
    content = [(revision, item) for revision, item in publishing.items(pool="placement") if item.skill == "content"]
    chosen = [(revision, item) for revision, item in content if item.type == "single"][:items]
    units = evidence.units([revision for revision, _ in chosen], None)
    bank = Items.of([units[revision] for revision, _ in chosen])
    bank.b[0] += easier
    chance = np.random.default_rng(4)
    for person in people(count):
        right = category_probs(bank, chance.normal() + ability)[0, :, 1]
        for (revision, item), p in zip(chosen, right, strict=True):
            db.session.add(Evidence(
                person_id=person, item_key=item.id, revision_id=revision, attempt_id=1, parameter_set_id=None,
                purpose="check", sub=item.sub, kind=item.type, category=int(chance.random() < p), categories=2,
                answered_at=clock.now(),
            ))  # fmt: skip
    db.session.commit()
    return [revision for revision, _ in chosen]


@pytest.mark.one_engine
def test_an_item_easier_than_expected_moves_and_the_report_says_why(app: Flask, cast: Cast) -> None:
    with app.app_context():
        revisions = answered(250)
    said = app.test_cli_runner().invoke(args=["calibrate", "--name", "first"]).output
    with app.app_context():
        made = db.session.scalars(select(ParameterSet)).one()
        first = next(line for line in made.moved if line["revision"] == revisions[0])
        assert SHIFT - 0.5 < first["shift"] < SHIFT / 2  # the experts' word still counts for something
        assert (first["answers"], first["why"]) == (250, "more people were right than expected")
        assert made.moved[0] == first
        assert evidence.parameters(revisions[:1])[revisions[0]].b != evidence.units(revisions[:1], None)[revisions[0]].b
    assert "converged" in said
    assert first["item"] in said


def test_nothing_that_was_scored_changes_and_rescore_tells_what_would(app: Flask, cast: Cast) -> None:
    with app.app_context():
        answered(40)
        person = db.session.scalars(select(Evidence.person_id).limit(1)).one()
        moment = clock.now() + timedelta(days=1)
        before = evidence.matrix_of(person, moment).cells["content"].theta
    runner = app.test_cli_runner()
    assert "skills that would move: 0" in runner.invoke(args=["rescore", "--dry-run"]).output
    runner.invoke(args=["calibrate"])
    with app.app_context():
        assert evidence.matrix_of(person, moment).cells["content"].theta == before
        newest = evidence.current_set()
        assert newest
        assert evidence.rescored(person, newest.id, moment).cells["content"].theta != before
        attempt = begin(cast.person("trainee"), "one")
        assert attempt.parameter_set_id == newest.id
    assert "skills that would move: 0" not in runner.invoke(args=["rescore", "--dry-run"]).output
    assert runner.invoke(args=["rescore"]).exit_code == 2


def test_a_dry_run_and_an_empty_database_write_nothing(app: Flask, cast: Cast) -> None:
    runner = app.test_cli_runner()
    assert "no evidence" in runner.invoke(args=["calibrate"]).output
    with app.app_context():
        answered(20)
    assert runner.invoke(args=["calibrate", "--dry-run"]).exit_code == 0
    with app.app_context():
        assert db.session.scalar(select(func.count(ParameterSet.id))) == 0


@pytest.mark.one_engine
def test_the_bank_says_where_it_is_thin(app: Flask, cast: Cast) -> None:
    """A sub-competency whose items are calibrated as blunt is named, and no more once they are sharp at its cuts."""
    runner = app.test_cli_runner()
    sub = "creativity.trends"
    with app.app_context():
        cuts = evidence.framework().cuts.theta
        calibrated_as(sub, "blunt", 0.2, cuts[:1])
    assert set(re.findall(r"([\w.]+) is thin at level", runner.invoke(args=["thin"]).output)) == {sub}
    with app.app_context():
        calibrated_as(sub, "sharp", 8.0, cuts)
    assert "thin places: 0" in runner.invoke(args=["thin"]).output
    assert "no published items" in runner.invoke(args=["thin", "--pool", "none"]).output


def calibrated_as(sub: str, name: str, slope: float, difficulties: Sequence[float]) -> None:
    """A parameter set by which the items of `sub` in the placement pool have that slope, at each difficulty in turn."""
    made = ParameterSet(name=name)
    db.session.add(made)
    db.session.flush()
    items = [revision for revision, item in publishing.items(pool="placement") if item.sub == sub]
    db.session.add_all(
        ItemParameter(set_id=made.id, revision_id=revision, a=slope, b=[difficulty], origin="calibrated")
        for revision, difficulty in zip(items, cycle(difficulties), strict=False)
    )
    db.session.commit()


@pytest.mark.one_engine
def test_items_with_many_answers_hold_the_scale_for_new_people(app: Flask, cast: Cast) -> None:
    with app.app_context():
        answered(ANCHOR_ANSWERS)
        first = write_set("one", "", calibrate_all(lambda _: None))
        db.session.commit()
        (again,) = calibrate_all(lambda _: None)
        assert all(again.anchors)
        assert moved(again) == []
        held = db.session.scalars(select(ItemParameter).filter_by(set_id=first.id)).all()
        assert {row.n for row in held} == {ANCHOR_ANSWERS}
        assert db.session.scalar(select(func.count(Attempt.id))) == 0


@pytest.mark.one_engine
def test_other_people_are_measured_by_the_anchors_and_do_not_move_the_scale(context: Flask, cast: Cast) -> None:
    answered(ANCHOR_ANSWERS)
    write_set("one", "", calibrate_all(lambda _: None))
    db.session.execute(delete(Evidence))
    answered(ANCHOR_ANSWERS, ability=1.5)
    (again,) = calibrate_all(lambda _: None)
    assert all(again.anchors)
    assert 1.2 < again.result.mean < 1.8


@pytest.mark.one_engine
def test_three_anchors_hold_a_scale_and_two_do_not(context: Flask, cast: Cast) -> None:
    revisions = answered(ANCHOR_ANSWERS)
    first = write_set("one", "", calibrate_all(lambda _: None))
    rows = db.session.scalars(
        select(ItemParameter).filter_by(set_id=first.id).order_by(ItemParameter.revision_id)
    ).all()
    for firm, expected in ((3, 3), (2, 0), (1, 0)):
        for number, row in enumerate(rows):
            row.n = ANCHOR_ANSWERS if number < firm else ANCHOR_ANSWERS - 1
        db.session.flush()
        assert sum(_anchors(sorted(revisions), first)) == expected
    for row in rows[:4]:
        row.n = ANCHOR_ANSWERS
    rows[1].origin = rows[2].origin = "prior"
    db.session.flush()
    assert sum(_anchors(sorted(revisions), first)) == 0, "answers under a prior hold no scale"


@pytest.mark.one_engine
@pytest.mark.parametrize(("away", "held"), [((0,), 3), ((0, 1), 4), ((), 4)])
def test_anchors_that_moved_let_go_while_enough_others_hold(away: tuple[int, ...], held: int) -> None:
    drifts = [Drift(column, 0.8, 0.1, 300) for column in away]
    assert sum(_holding((True,) * 4, drifts)) == held


@pytest.mark.one_engine
def test_what_was_learned_on_trial_goes_with_the_question_that_counts(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        revisions = answered(250)
        before, item = revisions[0], publishing.item(revisions[0])
        db.session.execute(delete(Evidence).where(Evidence.revision_id == before))
        for person in db.session.scalars(select(Evidence.person_id).distinct()).all():
            db.session.add(TrialAnswer(
                person_id=person, item_key=item.id, revision_id=before, attempt_id=1, sub=item.sub, category=1,
                categories=2, information=0.2, answered_at=clock.now(),
            ))  # fmt: skip
        row = db.session.get_one(Revision, before)
        later = Revision(organisation_id=row.organisation_id, kind="item", key=row.key, path=row.path, sha256="9" * 64)
        later.source, later.data = row.source.replace(b"\np: ", b"\npretest: false\np: "), row.data
        db.session.add(later)
        db.session.commit()
        write_set("first", "", calibrate_all(lambda _: None))
        db.session.commit()
        learned = evidence.parameters([before])[before]
        assert learned.b != evidence.units([before], None)[before].b
        assert learned.sd_b < 0.45
        usual = publishing.find_item
        monkeypatch.setattr(publishing, "find_item", lambda number: _tried(usual(number), number == before))
        assert evidence.parameters([later.id])[later.id] == learned
        monkeypatch.setattr(publishing, "find_item", lambda number: _tried(usual(number), False))
        assert evidence.parameters([later.id])[later.id].sd_b == 0.6  # what never was on trial begins anew


def _tried(item: Item | None, pretest: bool) -> Item | None:
    return item and dataclasses.replace(item, pretest=pretest)


@pytest.mark.one_engine
def test_leaked_anchors_are_told_and_nothing_is_done_about_them(app: Flask, cast: Cast, signed_in: SignIn) -> None:
    with app.app_context():
        revisions = answered(220, items=10, easier=0.0)
    runner = app.test_cli_runner()
    assert "DRIFT" not in runner.invoke(args=["calibrate"]).output
    with app.app_context():
        leaked = revisions[2:5]
        before = evidence.parameters(revisions)
        assert anchor_watch(current_set()) == AnchorWatch(10, 0, 0, None)
        answered(220, items=10, easier=0.0)
        newest = select(Evidence.id).order_by(Evidence.id.desc()).limit(2200)
        wrong = Evidence.revision_id.in_(leaked), Evidence.id.in_(newest), Evidence.person_id % 5 != 0
        db.session.execute(update(Evidence).where(*wrong).values(category=1))
        db.session.commit()
        watch = anchor_watch(current_set())
        assert (watch.anchors, watch.watched, watch.answers) == (10, 10, 220) and 1 < watch.change < 3
    said = runner.invoke(args=["calibrate"]).output
    shown = page(signed_in("instructor").get("/content/calibration")).text()
    assert "10 questions hold the scale" in shown and shown.count("It has become easier than it was") == 3
    with app.app_context():
        told = evidence.drifts()
        assert set(told) == set(leaked)
        assert all(line["change"] < -0.5 and line["answers"] == 220 for line in told.values())
        after = evidence.parameters(revisions)
        assert all(after[revision] == before[revision] for revision in leaked)
        key = publishing.item(leaked[0]).id
        bank = publishing.library().banks[publishing.item(leaked[0]).path]
        line = next(line for line in item_lines(bank, {}, {}) if line.item.id == key)
        assert line.misleads and line.verdicts[0] == drift_verdict(told[leaked[0]])
    assert said.count("DRIFT") == 3 and "to be watched: 10" in said and "of 220 answers (median)" in said
