"""Standings kept up to date: made anew for whoever has new evidence, and for everybody once a day, since evidence ages.

A page brings a few up to date itself; where there are many a job does, a few people at a time, with a pause after each,
so that nobody's answer waits. `check` holds what is stored against what is computed in full.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from flask import Flask, current_app
from sqlalchemy import ColumnElement, Select, delete, insert, select

from lms import evidence
from lms.competency import role_profiles
from lms.database import db, may_write
from lms.evidence.refresh_job import RefreshJob, in_steps
from lms.hiring.comparison import is_ranked
from lms.hiring.listed_standings import LISTED, UNJUDGED, relisted, unjudged, without_standing
from lms.hiring.models import Standing
from lms.identity.models import Person
from lms.psychometrics.profile import RoleGap, RoleProfile, role_gap

Rows = list[dict[str, Any]]
RolesOf = Callable[[int, Sequence[int]], Mapping[int, Mapping[str, RoleProfile]]]  # organisation, people -> by person
AT_ONCE = 100  # people that a page brings up to date itself: a fifth of a second
BATCH, SHARE = 25, 3  # people of one step of the job; it rests so many times as long as it worked
EVERY = 30.0  # seconds between two looks of the job


def register_roles(app: Flask, roles: RolesOf) -> None:
    """Said by a room above whose people are held against roles of its own instead of the organisation's."""
    app.extensions["roles_elsewhere"] = roles


def bring_up_to_date(organisation_id: int, most: int, among: Select[Any] | None = None) -> int:
    """Make the standings of at most so many people anew; how many are known to be left, 0 or 1 for "more". among: only
    of these people's ids."""
    basis = evidence.basis_of(organisation_id)
    people = evidence.outdated(organisation_id, basis, most + 1, among)
    if people:
        rows_by_person = rows_of(organisation_id, [person for person, _ in people[:most]])
        db.session.rollback()  # what was read is done with; on SQLite nothing else may be open while we write
        for start in range(0, min(most, len(people)), BATCH):
            _store(people[:most][start : start + BATCH], basis, rows_by_person)
    return len(people[most:])


def rows_of(organisation_id: int, people: Sequence[int]) -> Mapping[int, Rows]:
    """The standings of these people of the organisation, computed in full."""
    usual = role_profiles(evidence.framework(organisation_id))
    elsewhere: RolesOf = current_app.extensions.get("roles_elsewhere", lambda *_: {})
    roles = elsewhere(organisation_id, people)
    rows = {
        person: [
            _row(organisation_id, person, name, role_gap(matrix, role))
            for name, role in roles.get(person, usual).items()
        ]
        for person, matrix in evidence.matrices_of(people).items()
    }
    for person in roles:
        rows[person].append({"organisation_id": organisation_id, "person_id": person, **UNJUDGED})
    return rows


def _row(organisation_id: int, person_id: int, role: str, gap: RoleGap) -> dict[str, Any]:
    figures = {"composite": gap.composite or 0.0, "low": gap.low, "high": gap.high, "outcome": gap.outcome}
    return {
        "organisation_id": organisation_id,
        "person_id": person_id,
        "role": role,
        "ranked": is_ranked(gap),
        **figures,
    }


def _store(people: Sequence[evidence.Outdated], basis: str, rows_by_person: Mapping[int, Rows]) -> None:
    with may_write(), db.engine.begin() as connection:
        settled = evidence.mark_summed(connection, people, basis)
        connection.execute(delete(Standing).where(Standing.person_id.in_(settled)))
        if rows := [row for person in settled for row in rows_by_person[person]]:
            connection.execute(insert(Standing), rows)
            connection.execute(relisted(Standing.person_id.in_(settled)))


def refresher() -> RefreshJob:
    return RefreshJob("refresh_standings", EVERY, _refresh)


def _refresh(organisation_id: int) -> None:
    _stand_everybody(Person.organisation_id == organisation_id)
    in_steps(lambda: bring_up_to_date(organisation_id, BATCH), SHARE)


def _stand_everybody(ours: ColumnElement[bool]) -> None:
    """Whoever an older server has let in while this one was being brought up has no standing yet."""
    lacking = db.session.scalar(without_standing(ours).limit(1))
    db.session.rollback()
    if lacking is not None:
        with may_write(), db.engine.begin() as connection:
            connection.execute(unjudged(ours))


def check(organisation_id: int) -> Iterator[str]:
    """What is stored as today's and differs from what is computed in full, a line each."""
    people = evidence.settled(organisation_id, evidence.basis_of(organisation_id))
    for start in range(0, len(people), BATCH):
        some = people[start : start + BATCH]
        ours = Standing.organisation_id == organisation_id, Standing.person_id.in_(some)
        stored = db.session.execute(select(Standing.__table__).where(*ours))
        kept = {(row.person_id, row.role): dict(row._mapping) for row in stored}
        rows_by_person = rows_of(organisation_id, some).values()
        computed = {(row["person_id"], row["role"]): row for rows in rows_by_person for row in rows}
        for key in sorted(kept.keys() | computed.keys()):
            if not _is_same(kept.get(key), computed.get(key)):
                yield f"person {key[0]}, role {key[1]}: stored {kept.get(key)}, computed {computed.get(key)}"
    moved = select(Standing.person_id, Standing.role).where(Standing.organisation_id == organisation_id)
    for person, role in db.session.execute(moved.where(Standing.listed != LISTED)):
        yield f"person {person}, role {role}: whether the person learns here is kept as it is not"
    for person in db.session.scalars(without_standing(Person.organisation_id == organisation_id)):
        yield f"person {person} learns here and has no standing"


def _is_same(stored: Mapping[str, Any] | None, computed: Mapping[str, Any] | None) -> bool:
    """To the sixth digit: who is computed together in one batch moves the eighth."""
    if stored is None or computed is None:
        return False
    figures = ("composite", "low", "high")
    near = all(math.isclose(stored[name], computed[name], abs_tol=1e-6) for name in figures)
    return near and all(stored[name] == computed[name] for name in computed if name not in figures)
