"""Whose data: plain values, since the person's own row is blanked on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, or_, select

from lms.assess import Attempt
from lms.assess.models import AttemptItem
from lms.campaigns import Candidate
from lms.database import db
from lms.identity.audit_words import OF_INVITATIONS, OF_THE_ORGANISATION
from lms.identity.models import OneTimeToken, Person


@dataclass(frozen=True)
class Subject:
    """email: of the account; others: addresses of the candidacies, whose account has none that is anybody's."""

    id: int
    organisation_id: int
    email: str
    others: tuple[str, ...] = field(default=())


def subject_of(person: Person) -> Subject:
    others = db.session.scalars(select(Candidate.email).where(Candidate.person_id == person.id))
    return Subject(person.id, person.organisation_id, person.email, tuple(others))


def own(table: Table, subject: Subject) -> ColumnElement[bool]:
    return table.c.person_id == subject.id


def itself(table: Table, subject: Subject) -> ColumnElement[bool]:
    return and_(table.c.id == subject.id, table.c.organisation_id == subject.organisation_id)


def made_by(table: Table, subject: Subject) -> ColumnElement[bool]:
    return table.c.created_by == subject.id


def changed_by(table: Table, subject: Subject) -> ColumnElement[bool]:
    return table.c.changed_by == subject.id


def decided(table: Table, subject: Subject) -> ColumnElement[bool]:
    """Decided by the person, or about the person's candidacy."""
    return or_(table.c.decided_by == subject.id, table.c.candidate_id.in_(candidacies(subject)))


def ordered(table: Table, subject: Subject) -> ColumnElement[bool]:
    """A program's order of the person's candidacy."""
    return table.c.candidate_id.in_(candidacies(subject))


def told(table: Table, subject: Subject) -> ColumnElement[bool]:
    """What was told of such an order. The tables are named, since their room stands above this one."""
    orders = table.metadata.tables["api_order"]
    return table.c.order_id.in_(select(orders.c.id).where(ordered(orders, subject)))


def judging(table: Table, subject: Subject) -> ColumnElement[bool]:
    """Invitations to judge that still hold the person's address, in the own organisation."""
    theirs = table.c.email.in_((subject.email, *subject.others))
    return and_(table.c.organisation_id == subject.organisation_id, theirs)


def judged(table: Table, subject: Subject) -> ColumnElement[bool]:
    """What was rated under such an invitation. Their room stands above this one."""
    judges = table.metadata.tables["panel_judge"]
    return table.c.judge_id.in_(select(judges.c.id).where(judging(judges, subject)))


def candidacies(subject: Subject) -> Select[Any]:
    """Ids of the person's candidacies."""
    return select(Candidate.id).where(Candidate.person_id == subject.id)


def of_attempt(table: Table, subject: Subject) -> ColumnElement[bool]:
    return table.c.attempt_id.in_(select(Attempt.id).where(Attempt.person_id == subject.id))


def of_attempt_item(table: Table, subject: Subject) -> ColumnElement[bool]:
    items = select(AttemptItem.id).join(Attempt, Attempt.id == AttemptItem.attempt_id)
    return table.c.attempt_item_id.in_(items.where(Attempt.person_id == subject.id))


def links(table: Table, subject: Subject) -> ColumnElement[bool]:
    """Links to the person's account, and those of the organisation to the person's address."""
    addressed = and_(table.c.organisation_id == subject.organisation_id, table.c.email == subject.email)
    return or_(table.c.person_id == subject.id, addressed)


def letters(table: Table, subject: Subject) -> ColumnElement[bool]:
    theirs = table.c.recipient.in_((subject.email, *subject.others))
    return and_(table.c.organisation_id == subject.organisation_id, theirs)


def trail(table: Table, subject: Subject) -> ColumnElement[bool]:
    """What the person did, and what was done about the person or their invitations."""
    about = and_(table.c.subject == subject.id, table.c.action.not_in((*OF_INVITATIONS, *OF_THE_ORGANISATION)))
    invited = and_(table.c.subject.in_(_tokens(subject)), table.c.action.in_(OF_INVITATIONS))
    ours = table.c.organisation_id == subject.organisation_id
    return and_(ours, or_(table.c.actor == subject.id, about, invited))


def _tokens(subject: Subject) -> Select[int]:
    addressed = and_(OneTimeToken.organisation_id == subject.organisation_id, OneTimeToken.email == subject.email)
    return select(OneTimeToken.id).where(or_(OneTimeToken.person_id == subject.id, addressed))
