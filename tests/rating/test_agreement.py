"""Agreement of raters: known raters are found again, and few works say nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.rating.agreement import LEAST, LEAST_FOR_DRIFT, GivenRating, RaterFigures, figures
from lms.rating.agreement_views import sentences
from tests.cast import Cast
from tests.html import page as page_of

START = datetime(2026, 1, 5, tzinfo=UTC)
CRITERIA = ("a", "b", "c", "d", "e")


def rated(works: int, **bias: float) -> list[GivenRating]:
    """Ratings of as many works by each of the raters, who go so many points below the truth."""
    chance = np.random.Generator(np.random.PCG64(7))
    found = []
    for work in range(works):
        truth = chance.uniform(0.5, 2.5, len(CRITERIA))
        for number, below in enumerate(bias.values()):
            given = np.clip(np.rint(truth + chance.normal(0, 0.2, len(CRITERIA)) - below), 0, 3).astype(int)
            scores = dict(zip(CRITERIA, given.tolist(), strict=True))
            found.append(GivenRating(work, number, scores, START + timedelta(hours=work)))
    return found


def test_few_works_say_nothing() -> None:
    found = figures(rated(LEAST - 1, one=0, other=0))
    assert [(each.n, each.kappa, each.icc, each.severity, each.drift) for each in found] == [
        (LEAST - 1, None, None, None, None)
    ] * 2
    assert figures([]) == []


def test_raters_who_see_the_same_agree_and_a_severe_one_is_found() -> None:
    found = figures(rated(60, one=0, two=0, severe=0.5))
    assert found[0].kappa is not None
    assert found[0].kappa > 0.65
    assert found[0].icc is not None
    assert found[0].icc > 0.6
    assert found[2].severity is not None
    assert found[2].severity == pytest.approx(0.33, abs=0.1)
    assert all(abs(each.drift or 0) < 0.2 for each in found)


def test_a_rater_who_becomes_severe_drifts() -> None:
    early, late = rated(LEAST_FOR_DRIFT, one=0, other=0), rated(LEAST_FOR_DRIFT, one=0, other=1)
    moved = [GivenRating(each.work + 100, each.rater, each.scores, each.at + timedelta(days=90)) for each in late]
    found = figures(early + moved)
    assert found[1].drift is not None
    assert found[1].drift > 0.6


def test_raters_without_a_common_work_get_no_severity() -> None:
    first = rated(LEAST, one=0, other=0)
    apart = [GivenRating(each.work + 100, each.rater + 10, each.scores, each.at) for each in first]
    assert {each.severity for each in figures(first + apart)} == {None}


def test_raters_who_always_give_one_number_have_no_kappa() -> None:
    same = [GivenRating(work, rater, dict.fromkeys(CRITERIA, 2), START) for work in range(LEAST) for rater in range(2)]
    assert [each.kappa for each in figures(same)] == [None, None]


def test_the_page_says_it_in_words(app: Flask, cast: Cast, signed_in: Callable[[str], FlaskClient]) -> None:
    page = signed_in("instructor").get("/rating/agreement")
    assert "Nothing has been rated yet." in page.text
    with app.test_request_context(headers={"Accept-Language": "en"}):
        told = sentences(RaterFigures(1, 30, kappa=0.3, icc=0.8, severity=-0.4, drift=0.5))
        assert [word for word in ("little", "Milder", "stricter") if any(word in one for one in told)] == [
            "little",
            "Milder",
            "stricter",
        ]
        assert sentences(RaterFigures(1, 3)) == []
    assert signed_in("hr").get("/rating/agreement").status_code == 403


def test_the_menu_says_in_which_room_the_page_is(cast: Cast, signed_in: Callable[[str], FlaskClient]) -> None:
    """Under an address that ends with a slash too."""
    reply = signed_in("instructor").get("/rating/agreement")
    assert page_of(reply).has('nav a[href="/rating/"][aria-current="true"]')
