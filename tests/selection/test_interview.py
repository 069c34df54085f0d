"""Interview sheets: each interviewer for themselves, evidence once, and no gate opened by talk."""

from __future__ import annotations

import pytest
from flask import Flask

from lms import evidence
from lms.database import db
from lms.selection import interview_sheet
from lms.selection.interview_sheet import close, save, sheet_of, unit_for
from tests.cast import Cast
from tests.selection.world import campaign_of, finished_candidate

SUB = "analytics.goals"
CUTS = (-1.5, -0.5, 0.5, 1.5, 2.5)


@pytest.mark.parametrize(
    ("required", "steps"), [(3, (-0.5, 0.5, 1.0, 1.5)), (1, (-2.5, -1.5, -1.0, -0.5)), (5, (1.5, 2.5, 3.0, 3.5))]
)
def test_steps_lie_where_the_anchors_levels_begin(required: int, steps: tuple[float, ...]) -> None:
    assert unit_for(required, CUTS).b == steps


def test_nobody_sees_another_score_before_giving_one(context: Flask, cast: Cast) -> None:
    candidate = finished_candidate(campaign_of(cast), "Ani")
    save(candidate, cast.hr, {SUB: (4, "named the target and its date")})
    db.session.flush()
    assert sheet_of(candidate, cast.administrator).others == {}
    save(candidate, cast.administrator, {SUB: (2, "no number")})
    db.session.flush()
    assert [row.score for row in sheet_of(candidate, cast.administrator).others[SUB]] == [4]


def test_closing_makes_the_means_evidence_once_and_opens_no_gate(context: Flask, cast: Cast) -> None:
    candidate = finished_candidate(campaign_of(cast), "Ani")
    save(candidate, cast.hr, {SUB: (5, ""), "content.copy": (3, "")})
    save(candidate, cast.administrator, {SUB: (4, "")})
    db.session.flush()
    before = evidence.matrix_of(candidate.person_id).cells[SUB]
    assert close(candidate, {SUB: 3, "content.copy": 3}, CUTS) == 2
    db.session.flush()
    after = evidence.matrix_of(candidate.person_id).cells[SUB]
    assert (before.n, after.n) == (0, 1) and after.theta > before.theta
    assert (after.cap or 0) < 3
    assert close(candidate, {SUB: 3}, CUTS) == 0
    assert sheet_of(candidate, cast.hr).closed
    with pytest.raises(ValueError, match="closed"):
        save(candidate, cast.hr, {SUB: (1, "")})


def test_a_score_outside_the_scale_is_refused_and_nothing_is_kept(context: Flask, cast: Cast) -> None:
    candidate = finished_candidate(campaign_of(cast), "Ani")
    with pytest.raises(ValueError, match=SUB):
        save(candidate, cast.hr, {"content.copy": (3, ""), SUB: (6, "")})
    assert not sheet_of(candidate, cast.hr).own_scores
    assert interview_sheet.is_closed(candidate) is False
