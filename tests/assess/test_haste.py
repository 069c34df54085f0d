"""Answers that came sooner than their questions can be read, by hand: fifty letters a second."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from lms.assess.haste import TimedAnswer, too_fast
from lms.assess.results import AttemptResult

START = datetime(2026, 11, 27, tzinfo=UTC)


def answers(*seconds: float) -> Sequence[TimedAnswer]:
    """To questions of 500 letters, ten seconds each."""
    return [TimedAnswer(place, 500, START + timedelta(seconds=at)) for place, at in enumerate(seconds, 1)]


def test_one_by_one_each_answer_is_held_against_the_one_before() -> None:
    assert too_fast(START, answers(9.9, 19.9, 24, 60), one_by_one=True) == {1, 3}
    assert too_fast(START, list(reversed(answers(9.9, 19.9, 24, 60))), one_by_one=True) == {1, 3}, (
        "by time, not by place"
    )


def test_a_page_of_questions_may_be_read_first_and_answered_at_once() -> None:
    assert too_fast(START, answers(39, 39.5, 39.8, 40), one_by_one=False) == frozenset()
    assert too_fast(START, answers(1, 2, 3, 39), one_by_one=False) == {1, 2, 3, 4}


def test_without_an_answer_there_was_no_haste() -> None:
    assert not too_fast(START, [], one_by_one=True) and not too_fast(START, [], one_by_one=False)


def test_a_third_of_the_answers_is_often() -> None:
    def often(hasty: int, answered: int) -> bool:
        return AttemptResult.often_hasty.fget(SimpleNamespace(hasty=set(range(hasty)), answered=answered))

    assert often(1, 3) and often(2, 6) and not often(1, 4) and not often(0, 0)
