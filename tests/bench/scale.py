"""`python -m tests.bench.scale --people N [--answers M]`: what each page costs in an organisation of so many people.

A throw-away SQLite database is filled in bulk, by the schema: everybody has one finished test of so many answers, with
marks and evidence; all but the first two thousand are copies made by the database. The jobs make the sums of the first
thousand people, those of others are copies, a hair apart, so that ten million answers take minutes. Then each page is
asked twice in this process, the way its reader asks it. Printed for the first and the second: CPU-seconds, kilobytes,
as they are sent too, SQL statements, and the peak memory above what the process had before.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Insert, delete, event, func, insert, select

from lms import clock, evidence, publishing
from lms.app import create_app
from lms.assess import close_overdue
from lms.assess.instances import pinned
from lms.campaigns import Campaign, add_candidate
from lms.campaigns.parts import parts_of
from lms.config import ROOT
from lms.content import questions
from lms.database import Base, db
from lms.evidence.calibration import calibrate_all
from lms.evidence.models import EvidenceSummary
from lms.hiring.models import Standing
from lms.identity.models import Membership, Organisation, Person
from lms.learn.specifications import CHECK
from tests.cast import sign_in
from tests.multiplied import Template

CHUNK = 500  # people written together
FIRST = 1_000  # number of the first learner
DRAWN = 2_000  # people whose answers are drawn
SUMMED = 1_000  # people whose sums the jobs make
APART = 1e-6  # levels between the estimates of a person and of their next copy
PAGES = {
    "hr": (
        "/team",
        "/team?page=2",
        "/team?page={late}",
        "/team?name=99",
        "/team/{person}",
        "/campaigns",
        "/campaigns/{campaign}",
        "/campaigns/{campaign}/results",
        "/contests",
        "/framework",
    ),
    "instructor": ("/content", "/content/items/{item}", "/rating/", "/rating/agreement", "/lab/losses"),
    "administrator": ("/people", "/outbox", "/audit", "/integration", "/rating/raters"),
    "trainee": (
        "/home",
        "/courses",
        "/courses/smm-foundations",
        "/courses/smm-foundations/what-is-smm",
        "/matrix",
        "/reviews",
        "/lab/",
        "/written/",
    ),
}
NUMBERS = 1_000  # numbers that the answers of a person may take
# Columns that grow with a person's number, and by how much for each; the first says whose the row is.
HOLDS_NUMBERS = {
    "person": {"id": 1},
    "membership": {"person_id": 1},
    "attempt": {"id": 1, "person_id": 1},
    "attempt_item": {"attempt_id": 1, "id": NUMBERS},
    "attempt_writer": {"attempt_id": 1},
    "response": {"attempt_id": 1, "id": NUMBERS, "attempt_item_id": NUMBERS},
    "mark": {"attempt_item_id": NUMBERS, "response_id": NUMBERS},
    "evidence": {"person_id": 1, "attempt_id": 1},
    "evidence_summary": {"person_id": 1},
}
CANDIDATES = 2_000  # of one campaign at most
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Question:
    """A published item as every filled attempt has it; forms: raw answers, one of them each person's."""

    revision: int
    key: str
    sub: str
    kind: str
    categories: int
    instance: dict[str, Any]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--people", type=int, default=1_000)
    arguments.add_argument("--answers", type=int, default=0, help="in all; without it twenty for each person")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="hmut-scale-") as folder:
        app = application(Path(folder))
        each = max(1, (given.answers or 20 * given.people) // given.people)
        begun = time.process_time()
        with app.app_context():
            fill(given.people, each)
        size = sum(file.stat().st_size for file in Path(folder).glob("bench.db*")) / 2**20
        spent = time.process_time() - begun
        print(f"{given.people} people with {each} answers each: {size:.0f} MB, {spent:.0f} CPU-s")
        measure(app, given.people)


def application(folder: Path) -> Flask:
    app = create_app({
        "HMUT_DATA": folder, "HMUT_DEMO": False, "SECRET_KEY": "bench", "TESTING": True,
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'bench.db'}",
    })  # fmt: skip
    with app.app_context():
        upgrade()
        publishing.load(ROOT)
        db.session.commit()
    return app


def fill(people: int, answers: int) -> None:
    house = Organisation(slug="big", name="Big")
    db.session.add(house)
    db.session.flush()
    asked = questions_of(answers)
    for role in PAGES:
        staff = Person(email=f"{role}@big.example", name=role.title(), organisation=house, language="en")
        staff.memberships = [Membership(role=role)]
        db.session.add(staff)
    db.session.commit()
    drawn = min(people, DRAWN)
    for start in range(0, drawn, CHUNK):
        _people(house.id, range(start, min(drawn, start + CHUNK)), asked)
        db.session.commit()
    for step in range(DRAWN, people, DRAWN):
        for name in HOLDS_NUMBERS:
            db.session.execute(_copy(name, step, people))
        db.session.commit()
    _campaigns(house.id, people)
    db.session.execute(db.text("ANALYZE"))
    db.session.commit()


