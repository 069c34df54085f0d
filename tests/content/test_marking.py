"""Marking of every type: truth tables."""

from __future__ import annotations

import pytest

from lms.content import Reference
from lms.content import questions as q
from tests.content.instances import instance, letter
from tests.content.samples import item, one


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
