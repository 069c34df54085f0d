"""How items fared: numbers of first answers and shares of the credit, for those who write them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Float, cast, func, select

from lms.db import db
from lms.people.models import Person
from lms.record.models import Evidence


@dataclass(frozen=True)
class Fared:
    """n: people who answered; p: mean share of the highest category reached, 0..1 (classical difficulty)."""

    n: int
    p: float


def fared(organisation_id: int) -> dict[str, Fared]:
    """By item key, over the first answers of one organisation's people; items nobody answered are absent."""
    reached = cast(Evidence.category, Float) / cast(Evidence.categories - 1, Float)
    rows = db.session.execute(
        select(Evidence.item_key, func.count(), func.avg(reached))
        .join(Person, Person.id == Evidence.person_id)
        .where(Person.organisation_id == organisation_id)
        .group_by(Evidence.item_key)
    )
    return {key: Fared(n, float(p)) for key, n, p in rows}
