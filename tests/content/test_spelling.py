"""Spelling: which forms are asked about, and what is said when nobody can be asked."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from lms.config import ROOT
from lms.content import spelling
from lms.content.prose import prose_of
from lms.content.spelling import ANALYSER, spelling_findings, unknown_words, words

SHIPPED = spelling.READ_WORDS


@dataclass(frozen=True)
class Piece:
    path: str
    line: int
    text: str


class Dictionary:
    """Stands in for the analyser: knows two words."""

    def analyze_words(self, form: str) -> list[SimpleNamespace]:
        return [SimpleNamespace(lemma=form if form in ("լսարան", "Երևան", "մեծ") else "")]


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty list of words that were read."""
    path = tmp_path / "read_words.txt"
    path.write_text("of no version\n")
    monkeypatch.setattr(spelling, "READ_WORDS", path)
    spelling.read_words.cache_clear()
    yield path
    spelling.read_words.cache_clear()


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


def test_words_that_were_read_are_not_asked_about_again(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, ANALYSER, None)
    kept.write_text("of no version\nլսառան\n")
    assert list(spelling_findings([Piece("a.md", 1, "Լսառան")], ())) == []
    assert len(list(spelling_findings([Piece("a.md", 1, "Լսառան լսառաններ")], ()))) == 1


def test_the_list_is_what_the_analyser_reads(dictionary: None, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spelling, "version", lambda name: "1")
    assert spelling.renew_words(["Լսարան ամենամեծ լսառան ինստա"], {"ինստա"}) == 2
    assert kept.read_text() == f"{ANALYSER} 1\nամենամեծ\nլսարան\n"


def test_the_list_is_of_the_locked_analyser() -> None:
    """Another analyser may know other words: `python -m lms.content --renew-words` asks it."""
    locked = re.search(r"^uniparser-eastern-armenian==(\S+)", (ROOT / "tests/requirements.txt").read_text(), re.M)
    assert locked and SHIPPED.read_text("utf-8").startswith(f"{ANALYSER} {locked[1]}\n")
