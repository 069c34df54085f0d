"""The skill matrix of a person as of a date, computed from the evidence and never stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import cast

from sqlalchemy import ColumnElement, Select, bindparam, select

from lms import clock
from lms.competency import level_rules
from lms.database import UTCDateTime, db
from lms.evidence.frameworks import as_judged, framework, frameworks_of
from lms.evidence.models import Evidence, WorkEvidence
from lms.evidence.parameters import units
from lms.evidence.voids import counts
from lms.evidence.work import LAST, work_observations, work_rows
from lms.psychometrics.evidence import Observation, Rules
from lms.psychometrics.items import ItemParameters
from lms.psychometrics.matrix import Matrix, matrices, matrix

DAYS_A_MONTH = 365.25 / 12


def matrix_of(person_id: int, as_of: datetime | None = None, *, as_then: bool = False) -> Matrix:
    """The person's matrix from all evidence up to `as_of` (now when None), aged to that moment.

    Judged by the framework in force today; `as_then` replays the one that the newest of that evidence was judged by.
    """
    as_of = as_of or clock.now()
    rows = _evidence(person_id, until=as_of)
    kept = as_judged(rows) if as_then else None
    observations = _observations(rows, as_of) + work_observations(work_rows([person_id], as_of), as_of, _places())
    return matrix(observations, skills(), level_rules(kept) if kept else rules_for(person_id))


def matrices_at(person_id: int, moments: Sequence[datetime]) -> list[Matrix]:
    """The person's matrix as of each moment, from one look at the evidence and in one pass."""
    last = max(moments)
    rows = _evidence(person_id, until=last)
    parameters, works, places = _parameters(rows), work_rows([person_id], last), _places()
    days = [_until(rows, parameters, moment) + work_observations(works, moment, places) for moment in moments]
    return matrices(days, skills(), rules_for(person_id))


def matrices_of(person_ids: Iterable[int], as_of: datetime | None = None) -> dict[int, Matrix]:
    """Many people's matrices in one pass: the number of queries doesn't grow with the people."""
    as_of = as_of or clock.now()
    by_person: dict[int, list[Observation]] = {person: [] for person in person_ids}
    answered = _observations(_evidence(*by_person, until=as_of), as_of)
    for observation in answered + work_observations(work_rows(by_person, as_of), as_of, _places()):
        by_person[cast(Evidence | WorkEvidence, observation.ref).person_id].append(observation)
    return {person: of_person for group in _by_framework(by_person) for person, of_person in group.items()}


def _by_framework(by_person: Mapping[int, list[Observation]]) -> Iterator[dict[int, Matrix]]:
    """The people of one organisation share its rules, and so one batch."""
    in_force = frameworks_of(by_person)
    for shared in {id(it): it for it in in_force.values()}.values():
        group = [person for person in by_person if in_force[person] is shared]
        batch = matrices([by_person[person] for person in group], skills(), level_rules(shared))
        yield dict(zip(group, batch, strict=True))


def rescored(person_id: int, set_id: int | None, as_of: datetime | None = None) -> Matrix:
    """What the matrix would be if all evidence were scored with this one set (None: with the priors)."""
    as_of = as_of or clock.now()
    rows = _evidence(person_id, until=as_of)
    parameters = units((row.revision_id for row in rows), set_id)
    places = _places()
    placed = [row for row in rows if _fits(row, parameters.get(row.revision_id), places)]
    scored = [_observation(row, parameters[row.revision_id], as_of) for row in placed]
    scored += work_observations(work_rows([person_id], as_of), as_of, places)
    return matrix(scored, skills(), rules_for(person_id))


def history(person_id: int) -> list[tuple[datetime, Matrix]]:
    """The matrix after every day on which evidence was added, oldest first, by the framework in force today."""
    rows = _evidence(person_id)
    parameters = _parameters(rows)
    works, places = work_rows([person_id]), _places()
    added = sorted([row.answered_at for row in rows] + [row.answered_at for row in works])
    moments = list({moment.date(): moment for moment in added}.values())
    days = [_until(rows, parameters, moment) + work_observations(works, moment, places) for moment in moments]
    return list(zip(moments, matrices(days, skills(), rules_for(person_id)), strict=True))


def _until(
    rows: Sequence[Evidence], parameters: Mapping[tuple[int | None, int], ItemParameters], moment: datetime
) -> list[Observation]:
    """The evidence up to the moment that today's matrix can place, aged to the moment."""
    places = _places()
    scored = [
        (row, parameters.get((row.parameter_set_id, row.revision_id))) for row in rows if row.answered_at <= moment
    ]
    return [_observation(row, unit, moment) for row, unit in scored if unit and _fits(row, unit, places)]


def _places() -> frozenset[str]:
    return frozenset(sub for subs in skills().values() for sub in subs)


def _fits(row: Evidence, parameters: ItemParameters | None, places: frozenset[str]) -> bool:
    """Evidence outlives what it was given on: a sub-competency may have gone, an item may not be readable, or have
    fewer categories in another calibration."""
    return parameters is not None and row.sub in places and row.category <= len(parameters.b)


def observations(person_id: int, as_of: datetime | None = None) -> list[Observation]:
    """Answers that are evidence, as scored observations; `ref` is the Evidence row. Work samples are not among them."""
    as_of = as_of or clock.now()
    return _observations(_evidence(person_id), as_of)


def rules_for(person_id: int) -> Rules:
    """Level rules of the framework in force for the person's organisation."""
    return level_rules(frameworks_of([person_id])[person_id])


def rules() -> Rules:
    """Level rules of the shipped framework, for what belongs to no organisation."""
    return level_rules(framework())


def skills() -> dict[str, tuple[str, ...]]:
    """skill -> its sub-competencies, in the published order; no edition changes them."""
    return dict(framework().tree)


def _evidence(*person_ids: int, until: datetime | None = None) -> Sequence[Evidence]:
    """Oldest first, without what rests on a void item."""
    return db.session.scalars(_rows(counts()), {"people": person_ids, "until": until or LAST}).all()


@lru_cache(maxsize=8)
def _rows(counting: ColumnElement[bool]) -> Select[Evidence]:
    """Every page asks for it, so it is built once."""
    of_people = Evidence.person_id.in_(bindparam("people", expanding=True))
    until = Evidence.answered_at <= bindparam("until", type_=UTCDateTime())
    return select(Evidence).where(of_people, counting, until).order_by(Evidence.answered_at, Evidence.id)


def _observations(rows: Sequence[Evidence], as_of: datetime) -> list[Observation]:
    dated = [row for row in rows if row.answered_at <= as_of]
    return _until(dated, _parameters(dated), as_of)


def _observation(row: Evidence, parameters: ItemParameters, as_of: datetime) -> Observation:
    age = (as_of.date() - row.answered_at.date()).days / DAYS_A_MONTH  # by days, so that a figure holds for a day
    gates = row.performance, row.human_raters, row.portfolio
    return Observation(row.sub, parameters, row.category, row.kind, *gates, age, row.testlet, row)


def _parameters(rows: Sequence[Evidence]) -> dict[tuple[int | None, int], ItemParameters]:
    """Item parameters by (set, revision): evidence keeps the set that it was scored with."""
    by_set: dict[tuple[int | None, int], ItemParameters] = {}
    for set_id in {row.parameter_set_id for row in rows}:
        of_set = units((row.revision_id for row in rows if row.parameter_set_id == set_id), set_id)
        by_set |= {(set_id, revision): parameters for revision, parameters in of_set.items()}
    return by_set
