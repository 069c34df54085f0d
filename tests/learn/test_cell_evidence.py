"""What a cell of the matrix rests on and what it lacks, as its page says it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from lms import evidence
from lms.learn.cell_evidence import first_words
from tests.assess.forms import SignIn
from tests.hiring.test_team import matrix
from tests.html import page


@pytest.mark.parametrize(
    ("stem", "words"),
    [
        (
            "Reach was **{reach}**, see `ER` and [the note](module:C1.1#er).\n\n| a | b |",
            "Reach was …, see and the note.",
        ),
        ("Until {{fact:x.limit}} signs,\na caption stands whole.", "Until … signs, a caption stands whole."),
        ("A *good* hook | a bad one", "A good hook | a bad one"),
    ],
)
def test_a_question_is_named_by_its_first_paragraph(stem: str, words: str) -> None:
    assert first_words(stem, "en") == words


def test_what_a_gate_asks_is_said_of_its_own_level(
    app: Flask, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers of many kinds, nearly all wrong: level 0, and the first closed gate is that of level 4."""
    with app.app_context():
        low = matrix(-3.0, 0.2)
    cells = {key: replace(cell, cap=3, missing=(("human", 1),)) for key, cell in low.cells.items()}
    monkeypatch.setattr(evidence, "matrix_of", lambda *_: replace(low, cells=cells))
    told = page(signed_in("trainee").get("/matrix/platforms")).text()
    assert "For level 4 there must also be: work rated by a person: 1" in told
    assert "±" not in told, "beside an interval that the scale's end cuts off, half its width says something else"


def test_a_role_that_is_open_with_all_skills_known_says_what_is_open(
    app: Flask, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        edge = matrix(0.5, 0.3)
    monkeypatch.setattr(evidence, "matrix_of", lambda *_: edge)
    told = page(signed_in("trainee").get("/matrix")).text("#role")
    assert "some of its requirements are still open" in told and "6 of the 6" not in told
