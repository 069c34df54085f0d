"""Three weeks of learning, played through the product's own verbs from a seeded generator."""

from __future__ import annotations

import random
from collections.abc import Callable, Container
from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from lms import assess, clock, publishing
from lms.assess.chance import fixed_chance
from lms.database import db
from lms.demo import campaign, intake, panel, ratings, replies
from lms.demo.learner_weeks import SEED, simulate_weeks, untimed
from lms.demo.people import AGENCY, DOMAIN, INVITED, LEARNERS, STAFF
from lms.demo.sitting import answer as _answer
from lms.demo.sitting import at as _at
from lms.identity import letters, membership
from lms.identity.models import Organisation, Person
from lms.learn.specifications import PRETEST
from lms.rating import works as rated

Say = Callable[[str], None]


def is_missing() -> bool:
    """Whether some of its learners are not there yet; they are made last."""
    wanted = {address(learner.mailbox) for learner in LEARNERS}
    return len(db.session.scalars(select(Person.id).where(Person.email.in_(wanted))).all()) < len(wanted)


@publishing.held_content()
def seed(say: Say) -> None:
    """Make the agency and its three weeks, once; commits person by person, so a start that broke off is taken up."""
    if not is_missing():
        return
    organisation = membership.organisation(*AGENCY)
    present = set(db.session.scalars(select(Person.email).where(Person.organisation_id == organisation.id)))
    missing = [learner for learner in LEARNERS if address(learner.mailbox) not in present]
    say("inventing an agency and three weeks of its learning")
    _agency(organisation, present)
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
            simulate_weeks(person, learner, number, random.Random(SEED + number))  # noqa: S311  plausible, not secret
        db.session.commit()
        say(f"  {number + 1} of {len(LEARNERS)}: {learner.mailbox}")


def _agency(organisation: Organisation, present: Container[str]) -> None:
    for name, mailbox, roles in STAFF:
        if address(mailbox) not in present:
            _add(organisation, name, mailbox, roles)
    ratings.name_raters(organisation)
    if not present:
        _letters(organisation)
    db.session.commit()


def _intake(organisation: Organisation, present: Container[str]) -> None:
    """The pre-tests of an earlier intake; then their accounts close. Commits one by one: whoever looks at the first
    pages meanwhile writes too."""
    pool = [number for number, _item in publishing.items(PRETEST.pool, course=intake.COURSE)]
    for number, alumnus in enumerate(intake.alumni(random.Random(SEED))):  # noqa: S311  plausible, not secret
        if pool and address(alumnus.mailbox) not in present:
            person = membership.add(
                organisation, address(alumnus.mailbox), alumnus.name, ("trainee",)
            )  # no demo door leads to it
            rng = random.Random(SEED - number)  # noqa: S311  plausible, not secret
            with fixed_chance(SEED - number):
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
        attempt = assess.start(person, untimed(PRETEST), course.id, title, rng.sample(pool, len(pool)))
        for position in range(1, len(pool) + 1):
            _answer(attempt, position, lambda item: intake.ability(alumnus, item.id), rng)
        attempt.finish()
        db.session.flush()


def _letters(organisation: Organisation) -> None:
    """Invitations under way, and their letters in the outbox."""
    for mailbox, roles, hours in INVITED:
        with _at(clock.now() - timedelta(hours=hours)), current_app.test_request_context():
            letters.send([letters.invitation(organisation, address(mailbox), roles)])


def address(mailbox: str) -> str:
    return f"{mailbox}@{DOMAIN}"


def _add(organisation: Organisation, name: str, mailbox: str, roles: tuple[str, ...]) -> Person:
    person = membership.add(organisation, address(mailbox), name, roles)
    person.is_demo = True
    return person
