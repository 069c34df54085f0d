"""Applications for tests: what each would read anew of the same template, its content, its pages and its statements, is
read once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from lms import publishing
from lms.app import create_app
from lms.database import db, read_only
from lms.publishing.memory import Known
from tests import databases

_read: dict[str, Known] = {}  # by engine: what a process knows of the template's content
_last: dict[str, Flask] = {}  # by engine: the application of the test before
_spoken: dict[str, Dialect] = {}  # by engine: the dialect of the first application, which keeps what it compiled
_statements: LRUCache[Any, Any] = LRUCache(5_000)
FINDINGS = "author_findings"  # what the check said of the library that an application knew last


class Compiled(BytecodeCache):
    """Templates compiled by any application of this process."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key + bucket.checksum in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key + bucket.checksum])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


_compiled = Compiled()


_rules: dict[tuple[Any, ...], tuple[Any, ...]] = {}  # what was compiled, by all that Werkzeug compiles it from


def _compile_once(self: Rule) -> None:
    """Rules are most of what an application costs: each is taken apart, and two functions are made of it, which know
    nothing of the application."""
    assert self.map is not None
    defaults = repr(sorted((self.defaults or {}).items()))
    place = (self.rule, self.subdomain, self.host, self.map.host_matching, self.merge_slashes, defaults)
    key = (*place, *self.map.converters.values())
    if key not in _rules:
        _compile(self)
        built = (self._build.__func__, self._build_unknown.__func__)  # type: ignore[attr-defined]
        _rules[key] = (self._parts, self._trace, self._converters, frozenset(self.arguments), *built)
        return
    self._parts, self._trace, self._converters, arguments, build, build_unknown = _rules[key]
    self.arguments |= arguments
    self._build, self._build_unknown = build.__get__(self, None), build_unknown.__get__(self, None)


_compile = Rule.compile
Rule.compile = _compile_once  # type: ignore[method-assign]


def application(url: str, folder: Path) -> Flask:
    """The application on a fresh copy of the template (`databases.fresh`)."""
    app = create_app(databases.settings(url, folder))
    app.jinja_env.bytecode_cache = _compiled
    engine = url.partition(":")[0]
    with app.app_context():
        _share_statements(db.engine)
    if engine not in _read:
        with app.app_context(), read_only():
            publishing.library()
        _read[engine] = app.extensions["publishing"]
    known = _read[engine]
    app.extensions["publishing"] = Known(dict(known.shelves), dict(known.contents), list(known.shipped))
    _hand_on_findings(app, _last.get(engine))
    _last[engine] = app
    return app


def _share_statements(engine: Engine) -> None:
    """SQL is compiled once a process: by SQLAlchemy's own key, of which the dialect is a part."""
    engine.dialect = engine.pool._dialect = _spoken.setdefault(engine.dialect.name, engine.dialect)
    engine._compiled_cache = _statements


def _hand_on_findings(app: Flask, before: Flask | None) -> None:
    """As a server does from one request to the next, as long as the library is the same."""
    found = before and before.extensions.get(FINDINGS)
    if found and any(content.library is found[0] for content in app.extensions["publishing"].contents.values()):
        app.extensions[FINDINGS] = found


@contextmanager
def written(app: Flask) -> Iterator[list[str]]:
    """The kinds of the statements that write, in order, as the database is asked to run them: where no time may tell
    whether an address is known, they are the same. A clock would waver."""
    kinds: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if (kind := statement.split()[0]) in ("INSERT", "UPDATE", "DELETE"):
            kinds.append(kind)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield kinds
    event.remove(engine, "before_cursor_execute", note)
