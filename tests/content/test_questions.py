"""Marking of every type: truth tables, forms, explanations."""

from __future__ import annotations

import json
from dataclasses import replace
from difflib import SequenceMatcher
from html import unescape
from itertools import pairwise
from typing import Any

import pytest

from lms.content import Item, Library, Reference, parse_bank
from lms.content import questions as q
from lms.content.model import ItemText
from lms.content.questions.judgement import LEAST, MOST
from lms.content.questions.numeric import unit_text
from lms.content.text import LANGUAGES
from lms.formats import format_number
from tests.content.samples import HEAD, item, one, section

KINDS = [kind for kind in q.TYPES if kind != "table"]


def instance(entry: Item, reference: Reference, seed: int = 3) -> dict[str, Any]:
    return q.new_instance(entry, seed, reference)


def letter(drawn: dict[str, Any], index: int, name: str = "order") -> str:
    """The letter under which the author's part `index` is shown."""
    return "abcdefghij"[drawn[name].index(index)]


def test_single(reference: Reference) -> None:
    entry = item("single")
    drawn = instance(entry, reference)
    assert q.mark(entry, drawn, letter(drawn, 1)) == q.Mark(1, 2, 1.0, 0.25)
    assert q.mark(entry, drawn, letter(drawn, 0)).category == 0
    assert q.mark(entry, drawn, None) == q.Mark(0, 2, 0.0, 0.25)


@pytest.mark.parametrize(
    ("chosen", "category", "credit"),
    [
        ([0, 1], 2, 1),
        ([0], 1, 0.5),
        ([0, 1, 2], 1, 2 / 3),
        ([0, 1, 2, 3, 4], 0, 0),
        ([2], 0, 0),
        ([0, 2], 0, 1 / 6),
    ],
)
def test_multiple(reference: Reference, chosen: list[int], category: int, credit: float) -> None:
    entry = item("multiple")
    drawn = instance(entry, reference)
    mark = q.mark(entry, drawn, [letter(drawn, index) for index in chosen])
    assert (mark.category, mark.categories) == (category, 3)
    assert mark.credit == pytest.approx(credit)


@pytest.mark.parametrize(("chosen", "credit"), [("bd", 1), ("b", 0.5), ("bda", 2 / 3), ("abcde", 0), ("a", 0), ("", 0)])
def test_err_counts_faults_found_less_sound_lines_marked(reference: Reference, chosen: str, credit: float) -> None:
    entry = item("err")
    drawn = instance(entry, reference)
    assert drawn["order"] == [0, 1, 2, 3, 4], "the lines are one text"
    assert q.mark(entry, drawn, list(chosen) or None).credit == pytest.approx(credit)


@pytest.mark.parametrize(
    ("grades", "credit"),
    [
        ((4, 3, 3, 1), 1),
        ((4, 2, 3, 1), 1),
        ((2, 1, 1, 1), 3 / 5),
        ((3, 3, 3, 3), 0),
        ((1, 3, 3, 4), 0),
        ((4, 3, 3, None), 2 / 5),
    ],
    ids=["as the experts", "two alike either way", "strict", "all the same", "turned round", "one left open"],
)
def test_eval_counts_the_order_of_solutions_that_experts_tell_apart(
    reference: Reference, grades: tuple[int | None, ...], credit: float
) -> None:
    entry = item("eval")
    drawn = instance(entry, reference)
    value = {letter(drawn, place): grade for place, grade in enumerate(grades) if grade}
    assert q.mark(entry, drawn, value).credit == pytest.approx(credit)
    assert (credit == 1) == all(part.right for part in q.explain(entry, drawn, value, "hy").parts)


@pytest.mark.parametrize(
    ("places", "category"),
    [([1, 2, 3, 4, 5], 3), ([2, 1, 3, 4, 5], 2), ([2, 1, 4, 3, 5], 1), ([5, 4, 3, 2, 1], 0), ([3, 1, 2, 5, 4], 0)],
)
def test_ordering(reference: Reference, places: list[int], category: int) -> None:
    entry = item("ordering")
    drawn = instance(entry, reference)
    value = {letter(drawn, index): place for index, place in enumerate(places)}
    assert q.mark(entry, drawn, value).category == category


