"""A level and the two ends of its interval are the same on HR's page, in the table and for another program."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms import evidence
from lms.api.order_results import _skill
from lms.psychometrics.matrix import Matrix
from lms.selection.comparison import ranked
from tests.cast import Cast
from tests.hiring.test_team import matrix
from tests.html import page
from tests.selection.world import campaign_of, finished_candidate, with_matrices

SignIn = Callable[[str], FlaskClient]


def capped(made: Matrix) -> Matrix:
    """Answers say more than the evidence allows: everything is held at level 2, and so were its ends once."""
    changes = {"level": 2, "cap": 2, "low_level": 2, "high_level": 2, "reasons": ("capped",)}
    return replace(made, cells={key: replace(cell, **changes) for key, cell in made.cells.items()})


def test_page_table_and_program_say_the_same_ends(
    app: Flask, cast: Cast, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        campaign = campaign_of(cast)
        candidate = finished_candidate(campaign, "Held")
        with_matrices(monkeypatch, {candidate.person_id: capped(matrix(1.2, 0.4))})
        program = _skill(ranked(campaign, [candidate])[0], next(iter(evidence.skills())))
        base, number = f"/campaigns/{campaign.id}", candidate.id
    hr = signed_in("hr")
    (row,) = csv.DictReader(hr.get(f"{base}/results.csv").text.lstrip("\ufeff").splitlines())
    level, low, high = (row[f"Platforms, {which}"] for which in ("level shown", "lowest level", "highest level"))
    shown = page(hr.get(f"{base}/candidates/{number}")).text("table.matrix tbody tr")
    assert f"{level} ({low}–{high}) capped" in shown and int(high) > 2
    assert program is not None and program["capped"]
    assert [program["level"], program["lowest_level"], program["highest_level"]] == [int(level), int(low), int(high)]
    assert "{} to {}".format(*program["interval"]) in shown
