"""Numbers: what is right, nearly right and a named wrong result; what is drawn, shown and typed."""

from __future__ import annotations

import json
from html import unescape
from itertools import pairwise
from typing import Any

from lms.content import Item, Library, Reference
from lms.content import questions as q
from lms.content.questions.numeric import unit_text
from lms.formats import format_number
from tests.content.instances import instance
from tests.content.samples import item


def test_numeric_truth_table(reference: Reference) -> None:
    entry = item("numeric")
    drawn = {**instance(entry, reference), "answer": 4.256, "wrong": {"likes_only": 3.4, "not_percent": 0.04256}}
    full = ["4,26", "4.26", "4.256", " 4,26 %", "4,25", "4,27"]
    half = ["4,3", "0,0426", "0.0426", "0.04"]
    none = ["3,4", "4", "4,5", "5", "425,6", "-4,26", "0", "abc", "4,26 4,26", "1/2"]
    for texts, category in ((full, 2), (half, 1), (none, 0)):
        assert {text: q.mark(entry, drawn, text).category for text in texts} == dict.fromkeys(texts, category)


def test_a_named_wrong_result_is_wrong_though_it_lies_where_a_slip_would(reference: Reference) -> None:
    entry = item("numeric")
    drawn = {**instance(entry, reference), "answer": 4.256, "wrong": {"likes_only": 4.3}}
    assert [q.mark(entry, drawn, text).category for text in ("4.3", "4.29", "4,31", "4.2")] == [0, 0, 0, 1]


def test_numeric_names_the_wrong_formula_and_the_slip(reference: Reference) -> None:
    entry = item("numeric")
    drawn = {**instance(entry, reference), "answer": 4.256, "wrong": {"likes_only": 3.4}}
    said = {text: q.explain(entry, drawn, text, "en").parts[0].feedback_html for text in ("3.4", "4.3", "x", "4.26")}
    assert said == {
        "3.4": "Only the likes.",
        "4.3": "The method is right; the rounding or the unit is not.",
        "x": "This is not a number.",
        "4.26": "",
    }
    assert q.explain(entry, drawn, None, "hy").correct_html == "4,26 %"
    assert "4,26" in q.explain(entry, drawn, None, "hy").general_html


def test_numeric_draws_are_repeatable_and_told_apart(reference: Reference) -> None:
    entry = item("numeric")
    for seed in range(60):
        drawn = instance(entry, reference, seed)
        assert drawn == instance(entry, reference, seed)
        results = sorted([drawn["answer"], *drawn["wrong"].values()])
        assert all(b - a > 0.02 for a, b in pairwise(results))
    shown = q.deliver(entry, drawn, "hy").stem_html
    assert format_number(drawn["inputs"]["reach"], "hy") in shown and "{" not in shown
    assert len({json.dumps(instance(entry, reference, seed)) for seed in range(20)}) == 20


def test_what_is_explained_as_right_is_right_when_typed(shipped: Library) -> None:
    """Shown, typed and marked number go one way of rounding, whatever was drawn; a half is where ways part."""
    numeric = [entry for entry in shipped.items.values() if entry.type == "numeric"]
    for entry in numeric:
        for seed in range(4):
            drawn = instance(entry, shipped.reference, seed)
            assert shown_again(entry, drawn) == 1, (entry.id, drawn)
    for answer, decimals in ((2032.5, 0), (2033.5, 0), (6.85, 1), (0.125, 2), (-2.5, 0)):
        drawn = {**instance(numeric[0], shipped.reference), "answer": answer, "decimals": decimals, "wrong": {}}
        assert shown_again(numeric[0], drawn) == 1, drawn


def shown_again(entry: Item, drawn: dict[str, Any]) -> float:
    """The credit of the number that the explanation shows."""
    shown = unescape(q.explain(entry, drawn, None, "hy").correct_html).removesuffix(unit_text(drawn["unit"], "hy"))
    return q.mark(entry, drawn, q.read_form(entry, drawn, {"answer": [shown]})).credit
