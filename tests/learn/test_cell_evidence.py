"""What a cell of the matrix rests on, as its page lists it."""

from __future__ import annotations

import pytest

from lms.learn.cell_evidence import first_words


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
