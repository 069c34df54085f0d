"""From ratings to a category: when a third rater is needed, what stands, what a program sees."""

from __future__ import annotations

import pytest

from lms.content.rules.language import RULES
from lms.content.text import LANGUAGES
from lms.rating import checks, rubric
from lms.rating.tasks import ANCHORS, TASKS, WrittenTask, of_practice
from tests.framework import SHIPPED

REPLY, CAPTION = TASKS["reply"], TASKS["caption"]


def all_at(task: WrittenTask, score: int, **other: int) -> dict[str, int]:
    return {each.name: other.get(each.name, score) for each in task.criteria}


@pytest.mark.parametrize("task", TASKS.values(), ids=lambda task: task.name)
def test_words_are_whole(task: WrittenTask) -> None:
    assert of_practice(f"{task.code} step 1") is (None if task.portfolio else task)
    assert 3 <= len(task.criteria) <= 6
    assert len(task.variants) >= (1 if task.portfolio else 2)
    assert all(len(each.anchors) == ANCHORS for each in task.criteria)
    for language in LANGUAGES:
        assert len({anchor.get(language) for each in task.criteria for anchor in each.anchors}) == 4 * len(
            task.criteria
        )
    assert {each.at_most_with for each in task.criteria} <= {""} | {each.name for each in task.criteria}


def test_two_raters_are_enough_until_they_differ_by_two() -> None:
    two = [all_at(REPLY, 2), all_at(REPLY, 3)]
    assert rubric.raters_needed(two) == 2
    assert rubric.settled(REPLY, two) == all_at(REPLY, 2) | dict.fromkeys(all_at(REPLY, 0), 2.5)
    apart = [all_at(REPLY, 2), all_at(REPLY, 2, channel=0)]
    assert rubric.raters_needed(apart) == 3
    with pytest.raises(ValueError, match="not all"):
        rubric.settled(REPLY, apart)
    third = rubric.settled(REPLY, [*apart, all_at(REPLY, 2, channel=1)])
    assert third == all_at(REPLY, 2, channel=1), "the middle one of three"


@pytest.mark.parametrize(("score", "category"), [(0, 0), (1, 0), (2, 2), (3, 3)])
def test_a_formula_earns_nothing_and_full_marks_a_professionals_category(score: int, category: int) -> None:
    for task in TASKS.values():
        scores = {each.name: float(score) for each in task.criteria}
        assert set(rubric.units(task, scores).values()) == {category}


def test_units_weigh_the_criteria_of_their_sub_competency() -> None:
    scores = {name: float(value) for name, value in all_at(CAPTION, 2, first_line=3, truth=0).items()}
    found = rubric.shares(CAPTION, scores)
    assert found["content.copy"] == pytest.approx((2 + 0.2 / 0.85 - 1) / 2)
    assert found["content.quality"] == -0.5
    assert rubric.units(CAPTION, scores) == {"content.copy": 2, "content.quality": 0}


def test_categories_begin_where_the_framework_s_levels_do() -> None:
    """Whoever moves a cut moves what is judged by the words of its level."""
    cuts = (-1.4, -0.2, 0.9, 1.6, 2.4)
    begin = {task.portfolio: task.unit(cuts).b for task in TASKS.values()}
    assert begin == {False: (-0.2, 0.9, 1.6), True: (0.9, 1.6, 2.4)}


def test_novelty_alone_is_no_creativity() -> None:
    task = TASKS["ideas"]
    given = [all_at(task, 3, usefulness=0), all_at(task, 3, usefulness=1)]
    assert rubric.settled(task, given)["originality"] == 1
    assert rubric.units(task, rubric.settled(task, given)) == {
        "creativity.concept": 0,
        "creativity.ideation": 3,
        "creativity.refinement": 3,
    }
    useful = [all_at(task, 3, usefulness=1), all_at(task, 3, usefulness=1)]
    assert rubric.settled(task, useful)["originality"] == 3


def test_a_program_sees_which_conclusion_rests_on_an_unsound_source() -> None:
    variant = TASKS["audience"].variants["coding"]
    assert checks.unsound(variant, {"sources_need": ["1", "3"], "sources_platform": ["2"]}) == [3]
    ideas = {"idea_1": ["Լավաշի թերթ"], "idea_2": ["լավաշի թերթ։"], "idea_3": ["Խաղ"]}
    task = TASKS["ideas"]
    assert checks.Note("repeated", 1) in checks.notes(task, task.variants["lavash"], ideas, "hy")


def test_a_program_notes_what_a_rater_should_look_at() -> None:
    variant = CAPTION.variants["wool"]
    bad = variant.original.get("hy") if variant.original else ""
    found = {note.name: note.count for note in checks.notes(CAPTION, variant, {"caption": [bad]}, "hy")}
    assert found["signs"] == len(bad)
    assert found["kept"] == 100
    assert found["marks"] >= 2
    good = "Գրեք մեզ, և մենք կգործենք ձեր վզնոցը։ Հեռ. 091 23 45 67, իսկ դու ընտրիր գույնը մեր էjից։"
    found = {note.name: note.count for note in checks.notes(CAPTION, variant, {"caption": [good]}, "hy")}
    assert found == {"signs": len(good), "numbers": 1, "mixed": 1, "informal": 1}


@pytest.mark.parametrize(("task", "count"), [("ideas", 8), ("caption", 5), ("audience", 4)])
def test_briefs_are_enough_and_of_one_length(task: str, count: int) -> None:
    briefs = TASKS[task].variants.values()
    assert len(briefs) == len({each.title.get("hy") for each in briefs}) == count
    for language in LANGUAGES:
        lengths = [len(checks.words(each.text.get(language))) for each in briefs]
        assert max(lengths) < 1.4 * min(lengths), language


@pytest.mark.parametrize("task", ["ideas", "caption", "audience"])
def test_only_what_is_to_be_rewritten_has_errors_that_a_program_sees(task: str) -> None:
    for each in TASKS[task].variants.values():
        choices = [option for options in each.options.values() for option in options.values()]
        for text in [each.title, each.text, *each.sources, *each.unsound.values(), *choices]:
            assert [(rule.code, text.hy) for rule in RULES if rule.pattern.search(text.hy)] == []
        if each.original:
            assert checks.FOREIGN_MARKS.search(each.original.hy), each.name


def test_of_six_sources_two_bear_no_conclusion_and_never_the_same_two() -> None:
    briefs = TASKS["audience"].variants.values()
    assert all((len(each.sources), len(each.unsound)) == (6, 2) for each in briefs)
    assert len({frozenset(each.unsound) for each in briefs}) == len(briefs)


def test_every_unit_has_its_place_in_the_framework() -> None:
    subs = {sub for each in SHIPPED.tree.values() for sub in each}
    assert all(task.sub_competencies <= subs for task in TASKS.values() if not task.portfolio)
    chosen = next(field for field in TASKS["portfolio"].fields if field.name == "sub")
    assert set(chosen.options) == subs, "a piece may show each of them"
