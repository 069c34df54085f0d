"""A person of whom something is known: a skill whose level a cap lowers, one that stands as it was measured, and one
of few answers, all wrong."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select

from lms import clock, evidence, publishing
from lms.content.model import Item
from lms.database import db
from lms.evidence.models import Evidence
from lms.evidence.parameter_models import ItemParameter, ParameterSet

CAPPED, FREE, ROUGH = "content", "analytics", "creativity"
ANSWERS = 12


def make_known(person_id: int) -> None:
    """Twelve answers in two skills and two in a third, with parameters of a set of their own, so that no cut moves the
    abilities."""
    number = db.session.scalar(select(func.max(ParameterSet.id))) or 0
    parameters = ParameterSet(name=f"known {number + 1}")
    db.session.add(parameters)
    db.session.flush()
    _answers(person_id, parameters.id, CAPPED, 1.2, lambda at: 1)
    _answers(person_id, parameters.id, FREE, -0.35, lambda at: at % 2)
    _answers(person_id, parameters.id, ROUGH, 0.0, lambda at: 0, 2)
    db.session.commit()


def _answers(
    person_id: int, set_id: int, skill: str, difficulty: float, mark: Callable[[int], int], count: int = ANSWERS
) -> None:
    judged_by = evidence.frameworks.judgement_of(person_id)
    for at, (revision, item) in enumerate(_items(skill)[:count]):
        db.session.add(
            ItemParameter(set_id=set_id, revision_id=revision, a=1.6, b=[difficulty], origin="calibrated", n=100)
        )
        db.session.add(
            Evidence(
                person_id=person_id, item_key=item.id, revision_id=revision, attempt_id=1, parameter_set_id=set_id,
                framework_revision_id=judged_by.framework_revision_id, edition_id=judged_by.edition_id, purpose="check",
                sub=item.sub, kind=item.type, category=mark(at), categories=2, answered_at=clock.now(),
            )
        )  # fmt: skip


def _items(skill: str) -> list[tuple[int, Item]]:
    return [(revision, item) for revision, item in publishing.items() if item.skill == skill][:ANSWERS]
