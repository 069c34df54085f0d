"""The result in words: the decision that cost, what the next week changes, what to learn next."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import force_locale

from lms.lab import outcome, plan_words
from lms.lab.briefs import brief_of
from tests.lab import player


@pytest.fixture
def english(context: Flask) -> Iterator[None]:
    with force_locale("en"):
        yield


def test_a_loss_names_the_decision_and_what_would_have_cost_less(english: None) -> None:
    brief, forms = brief_of("tonir"), player.STEPS
    plan = plan_words.decisions(brief, {**forms[3], **forms[4]}, "en", 4)
    found = {"losses": [{"hour": 0.1, "topic": 0.2}, {"hour": 0.6, "topic": 0.14}]}
    told = outcome.losses(found, [{"hour": "Monday, 8:00", "topic": "Books"}, plan[1]], "en")
    assert [each.text.startswith(f"Post {post} lost") for each, post in zip(told, (2, 1), strict=True)] == [True] * 2
    assert plan[1]["hour"] in told[0].text
    assert "Books" in told[1].text
    assert len({each.advice for each in told}) == 2


def test_what_the_next_week_changes_is_said_post_by_post(english: None) -> None:
    first = plan_words.decisions(brief_of("tonir"), {**player.STEPS[3], **player.STEPS[4]}, "en", 4)
    assert plan_words.changes(first, first) == []
    later = [*first[:2], {**first[2], "hour": "Sunday, 20:00", "topic": "Other"}, {}]
    told = plan_words.changes(first, later)
    assert told == [f"Post 3: {first[2]['topic']} → Other; {first[2]['hour']} → Sunday, 20:00.", "Post 4 is left out."]
    assert plan_words.changes([{}], first[:1])[0].startswith("Post 1 is new")


def test_what_to_learn_next_are_the_weakest_courses_once_each() -> None:
    def step(number: int, share: float | None, course: str | None) -> outcome.StepResult:
        return outcome.StepResult(number, str(number), share, (), (course, course) if course else None)

    steps = [step(1, 0.5, "a"), step(2, 0.1, "b"), step(3, 0.2, "b"), step(4, None, "c"), step(5, 0.8, "d")]
    assert [each.number for each in outcome.lessons([*steps, step(6, 0.0, None), step(7, 0.7, "e")])] == [2, 1]
