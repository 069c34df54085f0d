"""Three weeks of learning, played through the product's own verbs from a seeded generator."""

from __future__ import annotations

import random
from collections.abc import Callable, Container
from dataclasses import replace
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select

from lms import assess, clock, evidence, publishing
from lms.assess.chance import fixed_chance
from lms.assess.delivery import advance
from lms.assess.item_sampling import draw, unasked
from lms.content import Module
from lms.database import db
from lms.demo import campaign, intake, panel, ratings, replies, works
from lms.demo.people import AGENCY, DOMAIN, INVITED, LEARNERS, STAFF, WORKS, Learner
from lms.demo.sitting import answer as _answer
from lms.demo.sitting import at as _at
from lms.identity import letters, membership
from lms.identity.models import Organisation, Person
from lms.learn.blueprint import titles
from lms.learn.certificates import certify
from lms.learn.models import PracticeWork, Reading
from lms.learn.progress import SECTIONS, progress_of
from lms.learn.specifications import CHECK, PLACEMENT, PRETEST
from lms.rating import works as rated

SEED = 20261123
FRIDAY = 4
AGAIN = 14  # days after which somebody finds their level once more
Say = Callable[[str], None]


@publishing.held_content()
def seed(say: Say) -> None:
    """Make the agency and its three weeks, once; commits person by person, so a start that broke off is taken up."""
    organisation = membership.organisation(*AGENCY)
    present = set(db.session.scalars(select(Person.email).where(Person.organisation_id == organisation.id)))
    missing = [learner for learner in LEARNERS if address(learner.mailbox) not in present]
    if not missing:
        return
    say("inventing an agency and three weeks of its learning")
    for name, mailbox, roles in STAFF:
        if address(mailbox) not in present:
            _add(organisation, name, mailbox, roles)
    ratings.name_raters(organisation)
    if not present:
        _letters(organisation)
    db.session.commit()
    _intake(organisation, present)
    _write_replies()
    campaign.seed(organisation, SEED)
    panel.seed(organisation, SEED)
    db.session.commit()
    for learner in missing:
        number = LEARNERS.index(learner)
        person = _add(organisation, learner.name, learner.mailbox, ("trainee",))
        person.role_wanted = learner.wants
        with fixed_chance(SEED + number):  # the same life, whoever was there before a start that broke off
            _live(person, learner, random.Random(SEED + number))  # noqa: S311  plausible, not secret
        db.session.commit()
        say(f"  {number + 1} of {len(LEARNERS)}: {learner.mailbox}")


@fixed_chance(SEED)
def _intake(organisation: Organisation, present: Container[str]) -> None:
    """The pre-tests of an earlier intake; then their accounts close. Commits when all are there."""
    pool = [number for number, _item in publishing.items(PRETEST.pool, course=intake.COURSE)]
    for number, alumnus in enumerate(intake.alumni(random.Random(SEED))):  # noqa: S311  plausible, not secret
        if pool and address(alumnus.mailbox) not in present:
            person = membership.add(
                organisation, address(alumnus.mailbox), alumnus.name, ("trainee",)
            )  # no demo door leads to it
            rng = random.Random(SEED - number)  # noqa: S311  plausible, not secret
            _sit_pretest(person, alumnus, pool, rng)
            membership.deactivate(person)
    db.session.commit()


def _write_replies() -> None:
    """Some of the earlier intake, the day of their pre-test."""
    for number, piece in enumerate(replies.REPLIES, 1):
        person = db.session.scalar(select(Person).where(Person.email == address(intake.mailbox(number))))
        if person and not rated.works_of(person.id):
            with _at(person.created_at + timedelta(hours=2)):
                ratings.hand_in(person, piece)


def _sit_pretest(person: Person, alumnus: intake.Alumnus, pool: list[int], rng: random.Random) -> None:
    person.created_at = clock.now() - timedelta(days=intake.DAY, minutes=rng.randint(0, 90))
    course = publishing.library().courses[intake.COURSE]
    title = {"hy": course.title.hy, "en": course.title.en}
    with _at(person.created_at):
        attempt = assess.start(person, _untimed(PRETEST), course.id, title, rng.sample(pool, len(pool)))
        for position in range(1, len(pool) + 1):
            _answer(attempt, position, lambda item: intake.ability(alumnus, item.id), rng)
        attempt.finish()
        db.session.flush()


def _letters(organisation: Organisation) -> None:
    """Invitations under way, and their letters in the outbox."""
    for mailbox, roles, hours in INVITED:
        with _at(clock.now() - timedelta(hours=hours)), current_app.test_request_context():
            letters.invite(organisation, address(mailbox), roles)


def address(mailbox: str) -> str:
    return f"{mailbox}@{DOMAIN}"


def _add(organisation: Organisation, name: str, mailbox: str, roles: tuple[str, ...]) -> Person:
    person = membership.add(organisation, address(mailbox), name, roles)
    person.is_demo = True
    return person


def _live(person: Person, learner: Learner, rng: random.Random) -> None:
    """First day: find my level. Then module after module. Those longer here have found their level once more."""
    start = _working(clock.now() - timedelta(days=learner.days), rng)
    person.created_at = start
    if learner.placement:
        with _at(start):
            _place(person, learner, rng)
    _work_through(person, learner, start, rng)
    number = LEARNERS.index(learner)
    chance = random.Random(SEED + number)  # noqa: S311  a chance of its own leaves the rest of the life as it was
    with _at(_working(clock.now() - timedelta(hours=52), chance)):
        works.play(person, learner, number)
        ratings.write(person, learner)
    if learner.placement and learner.days > AGAIN:
        with _at(_working(clock.now() - timedelta(hours=30), rng)):
            _place(person, learner, rng)


def _work_through(person: Person, learner: Learner, start: datetime, rng: random.Random) -> None:
    modules = [module for course in publishing.library().courses.values() for module in course.modules]
    chosen = [publishing.library().modules[key] for key in modules if key in publishing.library().modules][
        : learner.modules
    ]
    for number, module in enumerate(chosen):
        day = _working(start + timedelta(days=1 + (learner.days - 1.5) * number / max(len(chosen), 1)), rng)
        last = number == len(chosen) - 1 and len(chosen) < len(modules)
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
    attempt = assess.start(person, _untimed(CHECK), module.id, titles(module), chosen)
    for position in range(1, len(attempt.items) + 1):
        _answer(attempt, position, lambda item: learner.ability(item.skill), rng)
    attempt.finish()
    db.session.flush()


def _untimed(test: assess.Specification) -> assess.Specification:
    """The invented people take as long as they need."""
    return replace(test, item_seconds=None)


def _place(person: Person, learner: Learner, rng: random.Random) -> None:
    attempt = assess.begin(person, PLACEMENT.name, PLACEMENT.name)
    while attempt.submitted_at is None:
        position = len(attempt.items)
        _answer(attempt, position, lambda item: learner.ability(item.skill), rng)
        advance(attempt, position)
    db.session.flush()
