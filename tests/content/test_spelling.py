"""Spelling: which forms are asked about, and what is said when nobody can be asked."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace

import pytest

from lms.content.prose import prose_of
from lms.content.spelling import ANALYSER, spelling_findings, unknown_words, words


@dataclass(frozen=True)
class Piece:
    path: str
    line: int
    text: str


class Dictionary:
    """Stands in for the analyser: knows two words."""

    def analyze_words(self, form: str) -> list[SimpleNamespace]:
        return [SimpleNamespace(lemma=form if form in ("լսարան", "Երևան", "մեծ") else "")]


@pytest.fixture
def dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType(ANALYSER)
    module.EasternArmenianAnalyzer = Dictionary  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, ANALYSER, module)


def test_words_of_prose() -> None:
    assert words(prose_of("Ինչո՞ւ SMM-ի, 2-րդ, ԱԲ-ով՝ «Լսարան» `ծածկագիր` {{fact:x}} բիզնես-պլանով", "hy")) == {
        "ինչու",
        "լսարան",
        "բիզնես",
        "պլանով",
    }


def test_known_words_and_stems() -> None:
    assert unknown_words(["ինստագրամում լսարան ամենամեծ"], {"ինստագրամ*", "լսարան", "մեծ"}) == set()
    assert unknown_words(["ինստագրամում"], {"ինստագրամ"}) == {"ինստագրամում"}


def test_only_unknown_words_are_reported_at_their_first_line(dictionary: None) -> None:
    pieces = [Piece("a.md", 10, "Լսարան։\n\nերևան ամենամեծ լսառան"), Piece("b.md", 1, "լսառան")]
    (note,) = spelling_findings(pieces, ())
    assert (note.path, note.line, note.severity) == ("a.md", 12, "error") and "«լսառան»" in note.message
    assert list(spelling_findings(pieces, {"լսառան"})) == []


def test_a_missing_analyser_is_said_aloud(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, ANALYSER, None)
    (note,) = spelling_findings([Piece("a.md", 1, "լսառան")], ())
    assert note.severity == "warning" and "not installed" in note.message