def _copy(name: str, step: int, people: int) -> Insert:
    """The rows of the people drawn, for those whose number is `step` higher."""
    table, moved = Base.metadata.tables[name], HOLDS_NUMBERS[name]
    owner, each = next((table.c[column], each) for column, each in moved.items())
    number = owner + step - FIRST
    new = {column: table.c[column] + step * by for column, by in moved.items()}
    new |= {"email": func.printf("p%d@big.example", number), "name": func.printf("Learner %06d", number)}
    columns = [column for column in table.columns if column.name in moved or column is not table.autoincrement_column]
    end = FIRST + min(DRAWN, people - step)
    picked = select(*[new.get(column.name, column) for column in columns])
    return insert(table).from_select(columns, picked.where(owner >= FIRST * each, owner < end * each))


def _campaigns(house: int, people: int) -> None:
    """One with as many candidates as there may be, and one more for each hundred people."""
    campaign = Campaign(organisation_id=house, name="Spring", role="smm_manager", form="own")
    campaign.parts = parts_of(evidence.framework(), "screening", "smm_manager")
    campaign.closes_at, campaign.delete_on = clock.now() + timedelta(days=7), clock.now().date() + timedelta(days=90)
    db.session.add(campaign)
    db.session.flush()
    candidate, _ = add_candidate(campaign, "Cora Candidate", "cora@big.example", "en")
    db.session.commit()
    only = {"person": candidate.person_id, "campaign": campaign.id, "candidate": candidate.id}
    template = Template({name: [_row(name, number)] for name, number in only.items()})
    beyond = people + FIRST  # numbers that no learner has
    template.copy(range(beyond, beyond + min(people, CANDIDATES) - 1), kept=("campaign",))
    template.copy(range(beyond + CANDIDATES, beyond + CANDIDATES + people // 100))


def _row(name: str, number: int) -> dict[str, Any]:
    table = Base.metadata.tables[name]
    return dict(db.session.execute(select(table).where(table.c.id == number)).one()._mapping)


def questions_of(answers: int) -> list[Question]:
    """So many published questions, in the order of the files, shuffled by a fixed seed."""
    published = publishing.items()
    chosen = random.Random(8).sample(published, min(answers, len(published)))
    return [
        Question(revision, item.id, item.sub, item.type, len(questions.item_scale(item).luck),
                 pinned(1, place, revision, 7)["instance"])
        for place, (revision, item) in enumerate(chosen, 1)
    ]  # fmt: skip


def _people(house: int, numbers: range, asked: list[Question]) -> None:
    """A chunk of people: each with a finished check, right as often as their place on a scale says."""
    draw, now = random.Random(numbers.start), clock.now()
    rows: dict[str, Rows] = {name: [] for name in
        ("person", "membership", "attempt", "attempt_item", "attempt_writer", "response", "mark", "evidence",
         "evidence_summary")}  # fmt: skip
    for number in numbers:
        person, able = FIRST + number, draw.random()
        at = now - timedelta(days=draw.randrange(400), seconds=number % 86_400)
        rows["person"].append({
            "id": person, "organisation_id": house, "email": f"p{number}@big.example", "name": f"Learner {number:06}",
            "language": draw.choice(("hy", "en")), "active": True, "extra_time": 1.0, "is_demo": False,
            "created_at": at,
        })  # fmt: skip
        rows["membership"].append({"person_id": person, "role": "trainee"})
        rows["attempt"].append({
            "id": person, "person_id": person, "organisation_id": house, "purpose": CHECK.name, "rules": CHECK.plain(),
            "subject": "C1-M1", "title": dict(CHECK.title), "seed": 7, "grace": 30, "started_at": at,
            "submitted_at": at + timedelta(minutes=9), "finished_by": "person",
        })  # fmt: skip
        rows["attempt_writer"].append({"attempt_id": person, "epoch": 1, "tab": "bench", "at": at})
        rows["evidence_summary"].append({"person_id": person, "organisation_id": house, "number": 1, "basis": ""})
        for place, question in enumerate(asked, 1):
            for name, row in _answer(person, place, question, at, able, draw):
                rows[name].append(row)
    for name, made in rows.items():
        _write(name, made)


def _answer(
    person: int, place: int, question: Question, at: Any, able: float, draw: random.Random
) -> Iterator[tuple[str, dict[str, Any]]]:
    number, moment = person * NUMBERS + place, at + timedelta(seconds=20 * place)
    category = min(int(draw.random() < able) + int(draw.random() < able), question.categories - 1)
    yield "attempt_item", {"id": number, "attempt_id": person, "position": place, "revision_id": question.revision,
                           "instance": question.instance}  # fmt: skip
    yield "response", {"id": number, "attempt_id": person, "attempt_item_id": number, "client_seq": place,
                       "idempotency_key": f"key-{number}", "value": {"answer": [draw.choice("abcd")]},
                       "received_at": moment, "late": False}  # fmt: skip
    yield "mark", {"attempt_item_id": number, "response_id": number, "category": category,
                   "categories": question.categories, "credit": category / (question.categories - 1), "chance": 0.25,
                   "at": moment}  # fmt: skip
    yield "evidence", {"person_id": person, "item_key": question.key, "revision_id": question.revision,
                       "attempt_id": person, "purpose": CHECK.name, "sub": question.sub, "kind": question.kind,
                       "category": category, "categories": question.categories, "performance": False,
                       "human_raters": 0, "portfolio": False, "answered_at": moment}  # fmt: skip


def _write(name: str, rows: Rows) -> None:
    table = Base.metadata.tables.get(name)
    if table is not None:
        db.session.execute(insert(table), rows)


def measure(app: Flask, people: int) -> None:
    with app.app_context():
        item = publishing.items(pool="placement")[0][1].id
        campaign = db.session.scalar(select(func.min(Campaign.id)))
        staff = select(Person).where(Person.email.in_([f"{role}@big.example" for role in PAGES]))
        readers = {person.email.partition("@")[0]: person.id for person in db.session.scalars(staff)}
    print(f"{'what':<44}{'first s':>9}{'again s':>9}{'KB':>7}{'sent KB':>9}{'peak MB':>9}{'statements':>12}")
    sums(app, people)
    gc.freeze()  # as a server does
    readers["trainee"] = FIRST  # a learner with answers
    for role, paths in PAGES.items():
        client = app.test_client()
        sign_in(client, readers[role])
        for path in paths:
            address = path.format(person=FIRST, item=item, campaign=campaign, late=people // 50)
            report(app, address, partial(_ask, client, address))


def sums(app: Flask, people: int) -> None:
    """Report the jobs; those that sum up people see the first of them, of whom the others get copies."""
    with app.app_context():
        db.session.execute(delete(EvidenceSummary).where(EvidenceSummary.person_id >= FIRST + SUMMED))
        db.session.commit()
        for job in app.extensions["hmut_jobs"]["heavy"]:
            if "standing" in job.__name__ or "statistic" in job.__name__:
                report(app, f"{job.__name__} ({min(people, SUMMED)} people)", job)
        for step in range(SUMMED, people, SUMMED):
            for table in (EvidenceSummary.__table__, Standing.__table__):
                db.session.execute(_copies(table, step, people))
            db.session.commit()
        for job in (close_overdue, calibrate):
            report(app, job.__name__, job)


def _copies(table: Any, step: int, people: int) -> Insert:
    """Sums of the first people, a hair apart, for those whose number is `step` higher."""
    moved = {"person_id": step, **dict.fromkeys(("composite", "low", "high"), step * APART)}
    columns = [column + moved[column.name] if column.name in moved else column for column in table.columns]
    first = table.c.person_id < min(FIRST + SUMMED, FIRST + people - step)
    return insert(table).from_select(table.columns.keys(), select(*columns).where(first, table.c.person_id >= FIRST))


def calibrate() -> None:
    calibrate_all(lambda _line: None)
    db.session.rollback()


def _ask(client: Any, address: str) -> bytes:
    reply = client.get(address)
    assert reply.status_code == 200, (address, reply.status_code)
    return bytes(reply.data)


def report(app: Flask, name: str, act: Callable[[], bytes | None]) -> None:
    statements: list[str] = []
    with app.app_context():
        engine = db.engine
    count = lambda *call: statements.append(call[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", count)
    base, times, page = memory(reset=True), [], b""
    for _ in range(2):
        statements.clear()
        begun = time.process_time()
        page = act() or b""
        times.append(time.process_time() - begun)
    event.remove(engine, "before_cursor_execute", count)
    sizes = f"{len(page) / 1024:>7.0f}{len(gzip.compress(page, 5)) / 1024:>9.0f}"
    figures = f"{times[0]:>9.3f}{times[1]:>9.3f}{sizes}{memory() - base:>9.0f}{len(statements):>12}"
    print(f"{name:<44}{figures}", flush=True)


def memory(reset: bool = False) -> float:
    """The highest resident size in MB since the last reset."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    line = next(row for row in Path("/proc/self/status").read_text().splitlines() if row.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
