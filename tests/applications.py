"""Applications for tests: what each would read anew of the same template, its content, its pages and its statements, is
read once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from types import CodeType
from typing import IO, Any, ClassVar

from babel.messages.catalog import Catalog
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from lms import publishing
from lms.app import create_app
from lms.database import db, read_only
from lms.publishing.content_cache import ContentCache
from lms.web import i18n
from tests import databases

_read: dict[str, ContentCache] = {}  # by engine: what a process knows of the template's content
_spoken: dict[str, Dialect] = {}  # by engine: the dialect of the first application, which keeps what it compiled
_statements: LRUCache[Any, Any] = LRUCache(5_000)
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

_merge, _write = i18n.merged_catalogue, i18n.write_mo
i18n.merged_catalogue = cache(_merge)


def _write_once(file: IO[bytes], catalogue: Catalog) -> None:
    """Applications with a folder of their own write the catalogue there: it is put into its form once a process."""
    file.write(_written(catalogue))


@cache
def _written(catalogue: Catalog) -> bytes:
    file = BytesIO()
    _write(file, catalogue)
    return file.getvalue()


i18n.write_mo = _write_once  # type: ignore[assignment]


def application(url: str, folder: Path) -> Flask:
    """The application on a fresh copy of the template (`databases.fresh`)."""
    app = create_app(databases.settings(url, folder))
    share(app, folder)
    if url.startswith("postgresql"):
        with app.app_context():
            db.engine.pool = databases.pools.setdefault(url, db.engine.pool)
    engine = url.partition(":")[0]
    if engine not in _read:
        with app.app_context(), read_only():
            publishing.library()
        _read[engine] = app.extensions["publishing"]
    known = _read[engine]
    app.extensions["publishing"] = ContentCache(dict(known.shelves), dict(known.contents), list(known.shipped))
    return app


def release(app: Flask) -> None:
    """Give back what it holds of the database."""
    with app.app_context():
        db.session.remove()
        if db.engine.pool not in databases.pools.values():
            db.engine.dispose()


def share(app: Flask, folder: Path) -> None:
    """What does not hang on the database is not made anew for this application: its templates and its statements."""
    app.jinja_env.bytecode_cache = _compiled(folder)
    with app.app_context():
        _share_statements(db.engine)


class Compiled(FileSystemBytecodeCache):
    """Templates compiled by any application of any worker, once a language (see `TranslatedTemplates`), and read once
    by each worker."""

    _codes: ClassVar[dict[tuple[str, str], CodeType | None]] = {}  # by file, which names the template, and its content

    def _get_cache_filename(self, bucket: Bucket) -> str:
        return super()._get_cache_filename(bucket) + str(getattr(bucket.environment, "spoken", ""))

    def load_bytecode(self, bucket: Bucket) -> None:
        key = (self._get_cache_filename(bucket), bucket.checksum)
        bucket.code = self._codes.get(key)
        if not bucket.code:
            super().load_bytecode(bucket)
            self._codes[key] = bucket.code


@cache
def _compiled(folder: Path) -> Compiled:
    (folder / "templates").mkdir(exist_ok=True)
    return Compiled(str(folder / "templates"))


def _share_statements(engine: Engine) -> None:
    """SQL is compiled once a process: by SQLAlchemy's own key, of which the dialect is a part."""
    engine.dialect = engine.pool._dialect = _spoken.setdefault(engine.dialect.name, engine.dialect)
    engine._compiled_cache = _statements


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
