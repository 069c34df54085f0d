"""Evidence of work samples: what a run showed of each sub-competency, as scoring units with parameters of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, delete, select

from lms.database import UTCDateTime, db
from lms.evidence.models import WorkEvidence
from lms.evidence.outdated_sums import note_change
from lms.psychometrics.evidence import Observation
from lms.psychometrics.items import ItemParameters

PERIOD = timedelta(days=90)  # in which only the first whole run of a work is evidence
DAYS_A_MONTH = 365.25 / 12
LAST = datetime(9999, 1, 1, tzinfo=UTC)  # after every answer
_ROWS = (  # every page asks for it, so it is built once
    select(WorkEvidence)
    .where(
        WorkEvidence.person_id.in_(bindparam("people", expanding=True)),
        WorkEvidence.answered_at <= bindparam("until", type_=UTCDateTime()),
    )
    .order_by(WorkEvidence.answered_at, WorkEvidence.id)
)


@dataclass(frozen=True)
class WorkShown:
    """What one run is worth as evidence. work, work_id, kind, performance, human_raters, portfolio: see `WorkEvidence`;
    unit: parameters of each of its units; at: when it was done."""

    work: str
    work_id: int
    kind: str
    unit: ItemParameters
    at: datetime
    performance: bool = True
    human_raters: int = 0
    portfolio: bool = False

    def row(self, person_id: int, sub: str, category: int) -> WorkEvidence:
        unit = {"a": self.unit.a, "b": list(self.unit.b), "sd_b": self.unit.sd_b}
        opens = {"performance": self.performance, "human_raters": self.human_raters, "portfolio": self.portfolio}
        run = {"work": self.work, "work_id": self.work_id, "kind": self.kind, "answered_at": self.at}
        return WorkEvidence(person_id=person_id, sub=sub, category=category, **run, **unit, **opens)


def record_work(person_id: int, shown: WorkShown, units: Mapping[str, int]) -> int:
    """Keep what a run showed and return how many units those are; 0 where an earlier run of the period is evidence
    already. units: sub-competency -> category."""
    if counted_since(person_id, shown.work, shown.at - PERIOD):
        return 0
    db.session.add_all(shown.row(person_id, sub, category) for sub, category in units.items())
    note_change(person_id)
    return len(units)


def withdraw_work(person_id: int, work: str, work_id: int) -> None:
    """Take back the evidence of a run whose end did not hold."""
    of_run = WorkEvidence.person_id == person_id, WorkEvidence.work == work, WorkEvidence.work_id == work_id
    db.session.execute(delete(WorkEvidence).where(*of_run))
    note_change(person_id)


def counted_since(person_id: int, work: str, since: datetime) -> bool:
    """Whether a run of this work is evidence since then."""
    rows = select(WorkEvidence.id).where(
        WorkEvidence.person_id == person_id, WorkEvidence.work == work, WorkEvidence.answered_at > since
    )
    return db.session.scalar(rows.limit(1)) is not None


def counts_as_evidence(person_id: int, work: str, work_id: int) -> bool:
    """Whether this very run is evidence."""
    rows = select(WorkEvidence.id).where(
        WorkEvidence.person_id == person_id, WorkEvidence.work == work, WorkEvidence.work_id == work_id
    )
    return db.session.scalar(rows.limit(1)) is not None


def work_rows(person_ids: Iterable[int], until: datetime | None = None) -> Sequence[WorkEvidence]:
    """Oldest first."""
    return db.session.scalars(_ROWS, {"people": list(person_ids), "until": until or LAST}).all()


def work_observations(rows: Iterable[WorkEvidence], moment: datetime, places: frozenset[str]) -> list[Observation]:
    """Those up to the moment that today's matrix can place, aged to the moment; `ref` is the row."""
    return [_observation(row, moment) for row in rows if row.answered_at <= moment and row.sub in places]


def _observation(row: WorkEvidence, moment: datetime) -> Observation:
    unit = ItemParameters(row.a, tuple(row.b), 0.0, row.sd_b, f"{row.work} {row.sub}")
    age = (moment.date() - row.answered_at.date()).days / DAYS_A_MONTH
    gates = row.performance, row.human_raters, row.portfolio
    return Observation(row.sub, unit, row.category, row.kind, *gates, age, f"{row.work} {row.work_id}", row)
