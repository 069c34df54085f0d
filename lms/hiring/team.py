"""One page of the team: people in the order of their standing, each with the figures of today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from lms.database import db
from lms.hiring.comparison import TeamRow, hold
from lms.hiring.models import NO_ROLE, Standing
from lms.hiring.ranks import ranks_of
from lms.hiring.standings import AT_ONCE, bring_up_to_date
from lms.identity.membership import called, learns
from lms.identity.models import Person
from lms.psychometrics.profile import RoleProfile

PAGE = 50
WRITTEN_TO = 50  # addresses in one letter
FEW = 1_000  # people who are found one by one sooner than by looking through everybody
NAMED = 20  # of those who may be first


@dataclass(frozen=True)
class Team:
    """rows: of this page; number, pages: from 1; people, unranked: counts over all pages; first: everybody whom the
    answers leave at the top of those not below the role, of all where there is no such person (below), NAMED at most;
    unnamed: so many more; addresses: of at most WRITTEN_TO people without enough answers; behind: more people have new
    evidence than could be looked at, so order and ranks follow soon (the figures of the rows are of today)."""

    rows: tuple[TeamRow, ...]
    number: int
    pages: int
    people: int
    unranked: int
    first: tuple[Person, ...]
    unnamed: int
    below: bool
    addresses: tuple[str, ...]
    behind: bool


@dataclass(frozen=True)
class TeamQuery:
    """Which part of which list. name: letters that the name holds."""

    organisation_id: int
    role_name: str
    role: RoleProfile
    number: int = 1
    name: str = ""


@dataclass(frozen=True)
class Others:
    """Those without a place in the order: how many they are, and who."""

    count: int
    people: Select[Person]

    def by_name(self, start: int, most: int) -> Sequence[Person]:
        """Where there is none nobody is looked through."""
        if start >= self.count or not most:
            return ()
        return db.session.scalars(self.people.order_by(Person.name, Person.id).offset(start).limit(most)).all()


def team(query: TeamQuery) -> Team:
    """Bounded whatever the size of the organisation: fifty people's matrices, the rest by index."""
    behind = bring_up_to_date(query.organisation_id, AT_ONCE) > 0
    ranked = _count(_places(query))
    others = _others(query, ranked, behind)
    people = ranked + others.count
    pages = max(1, -(-people // PAGE))
    number = min(max(query.number, 1), pages)
    top = _top(query, Standing.outcome != "not_met")
    first = _named(query, top)
    if below := not first:
        top = _top(query)
        first = _named(query, top)
    return Team(
        rows=tuple(_rows(query, _slice(query, (number - 1) * PAGE, ranked, others))),
        number=number,
        pages=pages,
        people=people,
        unranked=others.count,
        first=tuple(first),
        unnamed=_count(top) - NAMED if len(first) == NAMED else 0,
        below=below,
        addresses=tuple(person.email for person in others.by_name(0, WRITTEN_TO)),
        behind=behind,
    )


def _count(people: Select[Any]) -> int:
    return db.session.scalar(people.with_only_columns(func.count()).order_by(None)) or 0


def _called(query: TeamQuery) -> tuple[Any, ...]:
    return Person.organisation_id == query.organisation_id, called(query.name)


def _learners(query: TeamQuery) -> Select[Person]:
    return select(Person).where(*_called(query), learns())


def _of_role(query: TeamQuery) -> tuple[Any, ...]:
    return Standing.organisation_id == query.organisation_id, Standing.role == query.role_name


def _standing(query: TeamQuery) -> tuple[Any, ...]:
    return (*_of_role(query), Standing.ranked, Standing.listed)


def _places(query: TeamQuery) -> Select[Standing]:
    """The standings of the ranked; people are looked at only where a name is asked for, once and by index."""
    places, called_so = select(Standing).where(*_standing(query)), select(Person.id).where(*_called(query))
    return places.where(Standing.person_id.in_(called_so)) if query.name else places


def _ranked(query: TeamQuery) -> Select[Person]:
    ranked = select(Person).join(Standing, Standing.person_id == Person.id).where(*_standing(query))
    return ranked.where(*_called(query)).order_by(Standing.composite.desc(), Person.name, Person.id)


def _others(query: TeamQuery, ranked: int, behind: bool) -> Others:
    """Whoever learns and has no place in the order. Once nobody is behind, all of them are known by their standings:
    counted so, and where they are few also named so, nobody else is looked at."""
    roles = Standing.role.in_((query.role_name, NO_ROLE))
    ours = Standing.organisation_id == query.organisation_id, roles, ~Standing.ranked, Standing.listed
    waiting = select(Standing.person_id).where(*ours)
    unranked = select(Person).where(_is_unranked(query), *_called(query), learns())
    if behind or query.name:
        return Others(_count(_learners(query)) - ranked, unranked)
    count = _count(waiting)
    return Others(count, select(Person).where(Person.id.in_(waiting)) if count <= FEW else unranked)


def _is_unranked(query: TeamQuery) -> ColumnElement[bool]:
    stands = select(Standing.person_id).where(Standing.person_id == Person.id, Standing.role == query.role_name)
    not_ranked = select(Standing.person_id).where(*_of_role(query), or_(~Standing.ranked, ~Standing.listed))
    return or_(~stands.exists(), Person.id.in_(not_ranked))


def _slice(query: TeamQuery, start: int, ranked: int, others: Others) -> list[Person]:
    """Fifty people from a place of the whole list on: the ranked by estimate, then the others by name."""
    first = _ranked_from(query, start) if start < ranked else ()
    return [*first, *others.by_name(max(0, start - ranked), PAGE - len(first))]


def _ranked_from(query: TeamQuery, start: int) -> Sequence[Person]:
    """The estimates between which the page lies come from the index, so that only its people are put in order."""
    if query.name:
        return db.session.scalars(_ranked(query).offset(start).limit(PAGE)).all()
    estimates = select(Standing.composite).where(*_standing(query)).order_by(Standing.composite.desc())
    page = db.session.scalars(estimates.offset(start).limit(PAGE)).all()
    ahead = _count(_places(query).where(Standing.composite > page[0]))
    near = _ranked(query).where(Standing.composite <= page[0], Standing.composite >= page[-1])
    return db.session.scalars(near.offset(start - ahead).limit(PAGE)).all()


def _top(query: TeamQuery, *only: ColumnElement[bool]) -> Select[Standing]:
    """Of those who fulfil `only`, whose interval reaches the highest lower end, whatever name was asked for: of them
    nobody is surely ahead. Counted from the index of upper ends, which holds what is asked for."""
    among = (*_standing(query), *only)
    highest = select(Standing.low).where(*among).order_by(Standing.low.desc()).limit(1).scalar_subquery()
    return select(Standing).where(*among, Standing.high >= highest)


def _named(query: TeamQuery, top: Select[Standing]) -> Sequence[Person]:
    people = top.with_only_columns(Standing.person_id)
    named = people.order_by(Standing.composite.desc(), Standing.person_id.desc()).limit(NAMED)
    return db.session.scalars(_ranked(replace(query, name="")).where(Person.id.in_(named))).all()


def _rows(query: TeamQuery, people: Sequence[Person]) -> list[TeamRow]:
    """Each person's figures in full, whatever is stored; the ranks among all, whatever name was asked for."""
    figures = hold([person.id for person in people], query.role)
    ranks = ranks_of(_standing(query), {key: row.gap for key, row in figures.items()})
    return [
        TeamRow(person, figures[person.id].statement, figures[person.id].gap, ranks.get(person.id)) for person in people
    ]
