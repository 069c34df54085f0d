"""What instructors take away: every first answer of their people in parts, without a name, and figures of questions."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import event, select

from lms import evidence
from lms.author import export_views
from lms.database import db
from lms.evidence.models import Evidence
from lms.identity.models import Person
from lms.report import spreadsheets
from tests.cast import Cast
from tests.evidence.known import make_known

SignIn = Callable[[str], FlaskClient]


def fill(cast: Cast, *people: str) -> None:
    for name in people:
        make_known(cast.ids[name])
        evidence.note_change(cast.ids[name])
    db.session.commit()


def test_all_first_answers_of_ones_own_people_and_no_name(
    app: Flask, cast: Cast, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_views, "TOGETHER", 1)
    monkeypatch.setattr(spreadsheets, "LINES", 5)
    with app.app_context():
        fill(cast, "trainee", "candidate", "outsider")
        rows = db.session.scalars(select(Evidence).order_by(Evidence.person_id, Evidence.id)).all()
        mine = [row for row in rows if row.person_id != cast.ids["outsider"]]
        wanted = [(row.item_key, str(row.category)) for row in mine]
        people = {row.person_id for row in mine}
        names = {person.name for person in db.session.scalars(select(Person)).all()}
    instructor = signed_in("instructor")
    reply = instructor.get("/content/answers.csv")
    assert reply.headers["Content-Disposition"] == 'attachment; filename="hmut-answers.csv"'
    lines = list(csv.DictReader(io.StringIO(reply.data.decode("utf-8-sig"))))
    assert [(line["item"], line["step"]) for line in lines] == wanted
    assert len({line["person"] for line in lines}) == len(people)
    assert not {line["person"] for line in lines} & set(map(str, people))
    assert not any(name in reply.text for name in names)
    assert [line["person"] for line in json.loads(instructor.get("/content/answers.json").data)] == [
        line["person"] for line in lines
    ], "the same number in every copy"
    assert signed_in("hr").get("/content/answers.csv").status_code == 403


def test_what_is_sent_in_parts_holds_nobody_up(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its request, and the mode that came with it, are over when it is read."""
    monkeypatch.setattr(export_views, "TOGETHER", 1)
    with app.app_context():
        fill(cast, "trainee", "candidate")
        lines = export_views._answers(db.session.get_one(Person, cast.ids["trainee"]).organisation_id)
        db.session.rollback()
        modes = []
        event.listen(db.engine, "before_cursor_execute", lambda *call: modes.append(call[2]))
        assert len([line for line in lines if not db.session().in_transaction()]) > 1
        assert "BEGIN IMMEDIATE" not in modes and "BEGIN" in modes


def test_figures_of_the_questions(app: Flask, cast: Cast, signed_in: SignIn) -> None:
    instructor = signed_in("instructor")
    assert json.loads(instructor.get("/content/answers.json").data) == []
    with app.app_context():
        fill(cast, "trainee")
    lines = list(csv.DictReader(io.StringIO(instructor.get("/content/statistics.csv").data.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(instructor.get("/content/statistics.xlsx").data)).active
    assert sheet is not None
    table = list(sheet.values)
    assert table[0] == export_views.FIGURES and [row[0] for row in table[1:]] == [line["item"] for line in lines]
    assert lines and all(line["n"] for line in lines)