def test_ordering_is_never_shown_in_its_order_and_gives_nothing_for_equal_places(reference: Reference) -> None:
    entry = item("ordering")
    assert all(instance(entry, reference, seed)["order"] != [0, 1, 2, 3, 4] for seed in range(300))
    drawn = instance(entry, reference)
    assert q.mark(entry, drawn, dict.fromkeys("abcde", 1)).credit == 0
    assert q.mark(entry, drawn, {"a": 1}).category == 0


@pytest.mark.parametrize(
    ("hits", "category", "credit"), [(4, 2, 1), (3, 1, 0.75), (2, 0, 0.5), (1, 0, 0.25), (0, 0, 0)]
)
def test_matching(reference: Reference, hits: int, category: int, credit: float) -> None:
    entry = item("matching")
    drawn = instance(entry, reference)
    value = {letter(drawn, index, "lefts"): letter(drawn, index if index < hits else 4, "rights") for index in range(4)}
    mark = q.mark(entry, drawn, value)
    assert (mark.category, mark.credit) == (category, credit)


@pytest.mark.parametrize(("hits", "category"), [(6, 2), (5, 1), (4, 0), (3, 0)])
def test_categorising(reference: Reference, hits: int, category: int) -> None:
    entry = item("categorising")
    drawn = instance(entry, reference)
    group = [0, 0, 0, 1, 1, 1]
    value = {
        letter(drawn, index): letter(drawn, group[index] if index < hits else 1 - group[index], "groups")
        for index in range(6)
    }
    mark = q.mark(entry, drawn, value)
    assert (mark.category, mark.credit) == (category, hits / 6)


@pytest.mark.parametrize(
    ("best", "worst", "category"),
    [(0, 3, 2), (0, 2, 1), (1, 3, 0), (0, 1, 0), (1, 2, 0), (3, 0, 0), (0, 0, 0), (0, None, 0)],
)
def test_judgement(reference: Reference, best: int, worst: int | None, category: int) -> None:
    entry = item("judgement")
    drawn = instance(entry, reference)
    value = {"best": letter(drawn, best), **({} if worst is None else {"worst": letter(drawn, worst)})}
    assert q.mark(entry, drawn, value).category == category


def test_short_accepts_either_language_and_one_slip(reference: Reference) -> None:
    entry = item("short")
    right = ["reach", "Հասանելիությունը", "«հասանելիություն»", "հասանելեություն"]
    assert all(q.mark(entry, {"facts": {}}, text).credit == 1 for text in right)
    assert all(
        q.mark(entry, {"facts": {}}, text).credit == 0 for text in ["raech", "մատչելիություն", "impressions", "?"]
    )
    strict = item("short", more="typo: false\n")
    assert q.mark(strict, {"facts": {}}, "հասանելեություն").credit == 0


def test_a_near_miss_is_never_forgiven_as_a_slip(reference: Reference) -> None:
    entry = one("Հարց։\n\n- = conversion", "Q\n\n- = conversion\n- ~ conversions\n  > Plural.", "short")
    assert q.mark(entry, {"facts": {}}, "conversions").credit == 0
    assert q.explain(entry, {"facts": {}}, "conversions", "en").parts[0].feedback_html == "Plural."


def test_cloze(reference: Reference) -> None:
    entry = item("cloze")
    drawn = instance(entry, reference)
    first = "abc"[drawn["gaps"][0].index(0)]
    second = "abc"[drawn["gaps"][1].index(1)]
    assert q.mark(entry, drawn, {"1": first, "2": second, "3": "պիտակ"}).credit == 1
    assert (
        q.mark(entry, drawn, {"1": first, "2": second, "3": "hashtag"}).category
        == q.mark(entry, drawn, None).categories - 1
    )
    assert q.mark(entry, drawn, {"1": first}).credit == pytest.approx(1 / 3)
    assert q.mark(entry, drawn, {"1": first, "2": first if first != second else "b", "3": "x"}).category < 2


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


