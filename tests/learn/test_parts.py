"""The room's plain parts: drawing a check, the map of courses, cutting a page, the next step."""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from lms import clock, publishing
from lms.assess.item_sampling import draw, drawn, unseen
from lms.content.document import shows
from lms.content.model import Item
from lms.content.questions import DeliveredItem
from lms.learn import course_map
from lms.learn.completion import Completion
from lms.learn.course_map import CourseEntry
from lms.learn.embedded import Embedded
from lms.learn.matrix import role_lines
from lms.learn.new_items import new_items
from lms.learn.next_evidence import _answers_needed
from lms.learn.next_step import check_step, next_step
from lms.learn.progress import progress_of
from lms.learn.reader import ReaderPiece, sections
from lms.learn.sharpening import _to_sharpen
from lms.learn.specifications import CHECK, PLACEMENT
from lms.psychometrics.items import ItemParameters
from lms.psychometrics.profile import SkillGap
from tests.cast import Cast
from tests.framework import RULES


def _bank(context: Flask, count: int = 12) -> list[tuple[int, Item]]:
    item = next(item for _, item in publishing.items("practice") if item.set_id is None)
    return [(number, dataclasses.replace(item, id=f"i{number}", enemies=())) for number in range(1, count + 1)]


def test_a_module_repeated_later_says_that_its_questions_wait_and_no_day_that_is_over(context: Flask) -> None:
    course, now = next(iter(publishing.library().courses.values())), clock.now()
    days = (None, now - timedelta(days=5), now + timedelta(days=1))
    with context.test_request_context():
        shown = [
            render_template_string(
                "{% from 'learn/parts/done.html' import module_done with context %}{{ module_done(found) }}",
                found=Completion(course, 1, 2, day),
                language="en",
            )
            for day in days
        ]
    assert ["/reviews" in text for text in shown] == [False, True, False]
    assert len(set(shown)) == 3


def test_a_check_that_waits_says_from_when_it_can_be_sat_again(context: Flask) -> None:
    module, state = next(iter(publishing.library().modules.values())), SimpleNamespace(opens_at=lambda: None)
    with context.test_request_context(headers={"Accept-Language": "en"}):
        ready = check_step(module, state)  # type: ignore[arg-type]
        state.opens_at = lambda: clock.now() + timedelta(minutes=9)
        waiting = check_step(module, state)  # type: ignore[arg-type]
    assert "again" in waiting.text and "again" not in ready.text


