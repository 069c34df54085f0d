"""One invented learner's weeks: a placement, module after module, work samples, and the level found once more."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

from lms import assess, clock, evidence, publishing
from lms.assess.delivery import advance
from lms.assess.item_sampling import draw, unasked
from lms.content import Module
from lms.database import db
from lms.demo import ratings, works
from lms.demo.people import WORKS, Learner
from lms.demo.sitting import answer as _answer
from lms.demo.sitting import at as _at
from lms.identity.models import Person
from lms.learn.blueprint import titles
from lms.learn.certificates import certify
from lms.learn.models import PracticeWork, Reading
from lms.learn.progress import SECTIONS, progress_of
from lms.learn.specifications import CHECK, PLACEMENT

SEED = 20261123
FRIDAY = 4
AGAIN = 14  # days after which somebody finds their level once more


def simulate_weeks(person: Person, learner: Learner, number: int, rng: random.Random) -> None:
    """First day: find my level. Then module after module. Those longer here have found their level once more.
    number: the learner's, from nought."""
    start = _working(clock.now() - timedelta(days=learner.days), rng)
    person.created_at = start
    if learner.placement:
        with _at(start):
            _place(person, learner, rng)
    _work_through(person, learner, start, rng)
    chance = random.Random(SEED + number)  # noqa: S311  a chance of its own leaves the rest of the life as it was
    with _at(_working(clock.now() - timedelta(hours=52), chance)):
        works.play(person, learner, number)
        ratings.write(person, learner)
    if learner.placement and learner.days > AGAIN:
        with _at(_working(clock.now() - timedelta(hours=30), rng)):
            _place(person, learner, rng)


def _work_through(person: Person, learner: Learner, start: datetime, rng: random.Random) -> None:
    library = publishing.library()
    keys = [key for course in library.courses.values() for key in course.modules if key in library.modules]
    modules = [library.modules[key] for key in keys[: learner.modules]]
    for number, module in enumerate(modules):
        day = _working(start + timedelta(days=1 + (learner.days - 1.5) * number / len(modules)), rng)
        last = number == len(modules) - 1 and len(modules) < len(keys)
        _study(person, learner, module, day, rng, last)
    _certify(person)


def _working(day: datetime, rng: random.Random) -> datetime:
    """Between ten and seven in Yerevan (UTC+4), seldom at a weekend, and never less than four hours ago."""
    if day.weekday() > FRIDAY and rng.random() < 0.8:
        day += timedelta(days=7 - day.weekday())
    hour = day.replace(hour=6, minute=0, second=0) + timedelta(hours=rng.uniform(0, 9))
    return min(hour, clock.now() - timedelta(hours=4))


def _certify(person: Person) -> None:
    progress = progress_of(person.id)
    for course in publishing.library().courses.values():
        if progress.finished(course):
            certify(person, course, progress)
    db.session.flush()


def _study(person: Person, learner: Learner, module: Module, day: datetime, rng: random.Random, last: bool) -> None:
    """The last module of somebody under way is read in part and checked once, so that there is a next step to take."""
    _read(person, module, day, rng.randint(3, 6) if last else SECTIONS)
    for attempt in range(1 if last else 4):
        with _at(day + timedelta(minutes=25 + 20 * attempt)):
            _check(person, learner, module, rng)
        if CHECK.passed(progress_of(person.id).modules[module.id].checks[-1].credit):
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
    chosen = draw(unasked(CHECK, module.id), evidence.seen_keys(person.id), rng, CHECK.least, CHECK.most)
    attempt = assess.start(person, untimed(CHECK), module.id, titles(module), chosen)
    for position in range(1, len(attempt.items) + 1):
        _answer(attempt, position, lambda item: learner.ability(item.skill), rng)
    attempt.finish()
    db.session.flush()


def untimed(test: assess.Specification) -> assess.Specification:
    """The invented people take as long as they need."""
    return replace(test, item_seconds=None)


def _place(person: Person, learner: Learner, rng: random.Random) -> None:
    attempt = assess.begin(person, PLACEMENT.name, PLACEMENT.name)
    while attempt.submitted_at is None:
        position = len(attempt.items)
        _answer(attempt, position, lambda item: learner.ability(item.skill), rng)
        advance(attempt, position)
    db.session.flush()
