"""What declaring an item void, or valid again, does to people: seen by doing it and taking it back.

Nothing is guessed: the act is done inside a savepoint, everything is computed as pages compute it, and the savepoint is
rolled back. So the preview cannot differ from the act.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select

from lms import evidence
from lms.assess import Attempt
from lms.assess.models import AttemptItem
from lms.competency import role_profiles
from lms.database import audit, db
from lms.evidence.models import Evidence
from lms.hiring.comparison import compare
from lms.identity.models import Person
from lms.learn.certificates import valid
from lms.learn.progress import Progress, progress_of
from lms.psychometrics.matrix import Matrix
from lms.publishing.models import Revision
from lms.publishing.publish import shipped_owner

ACTIONS = {True: "item_voided", False: "item_restored"}


@dataclass(frozen=True)
class Act:
    """revision_id: None for all revisions; created_by: a person's id, None for an operator's command."""

    organisation_id: int
    key: str
    revision_id: int | None
    is_void: bool
    reason: str
    created_by: int | None


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
    estimate differs; moved: those whose level does; checks: (person, module) passed by it or no more; certificates: of
    touched people, which stay as issued; ranked: people whose place in the comparison for the usual role differs."""

    people: Sequence[Person]
    attempts: int
    evidence: int
    shifted: int
    moved: Sequence[Moved]
    passed: Sequence[tuple[Person, str]]
    failed: Sequence[tuple[Person, str]]
    certificates: int
    ranked: int


@dataclass(frozen=True)
class _State:
    matrices: Mapping[int, Matrix]
    progress: Mapping[int, Progress]
    counting: int
    ranks: Mapping[int, tuple[int, int] | None]


def carry_out(act: Act) -> Effect:
    """Do it and note it in the trail; the caller commits. ValueError without a reason."""
    attempts, people = _attempts(act), _people(act)
    before = _state(act, people)
    evidence.add_void(act.organisation_id, act.key, act.revision_id, act.is_void, act.reason, act.created_by)
    after = _state(act, people)
    detail = {"item": ["", act.key], "reason": ["", act.reason]}
    audit.note(act.organisation_id, act.created_by, ACTIONS[act.is_void], act.organisation_id, **detail)
    return _effect(people, len(attempts), before, after)


def preview(act: Act) -> Effect:
    """What it would do; changes nothing."""
    with db.session.begin_nested() as trial:
        effect = carry_out(act)
        trial.rollback()
    return effect


def revisions(organisation_id: int, key: str) -> Sequence[Revision]:
    """All versions of an item that the organisation can have used, the newest first."""
    owners = (organisation_id, shipped_owner())
    found = select(Revision).where(Revision.kind == "item", Revision.key == key, Revision.organisation_id.in_(owners))
    return db.session.scalars(found.order_by(Revision.id.desc())).all()


def _asked(act: Act) -> Select[int]:
    """Ids of the organisation's ended attempts that asked the item."""
    wanted = [row.id for row in revisions(act.organisation_id, act.key) if act.revision_id in (None, row.id)]
    items = select(AttemptItem.attempt_id).where(AttemptItem.revision_id.in_(wanted))
    ended = Attempt.organisation_id == act.organisation_id, Attempt.submitted_at.is_not(None)
    return select(Attempt.id).where(*ended, Attempt.id.in_(items))


def _attempts(act: Act) -> Sequence[int]:
    return db.session.scalars(_asked(act)).all()


def _people(act: Act) -> Sequence[Person]:
    sat = select(Attempt.person_id).where(Attempt.id.in_(_asked(act)))
    ours = Person.organisation_id == act.organisation_id
    return db.session.scalars(select(Person).where(ours, Person.id.in_(sat)).order_by(Person.name, Person.id)).all()


def _state(act: Act, people: Sequence[Person]) -> _State:
    numbers = [person.id for person in people]
    counting = select(Evidence.id).where(
        Evidence.person_id.in_(numbers), Evidence.item_key == act.key, evidence.counts()
    )
    learners = [person for person in people if person.active and person.has_role("trainee")]
    framework = evidence.framework(act.organisation_id)
    usual = role_profiles(framework)[framework.role_or_usual(None)]
    return _State(
        evidence.matrices_of(numbers),
        {number: progress_of(number) for number in numbers},
        len(db.session.scalars(counting).all()),
        {row.person.id: row.ranks for row in compare(learners, usual)},
    )


def _effect(people: Sequence[Person], attempts: int, before: _State, after: _State) -> Effect:
    cells = [
        (person, old, after.matrices[person.id].cells[name])
        for person in people
        for name, old in before.matrices[person.id].cells.items()
    ]
    return Effect(
        people=people,
        attempts=attempts,
        evidence=abs(before.counting - after.counting),
        shifted=sum(old.theta != new.theta for _, old, new in cells),
        moved=[Moved(person, old.key, old.level, new.level) for person, old, new in cells if old.level != new.level],
        passed=_checks(people, after, before),
        failed=_checks(people, before, after),
        certificates=sum(len(db.session.scalars(valid(person.id)).all()) for person in people),
        ranked=sum(before.ranks[number] != after.ranks[number] for number in before.ranks),
    )


def _checks(people: Iterable[Person], there: _State, missing: _State) -> list[tuple[Person, str]]:
    """Checks that are passed in the one state and not in the other."""
    return [
        (person, name)
        for person in people
        for name, module in there.progress[person.id].modules.items()
        if module.check_at and not missing.progress[person.id].modules[name].check_at
    ]
