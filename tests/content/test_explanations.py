"""What a person reads after answering: the right answer, their own, and the author's words."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest

from lms.content import Reference
from lms.content import questions as q
from lms.content.questions.judgement import LEAST, MOST
from lms.content.text import LANGUAGES
from tests.content.instances import instance, letter, right_form
from tests.content.samples import item, one


def test_an_explanation_of_an_order_shows_it_as_the_person_put_it(reference: Reference) -> None:
    entry = item("ordering")
    drawn = instance(entry, reference)
    told = q.explain(entry, drawn, {letter(drawn, index): 5 - index for index in range(5)}, "en")
    steps = [part.text for part in entry.text("en").parts]
    assert [part.label_html for part in told.parts] == [f"{n}. {text}" for n, text in enumerate(reversed(steps), 1)]
    assert [part.right for part in told.parts] == [False, False, True, False, False]
    assert [told.correct_html.index(text) for text in steps] == sorted(told.correct_html.index(text) for text in steps)


@pytest.mark.parametrize(("kind", "side"), [("matching", "rights"), ("categorising", "groups")])
def test_an_explanation_of_pairs_shows_what_the_person_chose_and_not_the_key(
    reference: Reference, kind: str, side: str
) -> None:
    entry = item(kind)
    drawn = instance(entry, reference)
    right = q.read_form(entry, drawn, right_form(entry, drawn))
    first, *others = sorted(set(right.values()))
    turned = {left: others[0] if chosen == first else first for left, chosen in right.items()}
    told, key = q.explain(entry, drawn, turned, "en"), q.explain(entry, drawn, right, "en")
    for shown, true in zip(told.parts, key.parts, strict=True):
        assert shown.chosen and not shown.right and true.right
        assert "→" in shown.label_html and shown.label_html != true.label_html
        assert true.label_html in told.correct_html
    assert "→" not in q.explain(entry, drawn, None, "en").parts[0].label_html


def test_a_judgement_turned_round_is_shown_as_wrong(reference: Reference) -> None:
    entry = item("judgement")
    drawn = instance(entry, reference)
    told = q.explain(entry, drawn, {"best": letter(drawn, 3), "worst": letter(drawn, 0)}, "en").parts
    assert [part.right for part in told if part.chosen] == [False, False]
    assert sum(part.label_html.startswith(("Most", "Least")) for part in told) == 2


def test_a_callout_at_the_end_belongs_to_the_stem_and_a_quote_is_the_explanation() -> None:
    text = "First [[=a|b|c]].\n\n> [!NOTE] Mind the unit\n> It is per cent."
    bare, explained = one(text, text, "cloze"), one(f"{text}\n\n> Because.", f"{text}\n\n> Because.", "cloze")
    for language in ("hy", "en"):
        assert bare.text(language).general == ""
        assert bare.text(language).stem == text
        assert explained.text(language).general == "Because."
        assert explained.text(language).stem == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_best_and_the_worst_are_not_alike(language: str) -> None:
    """In Armenian they once differed by two letters of eighteen."""
    best, worst = MOST.get(language).lower(), LEAST.get(language).lower()
    assert SequenceMatcher(None, best, worst).ratio() < 0.9
