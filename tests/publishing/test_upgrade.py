"""A filled database of the first release becomes one of this: nothing of it is lost, and it may hold what is new."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from lms import publishing
from lms.app import create_app
from lms.database import Base, db
from tests import databases

WHEN = "2026-11-01 10:00:00"
ROWS = {
    "organisation": "(id, slug, name, registration_open, language, created_at) VALUES "
    f"(1, 'hmut', 'Hmut', false, 'hy', '{WHEN}'), (2, 'aygi', 'Aygi', false, 'hy', '{WHEN}')",
    "revision": "(id, organisation_id, kind, key, language, path, sha256, source, data, created_at) VALUES "
    f"(1, 1, 'course', 'C1', '', 'courses/old/course.yaml', 'a', :course, '{{}}', '{WHEN}'), "
    f"(2, 1, 'module', 'C1.1', 'en', 'courses/old/01-first.en.md', 'b', :module, '{{}}', '{WHEN}'), "
    f"(3, 1, 'module', 'C1.1', 'en', 'courses/old/01-first.en.md', 'c', :module, '{{}}', '{WHEN}')",
    "publication": "(id, revision_id, organisation_id, kind, key, language, path, position, published_at, withdrawn_at)"
    f" VALUES (1, 1, 1, 'course', 'C1', '', 'courses/old/course.yaml', 0, '{WHEN}', NULL), "
    f"(2, 2, 1, 'module', 'C1.1', 'en', 'courses/old/01-first.en.md', 0, '{WHEN}', '{WHEN}'), "
    f"(3, 3, 1, 'module', 'C1.1', 'en', 'courses/old/01-first.en.md', 0, '{WHEN}', NULL)",
    "rendering": "(revision_id, version, html, plain, headings, embedded) VALUES (3, 'v', '<p>', 'p', '[]', '[]')",
    "search_section": "(id, revision_id, module, language, anchor, heading, plain, stems) "
    "VALUES (1, 3, 'C1.1', 'en', '', 'h', 'word', 'word')",
}
SOURCES = {"course": b"id: C1\nslug: old\n", "module": b"---\nid: C1.1\nslug: first\n---\n"}


@pytest.fixture(params=["sqlite", "postgresql"])
def first_release(request: pytest.FixtureRequest, tmp_path: Path, workbench: Path) -> Iterator[Flask]:
    """An application on a database as the first release left it, filled."""
    with databases.empty(request.param, workbench) as url:
        app = create_app(databases.settings(url, tmp_path))
        with app.app_context():
            upgrade(revision="0001")
            for table, rows in ROWS.items():
                values = {name: source for name, source in SOURCES.items() if f":{name}" in rows}
                db.session.execute(text(f"INSERT INTO {table} {rows}"), values)
                if request.param == "postgresql" and rows.startswith("(id"):
                    db.session.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 10)"))
            db.session.commit()
            yield app
            db.session.remove()
            db.engine.dispose()


def rows(table: str, columns: str = "*") -> list[tuple[object, ...]]:
    found = [tuple(row) for row in db.session.execute(text(f"SELECT {columns} FROM {table} ORDER BY 1"))]
    db.session.rollback()
    return found


def test_a_filled_database_of_the_first_release_loses_nothing(first_release: Flask) -> None:
    before = {table: rows(table) for table in ROWS}
    upgrade(revision="0002")
    for table, stored in before.items():
        assert [row[: len(stored[0])] for row in rows(table)] == stored, table
    assert rows("publication", "id, published_version, withdrawn_version") == [(1, 1, None), (2, 1, 1), (3, 1, None)]
    assert rows("shelf_version") == [(1, 1)]
    assert rows("former_slug", "kind, key, slug") == [("course", "C1", "old"), ("module", "C1.1", "first")]
    assert [hit.module for hit in publishing.search("word", "en")] == ["C1.1"]


def test_the_upgraded_database_is_what_the_models_say_and_goes_back(first_release: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection:
        tables = {"publication", "revision", "shelf_version", "former_slug"}
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = [change for change in compare_metadata(context, Base.metadata) if names(change) & tables]
    assert differences == []
    downgrade(revision="0001")
    upgrade()
    assert len(rows("revision")) == 3


def names(change: object) -> set[str]:
    """The names of tables in a difference."""
    parts = change if isinstance(change, tuple | list) else ()
    own = {str(part.name) for part in parts if hasattr(part, "name")}
    own |= {str(part.table.name) for part in parts if getattr(part, "table", None) is not None}
    return own.union(*(names(part) for part in parts), {part for part in parts if isinstance(part, str)})


def test_an_upgraded_shelf_takes_the_content_of_this_release(first_release: Flask, root: Path) -> None:
    upgrade()
    report = publishing.load(root)
    assert not report.refused, report.findings
    assert "C1" in publishing.library().courses
    course = publishing.course_once_at("old")
    assert course and course.slug == "smm-foundations"
