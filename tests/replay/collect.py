"""`python -m tests.replay.collect`: freeze what this release stores, for every later release to read.

Run it once, from a clean check-out of the release, and commit the new folder below tests/replay/releases/ for good; it
has the name of the newest migration, and nothing there is ever edited. It sits two people down to items of every type
and to two work samples, withdraws half of the items by a newer revision, and writes all rows of the database
(rows.json) and what they came to (expected.json).
"""

from __future__ import annotations

import base64
import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import text

from lms import assess, clock, evidence, publishing
from lms.app import create_app
from lms.assess.models import ItemMark
from lms.config import ROOT
from lms.content import Library
from lms.content.load import load
from lms.database import Model, db
from lms.database.heartbeat import Heartbeat
from lms.demo.respondent import respond
from lms.identity.models import Person
from lms.lab import runs
from lms.lab.tasks import TASKS
from lms.learn.specifications import CHECK
from tests import cast as cast_module
from tests.content.samples import BODIES, HEAD, section, tree
from tests.lab import player
from tests.rating import writer

RELEASES = Path(__file__).parent / "releases"
BANK = "quizzes/practice/placement/x.md"
NOW = datetime.fromisoformat("2026-11-27T08:00:00+00:00")
AS_OF = NOW + timedelta(days=1)
PEOPLE = {"trainee": 1.2, "candidate": -1.0}
SHIPPED_A_TYPE = 2
Json = dict[str, Any]


def main(releases: Path = RELEASES) -> None:
    """Write a folder for this release; refused where it is there already."""
    with TemporaryDirectory() as data:
        app = create_app({"TESTING": True, "HMUT_DATA": Path(data), "SECRET_KEY": "x", "HMUT_DEMO": False,
                          "SQLALCHEMY_DATABASE_URI": f"sqlite:///{data}/release.db"})  # fmt: skip
        with app.app_context():
            upgrade()
            _set_clock(NOW)
            rows, expected = live(Path(data) / "tree")
            folder = releases / str(db.session.scalar(text("SELECT version_num FROM alembic_version")))
    folder.mkdir(parents=True)
    (folder / "rows.json").write_text(_json(rows))
    (folder / "expected.json").write_text(_json(expected))


def live(root: Path) -> tuple[Json, Json]:
    """In an empty database and with files in a new folder: (all rows by table, what they came to)."""
    bank = _bank(load(ROOT))
    (tree(root) / BANK).write_text(bank)
    publishing.load(root)
    cast = cast_module.create()
    revisions = [number for number, _ in publishing.items("placement")]
    for name, theta in PEOPLE.items():
        _sit(cast.person(name), revisions, theta)
    _work(cast.person("trainee"))
    half = bank.index("## item-")  # the sample items are told anew, the shipped ones stay
    (root / BANK).write_text(bank[:half] + bank[half:].replace("### en\n\n", "### en\n\nNewer. "))
    publishing.load(root)
    db.session.commit()
    return _rows(), _expected(revisions, [cast.ids[name] for name in PEOPLE])


def _bank(shipped: Library) -> str:
    """The first shipped items of every type with their tables, and one sample item of every type."""
    chosen = {}
    for kind in BODIES:
        for item in [item for item in shipped.items.values() if item.type == kind][:SHIPPED_A_TYPE]:
            chosen[item.id] = item
    for item in [item for item in shipped.items.values() if item.set_id][:SHIPPED_A_TYPE]:
        chosen |= {item.set_id: shipped.items[item.set_id or ""], item.id: item}
    sources = (item.source.rstrip() + "\n\n" for item in chosen.values())
    return HEAD + "".join(sources) + "".join(section(kind) for kind in BODIES)


def _sit(person: Person, revisions: list[int], theta: float) -> None:
    """A check over these items, the third one left out."""
    chance = random.Random(person.id)
    attempt = assess.start(person, CHECK, "C1.1", {"hy": "Ստուգում", "en": "Check"}, revisions, seed=person.id)
    attempt.take_over("p-replay")
    for number, item in enumerate(attempt.items, 1):
        if number != 3:
            unit = evidence.parameters([item.revision_id])[item.revision_id]
            form = respond(publishing.item(item.revision_id), item.instance, unit, theta, chance)
            _set_clock(NOW + timedelta(minutes=number))
            attempt.answer(number, form, 2_000_000 + number, f"key-{number}", "p-replay")
    attempt.finish()
    db.session.commit()


def _work(person: Person) -> None:
    """A Campaign Lab to its end, and a text handed in to raters."""
    run = runs.start(person, TASKS["campaign"], seed=TASKS["campaign"].seeds[0], language="hy")
    for base, action in enumerate(player.log()):
        runs.take(run, runs.Sent(action, f"key-{base:08}", base))
    writer.write(person)
    db.session.commit()


def _set_clock(moment: datetime) -> None:
    clock.shift(timedelta(0))
    clock.shift(moment - clock.now())


def _rows() -> Json:
    """Every table that has any, what others rest on first."""
    rows = {}
    for table in Model.metadata.sorted_tables:
        kept = db.session.execute(text(f"SELECT * FROM {table.name} ORDER BY 1"))
        rows[table.name] = [dict(row._mapping) for row in kept]
    return {
        name: kept for name, kept in rows.items() if kept and name != Heartbeat.__tablename__
    }  # migrations write it


def _expected(revisions: list[int], people: list[int]) -> Json:
    cells = ("theta", "sd", "level", "n", "cap")
    return {
        "as_of": AS_OF.isoformat(),
        "priors": {number: [unit.a, *unit.b, unit.c, unit.sd_b]
                   for number, unit in evidence.parameters(revisions).items()},
        "matrix": {person: {key: {name: getattr(cell, name) for name in cells}
                            for key, cell in evidence.matrix_of(person, AS_OF).cells.items() if cell.n}
                   for person in people},
        "marks": db.session.query(ItemMark).count(),
    }  # fmt: skip


def _json(data: Json) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1, default=_plain) + "\n"


def _plain(value: object) -> object:
    """Bytes are content files, in UTF-8; a picture that is not keeps its base64."""
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return "base64:" + base64.b64encode(value).decode()
    return str(value)


if __name__ == "__main__":
    main()
