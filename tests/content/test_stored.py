"""What was published is read without a rule for authors, and instances of every version in today's shape."""

from __future__ import annotations

from typing import Any

import pytest

from lms.content import ContentError, Reference, parse_item, questions
from lms.content.questions.options import Order
from lms.content.stored import stored_item
from lms.content.stored_modules import stored_course, stored_module
from tests.content.samples import BODIES, COURSE, HEAD, module_source, section


@pytest.mark.parametrize("kind", BODIES)
def test_a_sound_item_is_the_same_read_either_way(kind: str) -> None:
    checked, stored = parse_item(section(kind), HEAD, "x.md", 3), stored_item(section(kind), HEAD, "x.md", 3)
    assert vars(stored) == vars(checked)


@pytest.mark.parametrize("kind", [kind for kind in BODIES if kind != "table"])
def test_what_authors_may_no_longer_write_is_still_asked_and_marked(kind: str, reference: Reference) -> None:
    """A key that nobody knows, a level that was once allowed, no feedback, a stray line, a third language."""
    source = section(kind, more="colour: red\n").replace("level: 2", "level: 17").replace("  > No.\n", "")
    source = source.replace("\n### en", "\nstray line\n\n### en") + "\n### ru\n\nВопрос\n"
    with pytest.raises(ContentError):
        parse_item(source, HEAD)
    item = stored_item(source, HEAD)
    drawn = questions.new_instance(item, 1, reference)
    assert questions.deliver(item, drawn, "en").fields and questions.mark(item, drawn, None).category == 0
    assert questions.explain(item, drawn, None, "hy").correct_html


def test_performance_is_the_types_word_or_a_tables() -> None:
    found = {kind: stored_item(section(kind), HEAD).performance for kind in BODIES}
    assert [kind for kind, performance in found.items() if performance] == ["judgement"]
    assert stored_item(section("single", more="set: item-table\n"), HEAD).performance


def test_a_head_that_cannot_be_read_costs_pool_and_module_only() -> None:
    assert stored_item(section("single"), "").pool == ""


@pytest.mark.parametrize("source", ["", "## x\n", "## x\n\n```yaml\ntype: essay\n```\n", "words"])
def test_what_never_was_an_item_is_named(source: str) -> None:
    with pytest.raises(ContentError):
        stored_item(source, HEAD)


def test_modules_and_courses_are_read_whatever_their_keys_say() -> None:
    source = module_source("hy").replace("minutes: 15", "minutes: many\nmood: good")
    module = stored_module({"hy": (source, "m.hy.md")}, "C1", "01-m1")
    assert module.minutes == 0 and module.languages["hy"].title == "Բառ"
    assert stored_course(COURSE.replace("level: 1", "level: nine"), "c.yaml").stems == ("01-m1",)


@pytest.mark.parametrize("kind", BODIES)
def test_new_instances_bear_their_version_and_older_ones_are_read(kind: str, reference: Reference) -> None:
    item = stored_item(section(kind), HEAD)
    drawn = questions.new_instance(item, 5, reference)
    assert drawn["v"] == 1
    first = {name: value for name, value in drawn.items() if name != "v"}  # as the first release wrote it
    more = {**drawn, "of a later release": 1}
    shown = [questions.deliver(item, instance, "hy") for instance in (drawn, first, {**drawn, "v": 0}, more)]
    assert shown.count(shown[0]) == len(shown)


def test_an_older_shape_is_led_to_todays_step_by_step(monkeypatch: pytest.MonkeyPatch, reference: Reference) -> None:
    def renamed(old: Any) -> dict[str, Any]:
        return {**old, "order": old["places"]}

    def counted_from_zero(old: Any) -> dict[str, Any]:
        return {**old, "order": [place - 1 for place in old["order"]]}

    monkeypatch.setattr(Order, "upgrades", (renamed, counted_from_zero))
    for name in ("single", "multiple", "ordering"):  # whoever draws the shape
        question = questions.TYPES[name]
        assert question.read_instance({"facts": {}, "places": [2, 1]}).order == [1, 0]
        assert question.read_instance({"v": 2, "facts": {}, "order": [2, 1]}).order == [1, 0]
        assert question.read_instance({"v": 3, "facts": {}, "order": [1, 0]}).order == [1, 0]