def test_new_is_what_was_neither_answered_nor_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A candidate answers and is shown no key: their questions are as little new as those whose key was met."""
    items = [(number, SimpleNamespace(id=name)) for number, name in enumerate(("shown", "answered", "new"))]
    monkeypatch.setattr("lms.publishing.items", lambda pool: items)
    monkeypatch.setattr("lms.evidence.seen_keys", lambda person: {"shown"})
    monkeypatch.setattr("lms.evidence.answered_keys", lambda person: {"answered"})
    assert new_items(1, "placement") == items[2:]


def test_the_skill_that_is_known_least_is_sharpened_first_and_none_that_is_known() -> None:
    skills = [
        SimpleNamespace(key=key, sd=sd) for key, sd in (("sure", 0.1), ("wide", 0.8), ("widest", 0.9), ("few", 1))
    ]
    left = Counter(sure=99, wide=99, widest=99, few=1)
    assert _to_sharpen(SimpleNamespace(skills=skills), left) == ("widest", "wide")  # type: ignore[arg-type]


def test_answers_needed_are_those_that_the_answers_so_far_leave_open() -> None:
    fresh = [(SimpleNamespace(), ItemParameters(1.0, (0.0,)))]
    cells = [SimpleNamespace(sd=sd, theta=0.0) for sd in (0.3, 0.8, 1.2)]
    needed = [_answers_needed(cell, fresh, RULES) for cell in cells]  # type: ignore[arg-type]
    assert needed[0] == 0 < needed[1] < needed[2]


def test_a_bank_of_ones_own_language_is_asked_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [(1, SimpleNamespace(id="both", languages={"hy", "en"})), (2, SimpleNamespace(id="hy", languages={"hy"}))]
    monkeypatch.setattr("lms.publishing.items", lambda *_, **__: items)
    monkeypatch.setattr("lms.evidence.seen_keys", lambda person: set())
    banks = [unseen(PLACEMENT, SimpleNamespace(id=1, language=code), "") for code in ("en", "hy", "ru")]  # type: ignore[arg-type]
    assert banks == [[1], [1, 2], [1, 2]]


def test_a_check_takes_unseen_items_first(context: Flask) -> None:
    bank, seen = _bank(context), {f"i{number}" for number in range(1, 7)}
    for seed in range(20):
        assert set(draw(bank, seen, random.Random(seed), 6, 8)) == set(range(7, 13))


def test_a_check_never_asks_what_the_modules_text_asks(context: Flask, cast: Cast) -> None:
    """It stands there with its explanation; whoever skipped it there would else be asked it for evidence."""
    module, trainee = publishing.library().modules["C1.1"], cast.person("trainee")
    shown = {item.id for _, item in publishing.items("practice", module="C1.1") if shows(module, item.id)}
    forms = [drawn(CHECK, trainee, "C1.1") for _ in range(12)]
    assert len(shown) >= 2 and not shown & {publishing.item(number).id for form in forms for number in form}


def test_another_seed_is_another_check(context: Flask) -> None:
    bank = _bank(context)
    assert len({tuple(draw(bank, (), random.Random(seed), 6, 8)) for seed in range(20)}) > 10


def test_items_of_a_table_stay_together_in_order(context: Flask) -> None:
    bank = _bank(context)
    bank[2:5] = [(number, dataclasses.replace(item, set_id="t")) for number, item in bank[2:5]]
    found = [draw(bank, (), random.Random(seed), 6, 8) for seed in range(30)]
    for numbers in found:
        together = [number for number in numbers if number in (3, 4, 5)]
        assert together in ([], [3, 4, 5])
        assert 6 <= len(numbers) <= 8
    assert any(3 in numbers for numbers in found) and any(3 not in numbers for numbers in found)


def test_enemies_never_meet(context: Flask) -> None:
    bank = _bank(context)
    bank[0] = (1, dataclasses.replace(bank[0][1], enemies=("i2",)))
    assert all(not {1, 2} <= set(draw(bank, (), random.Random(seed), 6, 8)) for seed in range(40))


def test_a_small_bank_is_asked_whole(context: Flask) -> None:
    assert set(draw(_bank(context, 4), (), random.Random(1), 6, 8)) == {1, 2, 3, 4}


def _entry(name: str, *before: str) -> CourseEntry:
    return CourseEntry(name, name.lower(), name, "", 1, 10, 1, 0, before, "ready")


def test_the_map_stands_by_the_longest_way() -> None:
    courses = [
        _entry("D", "B", "C"),
        _entry("A"),
        _entry("B", "A"),
        _entry("C", "B"),
        _entry("X", "Y"),
        _entry("Y", "X"),
    ]
    rows = [[entry.id for entry in row] for row in course_map.stages(courses)]
    assert rows == [["A"], ["B"], ["C"], ["D", "X", "Y"]], "a cycle stands last and stops nothing"
    assert course_map.stages([]) == [[]]


def test_courses_of_the_plan_that_are_not_written_say_so(
    context: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = publishing.reference().catalogue
    unwritten = {**plan["courses"][0], "id": "C11"}
    monkeypatch.setitem(plan, "courses", [*plan["courses"], unwritten])
    found = {entry.id: entry for entry in course_map.entries(progress_of(cast.trainee), "hy")}
    assert found["C1"].state == "ready" and found["C1"].slug
    assert found["C2"].state == "later", "it builds on C1"
    assert found["C11"].state == "planned" and not found["C11"].slug
    assert [name for name, entry in found.items() if entry.state == "planned"] == ["C11"], "all ten are written"


def test_a_page_is_cut_at_its_sections_and_questions() -> None:
    shown = DeliveredItem("one", "single", "", None, "", ())
    asked = {"one": Embedded(1, "one", shown, {}, None)}
    html = (
        'before<h2 id="idea">I</h2><p>a</p><div class="md-item" data-item="one"></div><p>b</p>'
        '<div class="md-item" data-item="gone"></div><h2 id="practice">P</h2><p>task</p>'
        '<details class="md-model">m</details>'
    )
    idea, practice = sections(html, asked)
    assert [idea.anchor, practice.anchor] == ["idea", "practice"]
    assert idea.pieces == (
        ReaderPiece('<h2 id="idea">I</h2><p>a</p>', asked["one"]),
        ReaderPiece("<p>b</p>"),
        ReaderPiece(""),
    )
    assert practice.pieces == (ReaderPiece('<h2 id="practice">P</h2><p>task</p>'),)
    assert practice.model_html == '<details class="md-model">m</details>'


def test_the_next_thing_follows_from_what_was_done(
    app: Flask, cast: Cast, signed_in: Callable[[str], FlaskClient]
) -> None:
    trainee = signed_in("trainee")

    def step() -> str:
        with app.test_request_context():
            return next_step(cast.trainee, progress_of(cast.trainee)).href

    assert step() == "/placements"
    trainee.post("/modules/C1.1/reading", data={"anchor": "idea", "reached": 2})
    assert step() == "/courses/smm-foundations/what-is-smm#idea"
    trainee.post("/modules/C1.1/reading", data={"done": "1"})
    assert step() == "/courses/smm-foundations/what-is-smm#check"
    assert trainee.post("/modules/C1.1/checks").location == step()


@pytest.mark.parametrize(
    ("n", "low", "high", "gap", "reasons", "state"),
    [
        (4, -2.0, -1.0, None, ("imprecise",), "below"),  # no level alone, but all of them below
        (4, -2.0, 1.5, 2, ("capped",), "open"),  # held down by the kinds of evidence, not by the answers
        (9, -0.5, 0.4, 1, (), "below"),
        (9, 1.1, 1.9, 0, (), "met"),
        (4, -1.0, 2.0, None, ("imprecise",), "open"),
        (0, -3.0, 0.0, None, ("not_assessed",), "open"),
    ],
)
def test_a_line_of_a_role_says_below_only_where_all_of_the_interval_is(
    n: int, low: float, high: float, gap: int | None, reasons: tuple[str, ...], state: str
) -> None:
    cell = SimpleNamespace(n=n, low=low, high=high, reasons=reasons)
    measured = SimpleNamespace(cells={"content": cell}, rules=SimpleNamespace(cuts=(-1.5, -0.5, 0.5, 1.5, 2.5)))
    asked = SimpleNamespace(gaps=(SkillGap("content", 3, None, 0, 5, gap, 1.0),), met=(), failed=())
    (line,) = role_lines(asked, SimpleNamespace(critical={}), measured)
    assert line.state == state