def right_form(entry: Item, drawn: dict[str, Any]) -> dict[str, list[str]]:
    """A form with every answer right."""
    match entry.type:
        case "single":
            return {"answer": [letter(drawn, 1)]}
        case "multiple":
            return {"answer": [letter(drawn, 0), letter(drawn, 1)]}
        case "ordering":
            return {f"answer.{letter(drawn, index)}": [str(index + 1)] for index in range(5)}
        case "matching":
            return {f"answer.{letter(drawn, i, 'lefts')}": [letter(drawn, i, "rights")] for i in range(4)}
        case "categorising":
            return {f"answer.{letter(drawn, i)}": [letter(drawn, i // 3, "groups")] for i in range(6)}
        case "judgement":
            return {"answer.best": [letter(drawn, 0)], "answer.worst": [letter(drawn, 3)]}
        case "err":
            return {"answer": ["b", "d"]}
        case "eval":
            grades = ("4", "3", "2", "1")
            return {f"answer.{letter(drawn, place)}": [grade] for place, grade in enumerate(grades)}
        case "cloze":
            first, second = "abc"[drawn["gaps"][0].index(0)], "abc"[drawn["gaps"][1].index(1)]
            return {"answer.1": [first], "answer.2": [second], "answer.3": ["hashtag"]}
        case "numeric":
            return {"answer": [f"{drawn['answer']:.2f}"]}
        case _:
            return {"answer": [" reach "]}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_from_form_to_full_credit(reference: Reference, kind: str, seed: int) -> None:
    entry = item(kind)
    drawn = json.loads(json.dumps(instance(entry, reference, seed)))
    value = json.loads(json.dumps(q.read_form(entry, drawn, right_form(entry, drawn))))
    mark = q.mark(entry, drawn, value)
    assert mark.credit == 1 and mark.category == mark.categories - 1
    for language in ("hy", "en"):
        explanation = q.explain(entry, drawn, value, language)
        assert explanation.credit == 1 and explanation.correct_html
        assert all(part.right for part in explanation.parts if part.chosen)
        assert q.explain(entry, drawn, None, language).credit == 0


@pytest.mark.parametrize("kind", KINDS)
def test_fields_and_form_agree(reference: Reference, kind: str) -> None:
    """What the page is told to post is what the form reader takes, and nothing else."""
    entry = item(kind)
    drawn = instance(entry, reference)
    delivered = q.deliver(entry, drawn, "en")
    names = {
        name
        for field in delivered.fields
        for name in ([f"{field.name}.{value}" for value, _ in field.options] if field.kind == "rank" else [field.name])
    }
    assert set(right_form(entry, drawn)) == names
    assert q.read_form(entry, drawn, {}) is None
    assert q.read_form(entry, drawn, {name: [""] for name in names}) is None
    typed = kind in ("numeric", "short")
    for name in names:
        bad = ["x" * 5000] if typed or (name == "answer.3" and kind == "cloze") else ["zz"]
        with pytest.raises(ValueError, match=name.split(".")[0]):
            q.read_form(entry, drawn, {name: bad})
        with pytest.raises(ValueError):
            q.read_form(entry, drawn, {name: ["\0"]})


def test_a_set_item_brings_its_table(reference: Reference) -> None:
    source = HEAD + section("single", more="set: item-table\n") + section("table")
    single, table = parse_bank(source, "x.md").items
    assert single.performance and not table.answerable
    delivered = q.deliver(single, instance(single, reference), "en")
    assert delivered.stimulus_html and "<td>1</td>" in delivered.stimulus_html
    assert q.deliver(item("single"), instance(item("single"), reference), "en").stimulus_html is None


def test_a_missing_language_falls_back(reference: Reference) -> None:
    entry = parse_bank(HEAD + section("single").partition("### en")[0], "x.md").items[0]
    assert "ճիշտ" in q.deliver(entry, instance(entry, reference), "en").stem_html


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_best_and_the_worst_are_not_alike(language: str) -> None:
    """In Armenian they once differed by two letters of eighteen."""
    best, worst = MOST.get(language).lower(), LEAST.get(language).lower()
    assert SequenceMatcher(None, best, worst).ratio() < 0.9


def table_of(stem: str) -> Item:
    return replace(item("table"), languages={"en": ItemText(stem, (), "", 1, 1)})


def test_a_table_is_one_that_the_page_draws() -> None:
    """A line of pipes without a head is none."""
    for stem, rows in (("| a |\n| - |\n| 1 |\n| 2 |", 3), ("```csv\na,b\n1,2\n```", 2), ("![x](figures/a.svg)", 0)):
        table = table_of(stem)
        assert not list(q.TYPES["table"].problems(table, table.text())), stem
        assert q.TYPES["table"].key(table, table.text()) == rows
    lone = table_of("Two | columns\n| and no head")
    assert list(q.TYPES["table"].problems(lone, lone.text()))
