"""What a person is being asked just now: pages that tell keys keep these shut until the test has ended."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from lms import publishing
from lms.assess.attempt import Attempt
from lms.assess.models import AttemptItem
from lms.content.model import Item
from lms.database import db
from lms.identity import other_accounts


@dataclass(frozen=True)
class OpenQuestions:
    """items: keys of the questions in the person's open attempts; pools: what these attempts draw their questions from.

    A whole pool counts, not only the part of it that an attempt asks: its items are variants of one another.
    """

    items: frozenset[str]
    pools: frozenset[str]

    def hold(self, item: Item) -> bool:
        """Whether the item stands in an open attempt, or could be drawn into one."""
        return item.id in self.items or item.pool in self.pools


def open_questions(person_id: int) -> OpenQuestions:
    """The questions of all attempts that the person has not ended, in whatever account of theirs."""
    second = other_accounts.beside()
    accounts = [person_id, *(() if second is None else db.session.scalars(second, {"person": person_id}))]
    attempts = db.session.scalars(
        select(Attempt).where(Attempt.person_id.in_(accounts), Attempt.submitted_at.is_(None))
    ).all()
    numbers = select(AttemptItem.revision_id).where(AttemptItem.attempt_id.in_([attempt.id for attempt in attempts]))
    revisions = {*db.session.scalars(numbers), *(revision for attempt in attempts for revision in attempt.bank or ())}
    pools = {attempt.specification.pool for attempt in attempts} - {""}
    return OpenQuestions(frozenset(publishing.item(revision).id for revision in revisions), frozenset(pools))
