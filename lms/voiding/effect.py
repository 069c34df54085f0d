"""What declaring an item void, or valid again, does to people.

Everything is computed twice as the pages compute it: as it is, and supposing that it were said. That reads only, so a
preview over many people keeps nobody's answer waiting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Select, select

from lms import evidence
from lms.assess import Attempt
from lms.assess.models import AttemptItem, ItemMark
from lms.competency import role_profiles
from lms.database import audit, db
from lms.evidence import VoidVerdict
from lms.evidence.models import Evidence
from lms.hiring.comparison import compare
from lms.identity.models import Person
from lms.learn.finished_attempts import fair_credit
from lms.learn.models import Certificate
from lms.psychometrics.matrix import Matrix
from lms.publishing.models import Revision
from lms.publishing.publish import shipped_owner

ACTIONS = {True: "item_voided", False: "item_restored"}
Passed = frozenset[tuple[int, str]]  # person and what was tested


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
class _State:
    matrices: Mapping[int, Matrix]
    passed: Passed
    counting: int
    ranks: Mapping[int, tuple[int, int] | None]


def preview(verdict: VoidVerdict) -> Effect:
    """What it would do; reads only."""
    people, attempt_query = _people(verdict), _asked(verdict)
    before = _state(verdict, people)
    with evidence.supposing(verdict):
        after = _state(verdict, people)
    attempts = len(db.session.scalars(attempt_query).all())
    return _effect(people, attempts, before, after)


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


def _people(verdict: VoidVerdict) -> Sequence[Person]:
    sat = select(Attempt.person_id).where(Attempt.id.in_(_asked(verdict)))
    ours = Person.organisation_id == verdict.organisation_id
    return db.session.scalars(select(Person).where(ours, Person.id.in_(sat)).order_by(Person.name, Person.id)).all()


def _state(verdict: VoidVerdict, people: Sequence[Person]) -> _State:
    numbers = [person.id for person in people]
    mine = Evidence.person_id.in_(numbers), Evidence.item_key == verdict.key
    learners = [person for person in people if person.active and person.has_role("trainee")]
    framework = evidence.framework(verdict.organisation_id)
    usual = role_profiles(framework)[framework.role_or_usual(None)]
    return _State(
        evidence.matrices_of(numbers),
        _passed(verdict, people),
        len(db.session.scalars(select(Evidence.id).where(*mine, evidence.counts())).all()),
        {row.person.id: row.ranks for row in compare(learners, usual)},
    )


def _passed(verdict: VoidVerdict, people: Sequence[Person]) -> Passed:
    """Of the tests that asked the item, those with a pass mark that are passed."""
    void = evidence.voids_for(people[0].id) if people else frozenset()
    marks = db.session.execute(
        select(Attempt, AttemptItem.position, AttemptItem.revision_id, ItemMark.credit)
        .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
        .join(ItemMark, ItemMark.attempt_item_id == AttemptItem.id)
        .where(Attempt.organisation_id == verdict.organisation_id, Attempt.id.in_(_asked(verdict)))
        .order_by(Attempt.id)
    ).all()
    passed = set()
    for attempt, rows in groupby(marks, key=lambda row: row[0]):
        credits = {revision: credit for _, position, revision, credit in rows if not attempt.trial_at(position)}
        credit = fair_credit(list(credits.values()), [credits[item] for item in credits if item not in void])
        if attempt.specification.pass_mark is not None and attempt.specification.passed(credit):
            passed.add((attempt.person_id, attempt.subject))
    return frozenset(passed)


def _effect(people: Sequence[Person], attempts: int, before: _State, after: _State) -> Effect:
    cells = [
        (person, old, after.matrices[person.id].cells[name])
        for person in people
        for name, old in before.matrices[person.id].cells.items()
    ]
    issued = Certificate.person_id.in_([person.id for person in people]), Certificate.withdrawn_at.is_(None)
    return Effect(
        people=people,
        attempts=attempts,
        evidence=abs(before.counting - after.counting),
        shifted=sum(old.theta != new.theta for _, old, new in cells),
        moved=[Moved(person, old.key, old.level, new.level) for person, old, new in cells if old.level != new.level],
        passed=after.passed - before.passed,
        failed=before.passed - after.passed,
        certificates=len(db.session.scalars(select(Certificate.id).where(*issued)).all()),
        ranked=sum(before.ranks[number] != after.ranks[number] for number in before.ranks),
    )
