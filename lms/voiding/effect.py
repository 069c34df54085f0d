"""What declaring an item void, or valid again, does to people.

Everything is computed twice as the pages compute it: as it is, and supposing that it were said. That reads only, so a
preview over many people keeps nobody's answer waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from sqlalchemy import Select, func, select

from lms import evidence
from lms.assess import Attempt
from lms.assess.models import AttemptItem, ItemMark
from lms.competency import role_profiles
from lms.database import audit, db
from lms.evidence import VoidVerdict
from lms.evidence.models import Evidence
from lms.hiring.comparison import AgainstRole, hold
from lms.identity.models import Person
from lms.learn.finished_attempts import fair_credit
from lms.learn.models import Certificate
from lms.psychometrics.ranking import rank_ranges
from lms.publishing.models import Revision
from lms.publishing.publish import shipped_owner

ACTIONS = {True: "item_voided", False: "item_restored"}
AT_ONCE = 200  # people whose matrices are held: everybody may have sat the item
Passed = frozenset[tuple[int, str]]  # person and what was tested
Interval = tuple[float, float]
Figures = TypeVar("Figures")


@dataclass(frozen=True)
class Moved:
    """A cell of one person whose level differs."""

    person: Person
    cell: str
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Effect:
    """attempts: ended tests that asked the item; evidence: rows that cease or begin to count; shifted: cells whose
    estimate differs; moved: those whose level does; passed, failed: checks that become so; certificates: of touched
    people, which stay as issued; ranked: people whose place in the comparison for the usual role differs."""

    people: Sequence[Person]
    attempts: int
    evidence: int
    shifted: int
    moved: Sequence[Moved]
    passed: Passed
    failed: Passed
    certificates: int
    ranked: int


@dataclass(frozen=True)
class _Change:
    """Of one person; intervals: for the usual role before and after, None for whom no comparison ranks."""

    person: Person
    shifted: int
    moved: Sequence[Moved]
    intervals: tuple[Interval | None, Interval | None]


def preview(verdict: VoidVerdict) -> Effect:
    """What it would do; reads only."""
    people = _people(verdict)
    changes = [
        change for at in range(0, len(people), AT_ONCE) for change in _changes(verdict, people[at : at + AT_ONCE])
    ]
    counting = _both(verdict, lambda: _count(_evidence(verdict)))
    passed = _both(verdict, lambda: _passed(verdict, people))
    ranks = [
        rank_ranges({each.person.id: ends for each in changes if (ends := each.intervals[side])}) for side in (0, 1)
    ]
    return Effect(
        people=people,
        attempts=_count(_asked(verdict)),
        evidence=abs(counting[0] - counting[1]),
        shifted=sum(change.shifted for change in changes),
        moved=[moved for change in changes for moved in change.moved],
        passed=passed[1] - passed[0],
        failed=passed[0] - passed[1],
        certificates=_count(_certificates(verdict)),
        ranked=sum(ranks[0].get(person.id) != ranks[1].get(person.id) for person in people),
    )


def _both(verdict: VoidVerdict, look: Callable[[], Figures]) -> tuple[Figures, Figures]:
    """As it is, and supposing that it were said."""
    before = look()
    with evidence.supposing(verdict):
        return before, look()


def carry_out(verdict: VoidVerdict, reason: str, created_by: int | None) -> None:
    """Say it and note it in the trail; the caller commits. ValueError without a reason."""
    evidence.add_void(verdict, reason, created_by)
    detail = {"item": ["", verdict.key], "reason": ["", reason]}
    organisation = verdict.organisation_id
    audit.append_entry(organisation, created_by, ACTIONS[verdict.is_void], organisation, **detail)


def revisions(organisation_id: int, key: str) -> Sequence[Revision]:
    """All versions of an item that the organisation can have used, the newest first."""
    owners = (organisation_id, shipped_owner())
    of_question = select(Revision).where(
        Revision.kind == "item", Revision.key == key, Revision.organisation_id.in_(owners)
    )
    return db.session.scalars(of_question.order_by(Revision.id.desc())).all()


def _asked(verdict: VoidVerdict) -> Select[int]:
    """Ids of the organisation's ended attempts that asked the item."""
    versions = revisions(verdict.organisation_id, verdict.key)
    meant = [row.id for row in versions if verdict.revision_id in (None, row.id)]
    items = select(AttemptItem.attempt_id).where(AttemptItem.revision_id.in_(meant))
    ended = Attempt.organisation_id == verdict.organisation_id, Attempt.submitted_at.is_not(None)
    return select(Attempt.id).where(*ended, Attempt.id.in_(items))


def _sat(verdict: VoidVerdict) -> Select[int]:
    return select(Attempt.person_id).where(Attempt.id.in_(_asked(verdict)))


def _people(verdict: VoidVerdict) -> Sequence[Person]:
    theirs = Person.organisation_id == verdict.organisation_id, Person.id.in_(_sat(verdict))
    return db.session.scalars(select(Person).where(*theirs).order_by(Person.name, Person.id)).all()


def _evidence(verdict: VoidVerdict) -> Select[int]:
    theirs = Evidence.person_id.in_(_sat(verdict)), Evidence.item_key == verdict.key
    return select(Evidence.id).where(*theirs, evidence.counts())


def _certificates(verdict: VoidVerdict) -> Select[int]:
    return select(Certificate.id).where(Certificate.person_id.in_(_sat(verdict)), Certificate.withdrawn_at.is_(None))


def _count(rows: Select[int]) -> int:
    return db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0


def _changes(verdict: VoidVerdict, people: Sequence[Person]) -> list[_Change]:
    framework = evidence.framework(verdict.organisation_id)
    usual = role_profiles(framework)[framework.role_or_usual(None)]
    before, after = _both(verdict, lambda: hold([person.id for person in people], usual))
    return [_change(person, before[person.id], after[person.id]) for person in people]


def _change(person: Person, before: AgainstRole, after: AgainstRole) -> _Change:
    cells = [(old, after.matrix.cells[key]) for key, old in before.matrix.cells.items()]
    moved = [Moved(person, old.key, old.level, new.level) for old, new in cells if old.level != new.level]
    intervals = _interval(person, before), _interval(person, after)
    return _Change(person, sum(old.theta != new.theta for old, new in cells), moved, intervals)


def _interval(person: Person, standing: AgainstRole) -> Interval | None:
    compared = person.active and person.has_role("trainee") and standing.is_ranked
    return (standing.gap.low, standing.gap.high) if compared else None


def _passed(verdict: VoidVerdict, people: Sequence[Person]) -> Passed:
    """Of the tests that asked the item, those with a pass mark that are passed."""
    void = evidence.voids_for(people[0].id) if people else frozenset()
    marks = db.session.execute(
        select(Attempt, AttemptItem.position, AttemptItem.revision_id, ItemMark.credit)
        .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
        .join(ItemMark, ItemMark.attempt_item_id == AttemptItem.id)
        .where(Attempt.organisation_id == verdict.organisation_id, Attempt.id.in_(_asked(verdict)))
        .order_by(Attempt.id),
        execution_options={"yield_per": AT_ONCE},
    )
    passed = set()
    for attempt, rows in groupby(marks, key=lambda row: row[0]):
        credits = {revision: credit for _, position, revision, credit in rows if not attempt.trial_at(position)}
        credit = fair_credit(list(credits.values()), [credits[item] for item in credits if item not in void])
        if attempt.specification.pass_mark is not None and attempt.specification.passed(credit):
            passed.add((attempt.person_id, attempt.subject))
    return frozenset(passed)
