"""One page of the team: people in the order of their standing, each with the figures of today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, select

from lms.database import db
from lms.hiring.comparison import TeamRow, hold, ranks_among
from lms.hiring.models import Standing
from lms.hiring.standings import AT_ONCE, bring_up_to_date
from lms.identity.membership import called
from lms.identity.models import Membership, Person
from lms.psychometrics.profile import RoleProfile

PAGE = 50
WRITTEN_TO = 50  # addresses in one letter
NAMED = 20  # of those who may be first


@dataclass(frozen=True)
class Team:
    """rows: of this page; number, pages: from 1; people, unranked: counts over all pages; first: everybody whom the
    answers leave at the top, of those not below the role where there are any (below: there are none); addresses: of at
    most WRITTEN_TO people without enough answers; behind: more people have new evidence than could be looked at, so
    order and ranks follow soon (the figures of the rows are of today)."""

    rows: tuple[TeamRow, ...]
    number: int
    pages: int
    people: int
    unranked: int
    first: tuple[Person, ...]
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


def team(asked: TeamQuery) -> Team:
    """Bounded whatever the size of the organisation: fifty people's matrices, the rest by index."""
    behind = bring_up_to_date(asked.organisation_id, AT_ONCE) > 0
    people, ranked = _count(_learners(asked)), _count(_ranked(asked))
    pages = max(1, -(-people // PAGE))
    number = min(max(asked.number, 1), pages)
    first = db.session.scalars(_first(asked).where(Standing.outcome != "not_met")).all()
    return Team(
        rows=tuple(_rows(asked, _slice(asked, (number - 1) * PAGE, ranked))),
        number=number,
        pages=pages,
        people=people,
        unranked=people - ranked,
        first=tuple(first or db.session.scalars(_first(asked))),
        below=not first,
        addresses=tuple(person.email for person in db.session.scalars(_unranked(asked).limit(WRITTEN_TO))),
        behind=behind,
    )


def _count(people: Select[Person]) -> int:
    return db.session.scalar(people.with_only_columns(func.count(Person.id)).order_by(None)) or 0


def _learns(asked: TeamQuery) -> tuple[Any, ...]:
    learns = Membership.person_id == Person.id, Membership.role == "trainee"
    ours = Person.organisation_id == asked.organisation_id, Person.active, select(Membership).where(*learns).exists()
    return (*ours, called(asked.name))


def _learners(asked: TeamQuery) -> Select[Person]:
    return select(Person).where(*_learns(asked))


def _standing(asked: TeamQuery) -> tuple[Any, ...]:
    of_role = Standing.organisation_id == asked.organisation_id, Standing.role == asked.role_name
    return (*of_role, Standing.ranked)


def _ranked(asked: TeamQuery) -> Select[Person]:
    ranked = _learners(asked).join(Standing, Standing.person_id == Person.id).where(*_standing(asked))
    return ranked.order_by(Standing.composite.desc(), Person.name, Person.id)


def _unranked(asked: TeamQuery) -> Select[Person]:
    ranked = select(Standing).where(Standing.person_id == Person.id, *_standing(asked)).exists()
    return _learners(asked).where(~ranked).order_by(Person.name, Person.id)


def _slice(asked: TeamQuery, start: int, ranked: int) -> list[Person]:
    """Fifty people from a place of the whole list on: the ranked by estimate, then the others by name."""
    first = db.session.scalars(_ranked(asked).offset(start).limit(PAGE)).all() if start < ranked else ()
    rest = _unranked(asked).offset(max(0, start - ranked)).limit(PAGE - len(first))
    return [*first, *(db.session.scalars(rest) if len(first) < PAGE else ())]


def _first(asked: TeamQuery) -> Select[Person]:
    """Those whose interval reaches the highest lower end, whatever name was asked for: nobody is surely ahead."""
    everybody = replace(asked, name="")
    highest = _ranked(everybody).with_only_columns(func.max(Standing.low)).order_by(None).scalar_subquery()
    return _ranked(everybody).where(Standing.high >= highest).limit(NAMED)


def _rows(asked: TeamQuery, people: Sequence[Person]) -> list[TeamRow]:
    """Each person's figures in full, whatever is stored; the ranks among all."""
    held = hold([person.id for person in people], asked.role)
    ranks = ranks_among(_intervals(asked), {key: row.gap for key, row in held.items()}) if held else {}
    return [TeamRow(person, held[person.id].statement, held[person.id].gap, ranks.get(person.id)) for person in people]


def _intervals(asked: TeamQuery) -> list[tuple[float, float]]:
    """Of everybody, whatever name was asked for."""
    everybody = replace(asked, name="")
    intervals = select(Standing.low, Standing.high).join(Person, Person.id == Standing.person_id)
    stored = db.session.execute(intervals.where(*_standing(asked), *_learns(everybody)))
    return [(row.low, row.high) for row in stored]
