"""Publishing one changed file asks and reads the same, whether the shelf holds two modules or all of them."""

from __future__ import annotations

import cProfile
from collections import Counter
from pathlib import Path

from flask import Flask
from sqlalchemy import event

from lms import publishing
from lms.app import create_app
from lms.content import parse_cache
from lms.content.course_folder import read_folder
from lms.database import db
from lms.identity.models import Organisation
from lms.publishing.files import saved_files
from lms.publishing.publish import shipped_owner
from tests.bench.publish import content
from tests.databases import settings

TWO = "courses/c50/01-copy.en.md"
ALL = "courses/smm-foundations/03-value-for-business.en.md"
PARSERS = (*parse_cache.AUTHORS, *parse_cache.PUBLISHED, read_folder)


def test_one_changed_file_costs_the_same_with_two_modules_and_with_all(context: Flask, tmp_path: Path) -> None:
    large = costs(ALL)
    small = create_app(settings(f"sqlite:///{tmp_path / 'small.db'}", tmp_path))
    with small.app_context():
        db.create_all(None)
        report = publishing.publish(shipped_owner(), content(2))
        assert not report.findings and len(publishing.library().modules) == 2
        db.session.commit()
        few = costs(TWO)
    for many, two in zip(large, few, strict=True):
        assert many.pop("calls") < 1.5 * two.pop("calls")  # dictionaries are joined; nothing goes through every item
        assert many == two


def costs(path: str) -> list[Counter[str]]:
    """Statements, values handed over, files parsed, calls: by the owner of shipped content and by another."""
    other = Organisation(slug="a-third", name="A third")
    db.session.add(other)
    db.session.commit()
    shipped = dict(saved_files())
    for owner, files in ((shipped_owner(), shipped), (other.id, {path: shipped[path]})):
        counted(owner, files, path)  # what a process reads for the first time is not the cost of a change
    shipped[path] = shipped[path].replace(b"title: ", b"title: Once more ", 1)
    return [counted(shipped_owner(), shipped, path), counted(other.id, {path: shipped[path]}, path)]


def change(owner: int, files: dict[str, bytes], path: str) -> None:
    """Published, committed, and read by its people, who read it before."""
    with publishing.content_of(owner):
        publishing.library()
        changed = {**files, path: files[path].replace(b"title: ", b"title: New ", 1)}
        assert publishing.publish(owner, changed).published == 1
        db.session.commit()
        publishing.library()


def counted(owner: int, files: dict[str, bytes], path: str) -> Counter[str]:
    costs: Counter[str] = Counter()

    def note(_connection: object, _cursor: object, statement: str, values: tuple[object, ...], *_: object) -> None:
        costs.update({statement: 1, "values": len(values)})

    misses = sum(parser.cache_info().misses for parser in PARSERS)  # type: ignore[attr-defined]
    event.listen(db.engine, "before_cursor_execute", note)
    with cProfile.Profile(builtins=False) as profile:
        change(owner, files, path)
    event.remove(db.engine, "before_cursor_execute", note)
    costs["parsed"] = sum(parser.cache_info().misses for parser in PARSERS) - misses  # type: ignore[attr-defined]
    costs["calls"] = sum(entry.callcount for entry in profile.getstats())
    return costs
