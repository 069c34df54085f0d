"""All that is kept about a person is known, handed out and erased; marks that are kept lead nowhere."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import evidence
from lms.assess.models import Response
from lms.author import item_count_check, item_counts
from lms.author.answer_table import answer_table
from lms.background import mail
from lms.database import Base, audit, db
from lms.evidence.models import Evidence
from lms.identity.models import Membership, Person
from lms.identity.passwords import hash_password
from lms.privacy import erasure, export, holdings
from lms.privacy.holding import BLANKED
from lms.privacy.inventory import HOLDINGS, NOBODYS
from lms.privacy.labels import LABELS
from lms.privacy.subject import subject_of
from tests.cast import Cast
from tests.privacy.life import LIVE, MARK, live

PERSONAL = {"person_id", "email", "recipient", "created_by", "actor", "attempt_id", "attempt_item_id"}


def test_every_table_and_column_is_decided() -> None:
    """A new table needs a line in `lms/privacy/inventory/`: whose its rows are, and what becomes of them."""
    tables = Base.metadata.tables
    assert set(tables) == HOLDINGS.keys() | NOBODYS.keys()
    assert not HOLDINGS.keys() & NOBODYS.keys()
    for name in NOBODYS:
        assert not PERSONAL & set(tables[name].columns.keys()), name
    labelled = set[str]()
    for name, holding in HOLDINGS.items():
        columns = set(tables[name].columns.keys())
        labelled |= columns - holding.withheld.keys()
        assert holding.withheld.keys() <= columns
        if holding.erased == BLANKED:
            blanked = holding.blank(tables[name], erasure.Subject(1, 1, "a@example.org")).keys()
            assert columns == blanked | holding.stays.keys() and not blanked & holding.stays.keys(), name
        assert holding.why or (holding.erased, holding.anonymised) == ("deleted", "deleted"), name
    assert labelled == LABELS.keys()  # nothing without a label, no label of what is never handed out


def everything() -> str:
    """All rows of all tables as one text."""
    rows = (db.session.execute(select(table)).all() for table in Base.metadata.sorted_tables)
    return repr([[tuple(row) for row in found] for found in rows])


def test_a_life_has_a_row_of_every_kind(context: Flask, cast: Cast) -> None:
    assert {line.name for line in holdings.held(subject_of(live(cast)))} == HOLDINGS.keys()


@pytest.mark.both_engines
@pytest.mark.parametrize("act", ["erase", "anonymise"])
def test_nothing_of_an_erased_person_is_left(context: Flask, cast: Cast, act: str) -> None:
    person = live(cast)
    others = len(db.session.scalars(select(Person)).all())
    assert MARK in everything()
    erasure.carry_out(person, act, None)
    db.session.commit()
    assert MARK not in everything()
    assert audit.broken_at(person.organisation_id) is None
    row = db.session.get_one(Person, cast.trainee)
    assert (row.is_erased, row.active, row.password_hash, row.roles) == (True, False, None, frozenset())
    assert len(db.session.scalars(select(Person)).all()) == others + (act == "anonymise")
    assert not db.session.scalars(select(Evidence).filter_by(person_id=cast.trainee)).all()
    left = {line.name for line in holdings.held(subject_of(row))}
    assert left == {name for name, holding in HOLDINGS.items() if holding.erased != "deleted"} - {"one_time_token"}


def test_marks_kept_serve_statistics_and_lead_nowhere(context: Flask, cast: Cast) -> None:
    person = live(cast)
    before, home = answer_table(person.organisation_id), person.organisation_id
    db.session.commit()
    item_counts.bring_up_to_date(home, 9)
    counts = item_counts.stored(home)
    times = set(db.session.scalars(select(Response.received_at)))
    report = erasure.carry_out(person, "anonymise", None)
    db.session.commit()
    after = answer_table(home)
    assert report.kept["attempt"] == 1 and report.kept["evidence"] == len(before.keys) > 0
    assert before.table.tolist() == after.table.tolist() and before.languages.tolist() == after.languages.tolist()
    assert not item_counts.stored(home), "the person's own answers were counted no longer before they were moved"
    item_counts.bring_up_to_date(home, 9)
    assert item_counts.stored(home) == counts and not list(item_count_check.check(home))
    (nobody,) = after.people
    assert nobody < 0 and nobody != person.id
    assert not times & set(db.session.scalars(select(Response.received_at)))


def test_a_test_that_the_trail_names_is_not_kept(context: Flask, cast: Cast) -> None:
    """Its number beside the person's would lead from the marks to the trail."""
    person = live(cast)
    number = db.session.scalars(select(Evidence.attempt_id)).first()
    audit.append_entry(
        person.organisation_id, None, "attempt_reopened", person.id, attempt=["", number], reason=["", "clock"]
    )
    assert not erasure.carry_out(person, "anonymise", None).kept
    assert not db.session.scalars(select(Evidence)).all()


