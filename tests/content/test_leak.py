"""Nothing of the key reaches a page before the end (threat T1)."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from lms.content import Item, Library, Reference
from lms.content import questions as q
from tests.content.samples import item, one

CANARY = "ԴԵՂՁԱՆԻԿ"


def page(entry: Item, drawn: dict[str, Any], language: str = "hy") -> str:
    return json.dumps(dataclasses.asdict(q.deliver(entry, drawn, language)), ensure_ascii=False)


def test_delivered_items_have_no_room_for_a_key() -> None:
    allowed = {"id", "type", "stem_html", "stimulus_html", "instruction", "fields"}
    assert {field.name for field in dataclasses.fields(q.DeliveredItem)} == allowed
    assert {field.name for field in dataclasses.fields(q.Field)} == {"name", "kind", "label_html", "options", "hint"}


CANARIES = {
    "single": f"Հարց\n\n- [x] ա\n  > {CANARY}\n- [ ] բ\n  > {CANARY}\n- [ ] գ\n  > {CANARY}\n\n> {CANARY}",
    "multiple": f"Հարց\n\n- [x] ա\n  > {CANARY}\n- [x] բ\n  > {CANARY}\n- [ ] գ\n  > {CANARY}\n\n> {CANARY}",
    "ordering": f"Հարց\n\n1. ա\n  > {CANARY}\n2. բ\n3. գ\n\n> {CANARY}",
    "matching": f"Հարց\n\n- ա => 1\n  > {CANARY}\n- բ => 2\n- գ => 3\n\n> {CANARY}",
    "short": f"Հարց\n\n- = {CANARY}\n  > {CANARY}\n- ~ {CANARY}ներ\n  > {CANARY}\n\n> {CANARY}",
    "cloze": f"Հարց [[={CANARY}]] և [[=ա|բ]]\n\n- 1: {CANARY}\n\n> {CANARY}",
    "judgement": "Հարց\n\n" + "\n".join(f"- ({r}) {r[0]}\n  > {CANARY}" for r in ("4.93", "2.17", "3", "1.71")),
    "categorising": f"Հարց\n\n#### Մեկ\n- ա\n  > {CANARY}\n- բ\n#### Երկու\n- գ\n- դ\n\n> {CANARY}",
}


@pytest.mark.parametrize("kind", CANARIES)
def test_canaries_stay_home(reference: Reference, kind: str) -> None:
    entry = one(CANARIES[kind], CANARIES[kind], kind)
    drawn = q.new_instance(entry, 1, reference)
    assert CANARY not in page(entry, drawn)
    assert not any(rating in page(entry, drawn) for rating in ("4.93", "2.17", "1.71"))
    assert CANARY in json.dumps(dataclasses.asdict(q.explain(entry, drawn, None, "hy")), ensure_ascii=False)


def test_numeric_pages_show_inputs_and_no_result(reference: Reference) -> None:
    entry = item("numeric")
    for seed in range(20):
        drawn = {**q.new_instance(entry, seed, reference), "answer": 77.7731, "wrong": {"likes_only": 88.8841}}
        assert not any(
            text in page(entry, drawn, lang)
            for lang in ("hy", "en")
            for text in ("77,77", "77.77", "88,88", "88.88", "likes_only")
        )


def test_two_items_that_differ_only_in_their_key_deliver_the_same(reference: Reference) -> None:
    keys = ["x  ", " x ", "  x"]
    pages = set()
    for marks in keys:
        text = "Հարց\n\n" + "\n".join(f"- [{m}] {t}\n  > ֆ" for m, t in zip(marks, "աբգ", strict=True))
        entry = one(text, text)
        pages.add(page(entry, q.new_instance(entry, 5, reference)))
    assert len(pages) == 1
    rated = set()
    for ratings in (("5", "4", "3", "1"), ("1", "3", "4", "5")):
        text = "Հարց\n\n" + "\n".join(f"- ({r}) {t}\n  > ֆ" for r, t in zip(ratings, "աբգդ", strict=True))
        entry = one(text, text, "judgement")
        rated.add(page(entry, q.new_instance(entry, 5, reference)))
    assert len(rated) == 1


@pytest.mark.parametrize("kind", ["single", "multiple", "judgement", "ordering", "matching", "categorising", "cloze"])
def test_letters_say_nothing(reference: Reference, kind: str) -> None:
    """Over many instances every letter carries the right answer about equally often."""
    entry = item(kind)
    counts: dict[str, int] = {}
    runs = 600
    for seed in range(runs):
        drawn = q.new_instance(entry, seed, reference)
        order = drawn.get("order") or drawn.get("rights") or drawn["gaps"][0]
        counts[str(order.index(0))] = counts.get(str(order.index(0)), 0) + 1
    expected = runs / len(order)
    assert len(counts) == len(order)
    assert all(0.7 * expected < count < 1.3 * expected for count in counts.values())


def test_shuffle_false_keeps_the_authors_order(reference: Reference) -> None:
    entry = item("single", more="shuffle: false\n")
    assert all(q.new_instance(entry, seed, reference)["order"] == [0, 1, 2, 3] for seed in range(20))


def test_no_shipped_item_shows_its_feedback(shipped: Library) -> None:
    """Long feedback and explanations of real items occur nowhere in what is delivered."""
    for entry in (entry for entry in shipped.items.values() if entry.answerable):
        drawn = q.new_instance(entry, 11, shipped.reference)
        for language, text in entry.languages.items():
            shown = page(entry, drawn, language)
            secrets = [text.general, *(part.feedback for part in text.parts)]
            if entry.type in ("numeric", "cloze"):
                secrets += [part.text for part in text.parts]
            assert not [secret for secret in secrets if len(secret) > 25 and secret in shown], entry.id
