"""Applications for tests: what each would read anew of the same template, its content and its pages, is read once."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from lms import publishing
from lms.app import create_app
from lms.database import read_only
from lms.publishing.memory import Known
from tests import databases

_read: dict[str, Known] = {}  # by engine: what a process knows of the template's content


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


def application(url: str, folder: Path) -> Flask:
    """The application on a fresh copy of the template (`databases.fresh`)."""
    app = create_app(databases.settings(url, folder))
    app.jinja_env.bytecode_cache = _compiled
    engine = url.partition(":")[0]
    if engine not in _read:
        with app.app_context(), read_only():
            publishing.library()
        _read[engine] = app.extensions["publishing"]
    known = _read[engine]
    app.extensions["publishing"] = Known(dict(known.shelves), dict(known.contents), list(known.shipped))
    return app