def test_the_copy_holds_everything_and_no_key(context: Flask, cast: Cast) -> None:
    person = live(cast)
    with zipfile.ZipFile(io.BytesIO(export.archive(subject_of(person)))) as file:
        data = json.loads(file.read("data.json"))
        pages = {code: file.read(f"data.{code}.html").decode() for code in ("hy", "en")}
        assert set(file.namelist()) >= {f"tables/{name}.csv" for name in HOLDINGS}
        assert file.read("tables/person.csv").startswith("\ufeff".encode())
        assert not [name for name in file.namelist() if LIVE in file.read(name).decode()], "an administrator reads it"
    assert data["tables"].keys() == HOLDINGS.keys()
    for name, holding in HOLDINGS.items():
        described = data["tables"][name]
        columns = set(Base.metadata.tables[name].columns.keys()) - holding.withheld.keys()
        assert all(set(row) == columns for row in described["rows"]) and described["columns"].keys() == columns
    for secret in ("password_hash", "token_hash", "instance", "seed", "bank"):
        assert all(secret not in row for described in data["tables"].values() for row in described["rows"])
    assert MARK in pages["hy"] and "Պատասխան" in pages["hy"] and "Practice texts" in pages["en"]


def test_a_copy_is_safe_in_a_spreadsheet() -> None:
    row = {"text": "=1+1", "n": 5}
    assert export.csv_of(list(row), [export._cells(row)]).decode("utf-8-sig") == "text,n\r\n'=1+1,5\r\n"


def test_only_a_person_with_the_right_word_is_erased(
    app: Flask, cast: Cast, signed_in: Callable[[str], FlaskClient]
) -> None:
    with app.app_context():
        live(cast).password_hash = hash_password("a long sentence of mine")
        db.session.commit()
    client = signed_in("trainee")
    page = client.get("/profile/data")
    assert page.status_code == 200 and "Practice texts" in page.text
    copy = client.post("/profile/data/copy")
    assert copy.mimetype == "application/zip" and zipfile.is_zipfile(io.BytesIO(copy.data))
    assert client.post("/profile/data/erasure", data={"act": "erase", "password": "wrong"}).status_code == 422
    done = client.post("/profile/data/erasure", data={"act": "erase", "password": "a long sentence of mine"})
    assert done.status_code == 200 and "erased" in done.text and done.headers["Clear-Site-Data"]
    assert client.get("/profile").status_code == 303
    assert client.get("/certificates/AAAAA-AAAAA-AAAAA").status_code == 410
    assert signed_in("administrator").get(f"/people/{cast.trainee}/data").status_code == 404
    assert f"№ {cast.trainee}" in signed_in("administrator").get("/audit").text


def test_an_administrator_types_the_name_and_the_last_one_stays(
    app: Flask, cast: Cast, signed_in: Callable[[str], FlaskClient]
) -> None:
    client = signed_in("administrator")
    address = f"/people/{cast.candidate}/data"
    assert client.get(address).status_code == 200
    assert client.post(f"{address}/erasure", data={"act": "erase", "name": "Another"}).status_code == 422
    assert client.post(f"{address}/erasure", data={"act": "erase", "name": "Davit Grigoryan"}).status_code == 200
    own = {"act": "erase", "name": "Նարեկ Ավետիսյան"}
    assert client.post("/profile/data/erasure", data=own).status_code == 409
    assert client.get("/people").status_code == 200 and "Davit" not in client.get("/people").text
    with app.app_context():
        db.session.add(Membership(person_id=cast.hr, role="administrator"))
        db.session.commit()
    assert client.post("/profile/data/erasure", data=own).status_code == 200


def test_commands_hand_out_and_erase(app: Flask, cast: Cast, tmp_path: object) -> None:
    run, target = app.test_cli_runner().invoke, f"{tmp_path}/copy.zip"
    assert "bytes" in run(args=["people", "export", "candidate@example.org", target]).output
    assert zipfile.is_zipfile(target)
    assert run(args=["people", "export", "candidate@example.org", target]).exit_code == 1
    erase = ["people", "erase", "candidate@example.org"]
    assert "Account: 1 blanked" in run(args=[*erase, "--dry-run"]).output
    assert run(args=erase, input="somebody@example.org\n").exit_code == 1
    assert run(args=[*erase, "--anonymise"], input="candidate@example.org\n").exit_code == 0
    assert "nobody has the address" in run(args=erase).output
    assert "last administrator" in run(args=["people", "erase", "administrator@example.org", "--yes"]).output


def test_a_letter_under_way_does_not_stop_the_sender(context: Flask, cast: Cast) -> None:
    person = live(cast)
    letter = mail._claim()
    erasure.carry_out(person, "erase", None)
    db.session.commit()
    assert letter and mail._note(letter, None) is None


def test_a_matrix_of_nobody_is_shown_to_nobody(app: Flask, cast: Cast, signed_in: Callable[[str], FlaskClient]) -> None:
    with app.app_context():
        erasure.carry_out(live(cast), "anonymise", None)
        db.session.commit()
        assert evidence.matrix_of(cast.trainee).cells["content"].n == 0
    team = signed_in("hr").get("/team").text
    assert "anonymous" not in team and "№" not in team
