"""Three weeks of learning, played through the product's own verbs from a seeded generator."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import select

from lms import assess, clock, record, shelf
from lms.assess.adaptive import advance, start_placement
from lms.db import db
from lms.demo.people import AGENCY, DOMAIN, LEARNERS, STAFF, WORKS, Learner
from lms.demo.respondent import respond
from lms.learn.drawing import draw
from lms.learn.models import PracticeWork, Reading
from lms.learn.progress import PASS, SECTIONS, progress_of
from lms.learn.room import titles
from lms.library import Module
from lms.people import roll
from lms.people.models import Organisation, Person

SEED = 20261123
AGAIN = 14  # days after which somebody finds their level once more
Say = Callable[[str], None]


def seed(say: Say) -> None:
    """Make the agency and its three weeks, once; commits person by person, so a start that broke off is taken up."""
    house = roll.organisation(*AGENCY)
    present = set(db.session.scalars(select(Person.email).where(Person.organisation_id == house.id)))
    missing = [learner for learner in LEARNERS if address(learner.mailbox) not in present]
    if not missing:
        return
    say("inventing an agency and three weeks of its learning")
    for name, mailbox, roles in STAFF:
        if address(mailbox) not in present:
            _add(house, name, mailbox, roles)
    db.session.commit()
    for learner in missing:
        number = LEARNERS.index(learner)
        person = _add(house, learner.name, learner.mailbox, ("trainee",))
        person.role_wanted = learner.wants
        _live(person, learner, random.Random(SEED + number))  # noqa: S311  plausible, not secret
        db.session.commit()
        say(f"  {number + 1} of {len(LEARNERS)}: {learner.mailbox}")


def address(mailbox: str) -> str:
    return f"{mailbox}@{DOMAIN}"


def _add(house: Organisation, name: str, mailbox: str, roles: tuple[str, ...]) -> Person:
    person = roll.add(house, address(mailbox), name, roles)
    person.is_demo = True
    return person


@contextmanager
def _at(moment: datetime) -> Iterator[None]:
    """The room's clock at a moment of the past. The demo is seeded before anything is served."""
    clock.shift(moment - datetime.now(moment.tzinfo))
    try:
        yield
    finally:
        clock.shift(timedelta(0))


def _live(person: Person, learner: Learner, rng: random.Random) -> None:
    """First day: find my level. Then module after module. Those longer here have found their level once more."""
    start = clock.now() - timedelta(days=learner.days)
    person.created_at = start
    if learner.placement:
        with _at(start + timedelta(hours=1)):
            _place(person, learner, rng)
    _work_through(person, learner, start, rng)
    if learner.placement and learner.days > AGAIN:
        with _at(clock.now() - timedelta(hours=30)):
            _place(person, learner, rng)


def _work_through(person: Person, learner: Learner, start: datetime, rng: random.Random) -> None:
    modules = [module for course in shelf.library().courses.values() for module in course.modules]
    chosen = [shelf.library().modules[key] for key in modules if key in shelf.library().modules][: learner.modules]
    for number, module in enumerate(chosen):
        day = start + timedelta(days=1 + (learner.days - 1.5) * number / max(len(chosen), 1), hours=rng.uniform(0, 8))
        last = number == len(chosen) - 1 and len(chosen) < len(modules)
        _study(person, learner, module, day, rng, last)


def _study(person: Person, learner: Learner, module: Module, day: datetime, rng: random.Random, last: bool) -> None:
    """The last module of somebody under way is read in part and checked once, so that there is a next step to take."""
    _read(person, module, day, rng.randint(3, 6) if last else SECTIONS)
    for attempt in range(1 if last else 4):
        with _at(day + timedelta(minutes=25 + 20 * attempt)):
            _check(person, learner, module, rng)
        if progress_of(person.id).modules[module.id].checks[-1].credit >= PASS:
            break
    if not last:
        at = day + timedelta(hours=2)
        text = rng.choice(WORKS)
        db.session.add(PracticeWork(person_id=person.id, module=module.id, text=text, saved_at=at, handed_in_at=at))
        db.session.flush()


def _read(person: Person, module: Module, day: datetime, reached: int) -> None:
    anchor = ("why", "idea", "example", "mistake", "practice", "check", "summary", "sources")[reached - 1]
    finished = day + timedelta(minutes=module.minutes) if reached == SECTIONS else None
    db.session.add(
        Reading(person_id=person.id, module=module.id, anchor=anchor, reached=reached, updated_at=day, read_at=finished)
    )
    db.session.flush()


def _check(person: Person, learner: Learner, module: Module, rng: random.Random) -> None:
    bank = shelf.items("practice", module=module.id)
    chosen = draw(bank, record.seen_keys(person.id), rng)
    attempt = assess.start(person, "check", module.id, titles(module), chosen)
    for position in range(1, len(attempt.items) + 1):
        _answer(attempt, position, learner, rng)
    attempt.finish()
    db.session.flush()


def _place(person: Person, learner: Learner, rng: random.Random) -> None:
    attempt = start_placement(person)
    while attempt.submitted_at is None:
        position = len(attempt.items)
        _answer(attempt, position, learner, rng)
        advance(attempt, position)
    db.session.flush()


def _answer(attempt: assess.Attempt, position: int, learner: Learner, rng: random.Random) -> None:
    row = attempt.items[position - 1]
    item = shelf.item(row.revision_id)
    unit = record.parameters([row.revision_id])[row.revision_id]
    form = respond(item, row.instance, unit, learner.ability(item.skill), rng)
    writer = attempt.writer()
    attempt.answer(position, form, attempt.last_seq() + 1, f"demo-{attempt.id}-{position}", writer.tab)
