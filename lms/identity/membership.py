"""Who belongs to an organisation: adding, changing and removing people. Callers commit."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from lms import clock
from lms.database import db
from lms.identity import tokens
from lms.identity.models import ROLES, Membership, OneTimeToken, Organisation, Person
from lms.identity.sessions import end_all

ADDRESS = re.compile(r"[^@\s,;<>()\"\x00-\x1f]{1,64}@[^@\s,;<>()\"]{1,180}\.[^@\s.,;<>()\"]{2,60}")
LONGEST_NAME = 120
NOBODYS = "candidate.invalid"  # domain of addresses that no letter can reach (RFC 2606): people of a candidacy alone
RESERVED = "hmut"  # owner of the shipped content; no person belongs to it


def organisation(slug: str, name: str = "") -> Organisation:
    """The organisation of this slug, made when new. ValueError when the slug is reserved or not a slug."""
    if slug == RESERVED or not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,58}", slug):
        raise ValueError(
            f"{slug!r} cannot be an organisation's slug (small letters, digits, hyphens; not {RESERVED!r})"
        )
    row = db.session.execute(select(Organisation).filter_by(slug=slug)).scalar_one_or_none()
    if row is None:
        row = Organisation(slug=slug, name=name or slug)
        db.session.add(row)
        db.session.flush()
    return row


def called(letters: str) -> ColumnElement[bool]:
    """A person whose name holds these letters; everybody for none. As typed, and as names are written: SQLite folds no
    case but that of Latin letters."""
    if not letters:
        return true()
    return or_(*(Person.name.icontains(form, autoescape=True) for form in {letters, letters.title(), letters.lower()}))


def names_of(organisation_id: int, numbers: Iterable[int | None]) -> dict[int, str]:
    """The names of these people of the organisation: of those whom a page names, however many there are beside."""
    ours = select(Person.id, Person.name).where(Person.organisation_id == organisation_id)
    present = {number for number in numbers if number is not None}
    return {row.id: row.name for row in db.session.execute(ours.where(Person.id.in_(present)))} if present else {}


def open_registrations() -> list[Organisation]:
    """The organisations that anybody may register with, at most twenty, for the pages before an account."""
    return list(db.session.scalars(select(Organisation).filter_by(registration_open=True).order_by("name").limit(20)))


def by_email(email: str) -> Person | None:
    return db.session.execute(select(Person).filter_by(email=email.strip().lower())).scalar_one_or_none()


def add(
    organisation: Organisation, email: str, name: str, roles: Iterable[str], password_hash: str | None = None
) -> Person:
    """A new person. ValueError when the e-mail is none or taken, the name too long, or a role unknown."""
    if not ADDRESS.fullmatch(email.strip()) or len(name) > LONGEST_NAME:
        raise ValueError(f"{email!r} is no e-mail address, or the name is longer than {LONGEST_NAME} characters")
    if by_email(email):
        raise ValueError(f"{email} already has an account")
    person = Person(organisation=organisation, email=email.strip().lower(), name=name, language=organisation.language)
    person.password_hash = password_hash
    set_roles(person, roles)
    db.session.add(person)
    db.session.flush()
    return person


def set_roles(person: Person, roles: Iterable[str]) -> None:
    wanted = set(roles)
    if unknown := wanted - set(ROLES):
        raise ValueError(f"no such role: {', '.join(sorted(unknown))}; roles are {', '.join(ROLES)}")
    person.memberships = [membership for membership in person.memberships if membership.role in wanted]
    person.memberships += [Membership(role=role) for role in sorted(wanted - person.roles)]


def learns() -> ColumnElement[bool]:
    """A person whom lists of learners name: the account is open and the role is there."""
    trains = select(Membership).where(Membership.person_id == Person.id, Membership.role == "trainee")
    return and_(Person.active, trains.exists())


def is_last_administrator(person: Person) -> bool:
    """An organisation without an administrator could not be mended from inside."""
    others = (
        select(func.count())
        .select_from(Person)
        .join(Membership)
        .where(
            Person.organisation_id == person.organisation_id,
            Person.id != person.id,
            Person.active,
            Membership.role == "administrator",
        )
    )
    return person.has_role("administrator") and not db.session.scalar(others)


def deactivate(person: Person) -> None:
    """Close the account and every session of it; what the person did stays as evidence."""
    person.active = False
    end_all(person)


def roles_offered(row: OneTimeToken) -> list[str]:
    """The roles of a link that is used to join: its own and, since it proves the address, those of every other
    invitation of the same organisation to the same address, which is used up with it."""
    others = db.session.scalars(
        select(OneTimeToken).where(
            OneTimeToken.organisation_id == row.organisation_id,
            OneTimeToken.email == row.email,
            OneTimeToken.purpose.in_(("invitation", "registration")),
            *tokens.live(),
        )
    ).all()
    for other in others:
        other.used_at = clock.now()
    return sorted({role for each in (row, *others) for role in each.data["roles"]})
