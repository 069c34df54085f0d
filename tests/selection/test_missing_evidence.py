"""What would decide a candidate: the evidence that the gates still ask for, no more, and nothing once decided."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from lms.campaigns.further_work import MOST
from lms.campaigns.offered_works import offered_works
from lms.hiring.comparison import AgainstRole
from lms.psychometrics.profile import RoleProfile, role_gap
from lms.selection.missing_evidence import missing
from lms.selection.norms import place
from tests.hiring.test_team import matrix
from tests.selection.world import short_of_evidence

ROLE = RoleProfile({"communication": 3}, {"communication": 100.0}, {"communication.reviews": 3})


def held(theta: float = 0.9, sd: float = 0.4) -> AgainstRole:
    made = short_of_evidence(matrix(theta, sd))
    return AgainstRole(made, role_gap(made, ROLE))


def test_a_gate_that_asks_for_work_names_the_work_and_the_questions_that_are_short(context: Flask) -> None:
    one = held()
    assert one.gap.outcome == "inconclusive" and one.gap.open
    found = missing(one, ROLE, ())
    assert found and "communication.reviews" in found.keys and not found.near_the_line
    works = [offered_works()[code] for code in found.request.works]
    assert works and all(not work.by_people for work in works), "people rate only where the level asks for it"
    assert any(work.shows("communication.reviews") for work in works)
    assert 0 < sum(found.request.questions.values()) <= MOST
    given = {code for code, work in offered_works().items() if work.shows("communication")}
    again = missing(one, ROLE, given)
    assert again and not set(again.request.works) & given and "communication.reviews" in again.left


def test_nothing_is_asked_where_the_figures_have_decided(context: Flask) -> None:
    assert missing(held(-3.0, 0.1), ROLE, ()) is None
    one = held()
    near = replace(one, gap=replace(one.gap, open=(), thin=()))
    found = missing(near, ROLE, ())
    assert found and found.near_the_line and found.request.questions == {"communication": 2}


@pytest.mark.parametrize(
    ("low", "high", "expected"), [(-9.0, 9.0, (0, 100)), (0.45, 0.55, (50, 60)), (9.0, 9.5, (100, 100))]
)
def test_a_place_in_a_group_is_an_interval(low: float, high: float, expected: tuple[int, int]) -> None:
    assert place([number / 10 for number in range(10)], low, high) == expected
