"""Putting questions before a person: a whole sheet at the start, or one question after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lms.assess import adaptive
from lms.assess.attempt import Attempt
from lms.assess.models import Response


def deliver(attempt: Attempt, revision_ids: Sequence[int]) -> None:
    """Begin a new attempt over these revisions: the sheet, or the first question of the bank that they are."""
    if attempt.specification.revisit:
        attempt.append(*revision_ids)
    else:
        _go_on(attempt, {})


def advance(attempt: Attempt, position: int) -> None:
    """Where questions come one by one: put the next one once the answer to the last stands, or end the attempt; else do
    nothing."""
    one_by_one = not attempt.specification.revisit and attempt.submitted_at is None
    if one_by_one and position == len(attempt.items):
        answers = attempt.current_answers()
        if position in answers:
            _go_on(attempt, answers)


def _go_on(attempt: Attempt, answers: Mapping[int, Response]) -> None:
    trial = attempt.trial_at(len(attempt.items) + 1) if attempt.adaptive else None
    revision_id = trial or (adaptive.next_revision(attempt, answers) if attempt.adaptive else _next_in_order(attempt))
    if revision_id is None:
        attempt.finish(complete=True)
    else:
        attempt.append(revision_id)


def _next_in_order(attempt: Attempt) -> int | None:
    return next(iter((attempt.bank or [])[len(attempt.items) :]), None)
