"""A data folder of the release before goes on: nothing in it is lost, and the tables become what the models say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, inspect, text

from lms.app import create_app
from lms.assess import Attempt, close_overdue
from lms.assess.models import ItemMark
from lms.content.banks import parse_bank
from lms.database import db, revisions
from lms.evidence.models import Evidence
from tests import databases
from tests.assess import small
from tests.assess.small import right

OLD = "0001"
THEN, LATER = "2026-10-01 09:00:00", "2026-10-01 09:10:00"
PURPOSES = ("check", "pretest", "placement", "review", "practice")
TABLES = ("organisation", "person", "revision", "attempt", "attempt_item", "attempt_writer", "response", "mark", "seen",
          "evidence")  # fmt: skip


def test_revisions_are_known_without_alembic_as_it_knows_them() -> None:
    scripts = ScriptDirectory(str(revisions.DIRECTORY))
    assert revisions.known_revisions() == {script.revision for script in scripts.walk_revisions()}
    assert revisions.newest_revision() == scripts.get_current_head()


@pytest.fixture
def old(engine_name: str, workbench: Path) -> Iterator[Flask]:
    """The application on a database as the first release left it, filled."""
    with databases.empty(engine_name, workbench) as url:
        app = create_app(databases.settings(url, workbench))
        with app.app_context():
            upgrade(revision=OLD)
            with db.engine.begin() as connection:
                for statement, values in rows():
                    connection.execute(text(statement), values)
                for table in () if engine_name == "sqlite" else TABLES:
                    connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 1000)"))
            yield app
            db.session.remove()
            db.engine.dispose()


def rows() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """An organisation, a person, two items, an ended attempt of every purpose, a placement and a check that run."""
    yield _insert("organisation", id=1, slug="old", name="Old", registration_open=False, language="hy", created_at=THEN)
    yield _insert("person", id=1, organisation_id=1, email="old@example.org", name="Old", language="hy", active=True,
                  extra_time=1.0, is_demo=False, created_at=THEN)  # fmt: skip
    path = "quizzes/practice/small.md"
    bank = parse_bank(small.HEAD + small.ITEMS["one"] + small.ITEMS["seven"], path)
    sources = [("bank", path, bank.head), *(("item", item.id, item.source) for item in bank.items)]
    for number, (kind, key, source) in enumerate(sources, 1):
        yield _insert("revision", id=number, organisation_id=1, kind=kind, key=key, language="", path=path,
                      sha256=str(number), source=source.encode(), data="{}", created_at=THEN)  # fmt: skip
    for number, purpose in enumerate(PURPOSES, 1):
        yield from _attempt(number, purpose, ended=True)
    yield from _attempt(6, "placement", ended=False)
    yield from _attempt(7, "check", ended=False)
    yield _insert("seen", id=1, person_id=1, item_key="seven", at=THEN, how="embedded")
    yield _insert("evidence", id=1, person_id=1, item_key="one", revision_id=2, attempt_id=1, purpose="check",
                  sub="content.copy", kind="single", category=1, categories=2, performance=False, human_raters=0,
                  portfolio=False, answered_at=LATER)  # fmt: skip


def _attempt(number: int, purpose: str, ended: bool) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    title, instance = json.dumps({"hy": "Թեստ", "en": "Test"}), json.dumps({"order": [0, 1, 2, 3]})
    yield _insert("attempt", id=number, person_id=1, organisation_id=1, purpose=purpose, subject=f"s{number}",
                  title=title, seed=number, started_at=THEN, deadline_at=None if purpose == "review" else LATER,
                  grace=30, submitted_at=LATER if ended else None, finished_by="person" if ended else None,
                  bank="[2, 3]" if purpose == "placement" else None)  # fmt: skip
    yield _insert("attempt_writer", id=number, attempt_id=number, epoch=1, tab="p-old", at=THEN)
    yield _insert("attempt_item", id=number, attempt_id=number, position=1, revision_id=2, instance=instance)
    yield _insert("response", id=number, attempt_id=number, attempt_item_id=number, client_seq=1_000_001,
                  idempotency_key="key-0001", value='{"answer": ["a"]}', received_at=THEN, late=False)  # fmt: skip
    if ended:
        yield _insert("mark", id=number, attempt_item_id=number, response_id=number, category=1, categories=2,
                      credit=1.0, chance=0.25, at=LATER)  # fmt: skip


def _insert(table: str, **values: Any) -> tuple[str, list[dict[str, Any]]]:
    columns = ", ".join(values)
    return f"INSERT INTO {table} ({columns}) VALUES ({', '.join(':' + name for name in values)})", [values]


def contents() -> dict[str, list[Any]]:
    with db.engine.connect() as connection:
        return {
            name: [dict(row) for row in connection.execute(text(f"SELECT * FROM {name} ORDER BY id")).mappings()]
            for name in TABLES
        }


def _known(after: dict[str, list[Any]], before: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """The rows of after with the columns of before only."""
    return {
        name: [{column: row[column] for column in old} for row, old in zip(rows, before[name], strict=True)]
        for name, rows in after.items()
    }


def test_nothing_is_lost_and_every_attempt_has_its_rules(old: Flask) -> None:
    before = contents()
    upgrade()
    after = contents()
    assert [row["rules"] is not None for row in after["attempt"]] == [True] * 7
    assert [row["result_shown_at"] for row in after["attempt"]] == [row["submitted_at"] for row in before["attempt"]]
    assert _known(after, before) == before
    tests = [attempt.specification for attempt in db.session.scalars(db.select(Attempt).order_by(Attempt.id))]
    assert [test.name for test in tests] == [*PURPOSES, "placement", "check"]
    assert [test.adaptive for test in tests] == [test.name == "placement" for test in tests]
    assert [test.pass_mark for test in tests[:3]] == [0.80, 0.85, None]


def test_an_attempt_that_ran_during_the_change_is_ended_and_marked(old: Flask) -> None:
    upgrade()
    assert close_overdue() == 2
    placement, check = (db.session.get_one(Attempt, number) for number in (6, 7))
    assert placement.finished_by == check.finished_by == "deadline"
    assert db.session.query(ItemMark).count() == 7
    assert db.session.query(Evidence).count() == 1, "one piece a person and item, as ever"
    assert right(check, 1)


def test_the_tables_are_what_the_models_say(old: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": _own})
        assert compare_metadata(context, db.metadata) == []
        inspector = inspect(connection)
        for table in db.metadata.sorted_tables:
            found = {check["name"] for check in inspector.get_check_constraints(table.name)}
            wanted = {str(each.name) for each in table.constraints if isinstance(each, CheckConstraint)}
            assert {name.removeprefix(f"ck_{table.name}_") for name in found} == {
                name.removeprefix(f"ck_{table.name}_") for name in wanted
            }, table.name


def _own(name: str | None, kind: str, _parents: object) -> bool:
    """Full-text search is each engine's own."""
    return not (name or "").startswith(("search_index", "ix_search_section_stems"))


def test_references_hold_again_after_the_change(old: Flask, engine_name: str) -> None:
    upgrade()
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM attempt WHERE id = 1"))
    assert [row["attempt_id"] for row in contents()["attempt_item"]] == [2, 3, 4, 5, 6, 7]


def test_the_way_back_is_open(old: Flask) -> None:
    before = contents()
    upgrade()
    downgrade(revision=OLD)
    assert contents() == before
