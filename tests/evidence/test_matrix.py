"""The matrix of a person: from evidence alone, as of a date, aged, and with its history."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from lms import clock, evidence
from lms.assess import Attempt
from lms.database import db
from tests.assess.small import TAB, begin, right, wrong
from tests.cast import Cast

pytestmark = pytest.mark.both_engines


def sit(cast: Cast, name: str, well: bool, subject: str = "C1.1", *keys: str) -> Attempt:
    attempt = begin(cast.person(name), *(keys or ("one", "seven", "eight")), subject=subject)
    for position in range(1, len(attempt.items) + 1):
        form = right(attempt, position) if well else wrong(attempt, position)
        attempt.answer(position, form, attempt.last_seq() + 1, f"key-{subject}-{position:03}", TAB)
    attempt.finish()
    db.session.commit()
    return attempt


def test_answers_move_the_cell_of_their_own_skill_only(context: Flask, cast: Cast) -> None:
    sit(cast, "trainee", True)
    sit(cast, "candidate", False)
    good, poor = (evidence.matrix_of(cast.ids[name]).cells for name in ("trainee", "candidate"))
    assert good["content"].theta > 0 > poor["content"].theta
    assert good["content.copy"].n == good["content"].n == 3
    assert good["platforms"].reasons == ("not_assessed",)
    assert [seen.ref.item_key for seen in evidence.observations(cast.trainee)] == ["one", "seven", "eight"]


def test_the_matrix_of_an_earlier_day_knows_nothing_of_later_ones(context: Flask, cast: Cast) -> None:
    sit(cast, "trainee", True, "C1.1", "one", "seven")
    first_day = clock.now()
    clock.shift(timedelta(days=40))
    sit(cast, "trainee", False, "C1.2", "eight")
    then, now = (evidence.matrix_of(cast.trainee, moment).cells["content"] for moment in (first_day, None))
    assert (then.n, now.n) == (2, 3)
    days = evidence.history(cast.trainee)
    assert [matrix.cells["content"].n for _, matrix in days] == [2, 3]
    assert days[0][0] < days[1][0]


def test_evidence_fades(context: Flask, cast: Cast) -> None:
    sit(cast, "trainee", True)
    fresh = evidence.matrix_of(cast.trainee).cells["content"]
    old = evidence.matrix_of(cast.trainee, clock.now() + timedelta(days=3 * 365)).cells["content"]
    assert old.sd > fresh.sd
    assert 0 < old.theta < fresh.theta


def test_an_edited_question_that_was_seen_is_not_new(context: Flask, cast: Cast) -> None:
    evidence.mark_seen(cast.trainee, ["one", "seven"], "embedded")
    evidence.mark_seen(cast.trainee, "one", "review")
    sit(cast, "trainee", True)
    assert evidence.matrix_of(cast.trainee).cells["content"].n == 1
    assert evidence.seen_keys(cast.trainee) == {"one", "seven", "eight"}
