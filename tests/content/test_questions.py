"""What every type keeps: forms and fields agree, the right answer gets full credit, tables and languages."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from lms.content import Item, Reference, parse_bank
from lms.content import questions as q
from lms.content.model import ItemText
from tests.content.instances import instance, right_form
from tests.content.samples import HEAD, item, section

KINDS = [kind for kind in q.TYPES if kind != "table"]


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
