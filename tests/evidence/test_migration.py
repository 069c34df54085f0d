"""The step from the first release: a filled database keeps its evidence and ends as the models say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from lms.app import create_app
from lms.database import db
from tests import databases

pytestmark = pytest.mark.both_engines
FIRST = (
    "INSERT INTO organisation (id, slug, name, registration_open, language, created_at)"
    " VALUES (1, 'a', 'A', false, 'en', '2026-01-01 00:00:00')",
    "INSERT INTO revision (id, organisation_id, kind, key, language, path, sha256, source, data, created_at)"
    " VALUES (1, 1, 'item', 'one', '', 'p', 'x', '', '{}', '2026-01-01 00:00:00')",
    "INSERT INTO person (id, organisation_id, email, name, language, extra_time, active, is_demo, created_at)"
    " VALUES (1, 1, 'a@example.org', 'A', 'en', 1, true, false, '2026-01-01 00:00:00')",
    "INSERT INTO evidence (id, person_id, item_key, revision_id, attempt_id, purpose, sub, kind, category, categories,"
    " performance, human_raters, portfolio, answered_at)"
    " VALUES (1, 1, 'one', 1, 1, 'check', 'content.copy', 'single', 1, 2, false, 0, false, '2026-01-01 00:00:00')",
)


@pytest.fixture
def empty(engine_name: str, workbench: Path) -> Iterator[Flask]:
    with databases.empty(engine_name, workbench) as url:
        app = create_app(databases.settings(url, workbench))
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


def test_evidence_of_the_first_release_stays_and_says_that_it_kept_no_edition(empty: Flask) -> None:
    upgrade(revision="0001")
    for statement in FIRST:
        db.session.execute(text(statement))
    db.session.commit()
    upgrade()
    row = db.session.execute(text("SELECT item_key, framework_revision_id, edition_id FROM evidence")).one()
    assert tuple(row) == ("one", None, None)
    db.session.remove()
    with db.engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), db.metadata)
    ours = [change for change in found if "framework" in repr(change) or "edition" in repr(change)]
    assert ours == []
    downgrade(revision="0001")
    assert "framework_edition" not in inspect(db.engine).get_table_names()
    assert db.session.scalar(text("SELECT count(*) FROM evidence")) == 1
