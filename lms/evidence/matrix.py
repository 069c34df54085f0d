"""The skill matrix of a person as of a date, computed from the evidence and never stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from lms import clock, publishing
from lms.database import db
from lms.evidence.models import Evidence
from lms.evidence.parameters import units
from lms.psychometrics.items import ItemParameters
from lms.psychometrics.matrix import Matrix, Observation, Rules, matrices, matrix

DAYS_A_MONTH = 365.25 / 12


def matrix_of(person_id: int, as_of: datetime | None = None) -> Matrix:
    """The person's matrix from all evidence up to `as_of` (now when None), aged to that moment."""
    return matrices_of([person_id], as_of)[person_id]


def matrices_of(person_ids: Iterable[int], as_of: datetime | None = None) -> dict[int, Matrix]:
    """Many people's matrices in one pass: the number of queries doesn't grow with the people."""
    as_of = as_of or clock.now()
    seen: dict[int, list[Observation]] = {person: [] for person in person_ids}
    rows = _evidence(*seen, until=as_of)
    for row, observation in zip(rows, _observations(rows, as_of), strict=True):
        seen[row.person_id].append(observation)
    return dict(zip(seen, matrices([*seen.values()], skills(), rules()), strict=True))


def rescored(person_id: int, set_id: int | None, as_of: datetime | None = None) -> Matrix:
    """What the matrix would be if all evidence were scored with this one set (None: with the priors)."""
    as_of = as_of or clock.now()
    rows = _evidence(person_id)
    scored = units((row.revision_id for row in rows), set_id)
    return matrix([_observation(row, scored[row.revision_id], as_of) for row in rows if row.answered_at <= as_of],
                  skills(), rules())  # fmt: skip


def history(person_id: int) -> list[tuple[datetime, Matrix]]:
    """The matrix after every day on which evidence was added, oldest first."""
    rows = _evidence(person_id)
    scored = _units(rows)
    moments = list({row.answered_at.date(): row.answered_at for row in rows}.values())
    days = [
        [_observation(row, scored[row.parameter_set_id, row.revision_id], moment) for row in rows
         if row.answered_at <= moment] for moment in moments
    ]  # fmt: skip
    return list(zip(moments, matrices(days, skills(), rules()), strict=True))


def observations(person_id: int, as_of: datetime | None = None) -> list[Observation]:
    """The evidence as scored observations; `ref` is the Evidence row."""
    as_of = as_of or clock.now()
    return _observations(_evidence(person_id), as_of)


def rules() -> Rules:
    """Level rules with the ageing months of the published skill matrix."""
    spec = publishing.reference().matrix
    months = {key: float(sub["evidence_valid_months"]) for key, sub in spec.sub_competencies.items()}
    return Rules(valid_months=months)


def skills() -> dict[str, tuple[str, ...]]:
    """skill -> its sub-competencies, in the published order."""
    return dict(publishing.reference().matrix.skills)


def _evidence(*person_ids: int, until: datetime | None = None) -> Sequence[Evidence]:
    """Oldest first."""
    own = select(Evidence).where(Evidence.person_id.in_(person_ids))
    if until:
        own = own.where(Evidence.answered_at <= until)
    return db.session.scalars(own.order_by(Evidence.answered_at, Evidence.id)).all()


def _observations(rows: Sequence[Evidence], as_of: datetime) -> list[Observation]:
    known = [row for row in rows if row.answered_at <= as_of]
    scored = _units(known)
    return [_observation(row, scored[row.parameter_set_id, row.revision_id], as_of) for row in known]


def _observation(row: Evidence, unit: ItemParameters, as_of: datetime) -> Observation:
    age = (as_of - row.answered_at).days / DAYS_A_MONTH
    return Observation(
        row.sub, unit, row.category, row.kind, row.performance, row.human_raters, row.portfolio, age, row
    )


def _units(rows: Sequence[Evidence]) -> dict[tuple[int | None, int], ItemParameters]:
    """Parameters by (set, revision): evidence keeps the set that it was scored with."""
    scored: dict[tuple[int | None, int], ItemParameters] = {}
    for set_id in {row.parameter_set_id for row in rows}:
        found = units((row.revision_id for row in rows if row.parameter_set_id == set_id), set_id)
        scored |= {(set_id, revision): unit for revision, unit in found.items()}
    return scored
