"""An organisation's own edition: in force for its people alone, and what was judged by it stays known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from lms import clock, evidence
from lms.competency import Cuts, FrameworkError, Overlay, on_scale
from lms.database import audit, db
from lms.evidence.models import Evidence, FrameworkEdition
from lms.identity.models import Organisation
from tests.cast import Cast
from tests.evidence.known import FREE, make_known
from tests.evidence.test_matrix import sit
from tests.framework import CUTS, PATH

pytestmark = pytest.mark.both_engines
PANEL = Cuts("panel of March 2027", (-0.5, 0.0, 0.5, 1.5, 2.5), (0.2, 0.1, 0.1, 0.1, 0.2))


@pytest.fixture
def home(context: Flask, cast: Cast) -> int:
    return cast.person("trainee").organisation_id


def adopt(home: int, cast: Cast, overlay: Overlay) -> FrameworkEdition:
    edition = evidence.add_edition(home, cast.hr, overlay, "the panel met")
    db.session.commit()
    return edition


def test_an_edition_is_in_force_for_its_own_organisation_alone(home: int, cast: Cast) -> None:
    for name in ("trainee", "outsider"):
        make_known(cast.ids[name])
    edition = adopt(home, cast, Overlay(cuts=PANEL))
    assert (edition.number, edition.origin, edition.created_by) == (1, "panel of March 2027", cast.hr)
    people = evidence.matrices_of([cast.trainee, cast.outsider, cast.candidate])
    assert people[cast.trainee].rules.cuts == people[cast.candidate].rules.cuts == PANEL.theta
    assert people[cast.outsider].rules.cuts == CUTS == evidence.framework().cuts.theta
    assert people[cast.trainee].cells[FREE].theta == pytest.approx(people[cast.outsider].cells[FREE].theta)
    assert people[cast.trainee].cells[FREE].level != people[cast.outsider].cells[FREE].level
    assert (
        evidence.matrix_of(cast.trainee).rules.cuts == evidence.history(cast.trainee)[-1][1].rules.cuts == PANEL.theta
    )


def test_editions_are_counted_kept_and_in_the_audit_trail(home: int, cast: Cast) -> None:
    role = replace(evidence.framework().role("smm_intern"), id="smm_intern_2")
    first = adopt(home, cast, Overlay(cuts=PANEL))
    second = adopt(home, cast, evidence.overlay_in(first).with_role(role))
    assert [edition.number for edition in evidence.editions_of(home)] == [2, 1] and second.id != first.id
    in_force = evidence.framework(home)
    assert in_force.cuts == PANEL and in_force.roles[-1] == role and len(in_force.roles) == 9
    entries = audit.newest(home, limit=2)
    assert [entry.detail for entry in entries] == [{"edition": [1, 2]}, {"edition": [0, 1]}]
    assert {(entry.actor, entry.action) for entry in entries} == {(cast.hr, "edition_made")}


def test_an_edition_that_contradicts_the_framework_is_refused(home: int, cast: Cast) -> None:
    with pytest.raises(FrameworkError, match=r"cuts\.theta"):
        evidence.add_edition(home, None, Overlay(cuts=replace(PANEL, theta=(0.0, -1.0, 1.0, 2.0, 3.0))), "why")
    with pytest.raises(ValueError, match="reason"):
        evidence.add_edition(home, None, Overlay(cuts=PANEL), " ")
    assert evidence.editions_of(home) == []


def test_two_at_once_cannot_take_the_same_number(home: int, cast: Cast) -> None:
    adopt(home, cast, Overlay(cuts=PANEL))
    db.session.add(FrameworkEdition(organisation_id=home, number=1, reason="x", origin="x", overlay={}))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_evidence_keeps_what_it_was_judged_by(home: int, cast: Cast) -> None:
    sit(cast, "trainee", True, "C1.1", "one")
    edition = adopt(home, cast, Overlay(cuts=PANEL))
    sit(cast, "trainee", True, "C1.2", "seven")
    rows = db.session.scalars(select(Evidence).filter_by(person_id=cast.trainee).order_by(Evidence.id)).all()
    assert [row.edition_id for row in rows] == [None, edition.id]
    assert len({row.framework_revision_id for row in rows}) == 1 and rows[0].framework_revision_id


def test_the_matrix_of_a_day_is_judged_by_today_unless_it_is_replayed(home: int, cast: Cast) -> None:
    make_known(cast.trainee)
    before = clock.now()
    adopt(home, cast, Overlay(cuts=PANEL))
    today, then = (evidence.matrix_of(cast.trainee, before, as_then=replay) for replay in (False, True))
    assert (today.rules.cuts, then.rules.cuts) == (PANEL.theta, CUTS)
    cell = then.cells[FREE]
    assert cell.level == int(on_scale(cell.theta, CUTS)) != today.cells[FREE].level


def test_a_replay_knows_the_edition_of_its_day(home: int, cast: Cast) -> None:
    """Evidence under the first edition; a second one comes; the replay is judged by the first."""
    adopt(home, cast, Overlay(cuts=PANEL))
    make_known(cast.trainee)
    adopt(home, cast, Overlay(cuts=replace(PANEL, theta=(-3.0, -2.0, -1.0, 0.0, 1.0))))
    assert evidence.matrix_of(cast.trainee, as_then=True).rules.cuts == PANEL.theta
    assert evidence.matrix_of(cast.trainee).rules.cuts == (-3.0, -2.0, -1.0, 0.0, 1.0)


def test_evidence_from_before_editions_is_judged_by_today(home: int, cast: Cast) -> None:
    make_known(cast.trainee)
    for row in db.session.scalars(select(Evidence).filter_by(person_id=cast.trainee)):
        row.framework_revision_id = None
    db.session.commit()
    assert evidence.matrix_of(cast.trainee, as_then=True).rules.cuts == CUTS


def test_commands_show_check_and_adopt(app: Flask, cast: Cast, tmp_path: Path) -> None:
    run: Callable[..., object] = app.test_cli_runner().invoke
    shown = run(args=["framework", "show"])
    assert "level 3 from 0.5;" in shown.output and "role smm_manager" in shown.output and "provisional" in shown.output
    sound = run(args=["framework", "check", str(PATH)])
    assert sound.exit_code == 0 and "25 sub-competencies, 8 roles" in sound.output
    broken = tmp_path / "broken.yaml"
    broken.write_text(PATH.read_text("utf-8").replace("max_sd: 0.65", "max_sd: 2"))
    refused = run(args=["framework", "check", str(broken)])
    assert refused.exit_code == 1 and "broken.yaml:" in refused.output and "precision.max_sd" in refused.output
    cuts = tmp_path / "cuts.yaml"
    cuts.write_text("cuts: {origin: panel, theta: [-2, -1, 0, 1, 2], standard_errors: [.1, .1, .1, .1, .1]}\n")
    adopted = run(args=["framework", "adopt", str(cuts), "--organisation", "aygi", "--reason", "the panel met"])
    assert adopted.exit_code == 0, adopted.output
    assert "edition 1" in run(args=["framework", "show", "--organisation", "aygi"]).output
    wrong = run(args=["framework", "adopt", str(broken), "--organisation", "aygi", "--reason", "x"])
    assert wrong.exit_code == 1 and "is no key that is read here" in wrong.output


def test_check_names_an_edition_that_no_longer_fits(app: Flask, cast: Cast) -> None:
    with app.app_context():
        home = db.session.scalar(select(Organisation).filter_by(slug="aygi"))
        db.session.add(FrameworkEdition(organisation_id=home.id, number=1, reason="old", origin="x", overlay={
            "cuts": {"origin": "provisional", "theta": [0, 1, 2], "standard_errors": []}, "roles": []}))  # fmt: skip
        db.session.commit()
    refused = app.test_cli_runner().invoke(args=["framework", "check"])
    assert refused.exit_code == 1 and "aygi, edition 1: cuts.theta" in refused.output


@pytest.mark.one_engine
def test_an_edition_in_a_file_is_refused_at_its_lines_in_both_languages(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text("# ours\ncuts:\n  origin: a panel\n  theta: [-1.4, 0.9, 0.8, 1.6, 2.4]\n  standard_errors: [0.1]\n")
    command = ["framework", "adopt", str(file), "--organisation", "aygi", "--reason", "the panel met"]
    refused = app.test_cli_runner().invoke(args=command)
    assert refused.exit_code == 1
    assert f"{file}:4: cuts.theta: every cut must lie above the one before it" in refused.output
    assert f"{file}:5: cuts.standard_errors: " in refused.output
    assert f"{file}:4: cuts.theta. ամեն շեմ" in app.test_cli_runner().invoke(args=[*command, "--language", "hy"]).output
