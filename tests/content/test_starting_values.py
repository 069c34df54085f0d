"""Luck is never read as ability: categories, starting parameters, and random answerers over every shipped item."""

from __future__ import annotations

import random

import numpy as np
import pytest

from lms.content import Item, Library, Reference
from lms.content import questions as q
from lms.psychometrics.ability import eap
from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.starting_values import probabilities, scale, starting
from tests.content.samples import BODIES, item
from tests.framework import CUTS

KINDS = [kind for kind in BODIES if kind != "table"]


def blind_form(fields: tuple[q.Field, ...], chance: random.Random) -> dict[str, list[str]]:
    """A form filled in without reading: what a page lets somebody click or type."""
    form: dict[str, list[str]] = {}
    for field in fields:
        values = [value for value, _ in field.options]
        if field.kind in ("choice", "extreme", "grade", "group", "select"):
            form[field.name] = [chance.choice(values)]
        elif field.kind in ("choices", "lines"):
            form[field.name] = [value for value in values if chance.random() < 0.5]
        elif field.kind == "rank":
            places = chance.sample(range(1, len(values) + 1), len(values))
            form |= {f"answer.{value}": [str(place)] for value, place in zip(values, places, strict=True)}
        else:
            form[field.name] = [str(chance.randint(1, 99))]
    return form


@pytest.mark.parametrize("kind", KINDS)
def test_the_stated_luck_is_the_real_luck(reference: Reference, kind: str) -> None:
    entry, chance = item(kind), random.Random(1)
    counts = np.bincount(_blind_categories(entry, reference, chance, 600), minlength=2)
    luck = q.item_scale(entry).luck
    if kind == "judgement":  # a blind answerer may pick the same option twice, which earns nothing
        luck = (luck[0] + 0.25 * (1 - luck[0]), *(share * 0.75 for share in luck[1:]))
    for category, share in enumerate(luck):
        count = counts[category] if category < len(counts) else 0
        assert abs(count / 600 - share) < 0.06


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not q.TYPES[kind].single_key])
def test_chance_lands_in_category_zero(kind: str) -> None:
    grade = q.item_scale(item(kind))
    assert grade.luck[0] >= 0.8
    assert sum(grade.luck) == pytest.approx(1)
    assert grade.cuts[-1] == 1 and list(grade.cuts) == sorted(grade.cuts)


def test_no_category_stays_empty() -> None:
    """A cut that no outcome reaches is dropped; the top category means full credit."""
    assert scale({0.0: 0.9, 0.55: 0.05, 1.0: 0.05}).cuts == (0.5, 1.0)
    assert scale({0.0: 0.7, 0.5: 0.15, 0.65: 0.1, 1.0: 0.05}).cuts == (0.6, 1.0)
    assert scale({0.0: 0.75, 1.0: 0.25}).cuts == (1.0,)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("level", [1, 3, 5])
@pytest.mark.parametrize("p", [0.3, 0.6, 0.9])
def test_angoff_holds_at_the_cut(kind: str, level: int, p: float) -> None:
    """A person exactly at the cut of the level gets full credit with probability p."""
    got = q.starting_parameters(item(kind, level=level, p=p), CUTS)
    full = probabilities(CUTS[level - 1], got.a, got.b)[-1]
    assert got.c + (1 - got.c) * full == pytest.approx(max(p, got.c + (1 - got.c) * 0.05), abs=0.01)
    assert got.a > 0 and 0 <= got.c < 0.5 and got.sd_b > 0


def test_a_single_choice_keeps_its_fixed_asymptote() -> None:
    assert q.starting_parameters(item("single"), CUTS).c == 0.25
    # b = cut - logit((p - c)/(1 - c))/a for level 2, p .6: -.5 - logit(.46667)
    assert q.starting_parameters(item("single"), CUTS).b[0] == pytest.approx(-0.36647, abs=1e-4)
    assert q.starting_parameters(item("multiple"), CUTS).c == 0


def test_luck_is_absorbed_by_the_thresholds() -> None:
    """However hard the item, somebody far below level 1 is expected to do no worse than blind answering."""
    grade = scale({0.0: 0.8, 0.5: 0.15, 1.0: 0.05})
    for level in (1, 3, 5):
        got = starting(level, 0.5, grade, CUTS)
        expected = sum(k * share for k, share in enumerate(probabilities(-2.5, got.a, got.b)))
        assert expected >= 0.15 + 2 * 0.05


def test_random_answerers_stay_below_level_one(shipped: Library) -> None:
    """Twenty people who click blindly through a bank end below the cut of level 1, bank by bank; and over all items
    of a skill every single one of them does."""
    chance = random.Random(4)
    entries = [entry for entry in shipped.items.values() if entry.answerable]
    blind = {entry.id: _blind_categories(entry, shipped.reference, chance, 20) for entry in entries}
    for bank in shipped.banks.values():
        answered = [entry for entry in bank.items if entry.answerable]
        if len(answered) >= 10:  # fewer answers cannot pull the prior that far, whoever gives them
            assert np.mean(_abilities(answered, blind)) < CUTS[0], bank.path
    for skill in sorted({entry.skill for entry in entries}):
        found = _abilities([entry for entry in entries if entry.skill == skill], blind)
        assert max(found) < CUTS[0], skill


def _blind_categories(entry: Item, reference: Reference, chance: random.Random, people: int) -> list[int]:
    drawn = q.new_instance(entry, chance.randrange(10**6), reference)
    fields = q.deliver(entry, drawn, "en").fields
    forms = (blind_form(fields, chance) for _ in range(people))
    return [q.mark(entry, drawn, q.read_form(entry, drawn, form)).category for form in forms]


def _abilities(entries: list[Item], blind: dict[str, list[int]]) -> list[float]:
    items = Items.of([_scored(entry) for entry in entries])
    return eap(items, np.array([blind[entry.id] for entry in entries]).T)[0].tolist()


def _scored(entry: Item) -> ItemParameters:
    start = q.starting_parameters(entry, CUTS)
    return ItemParameters(a=start.a, b=start.b, c=start.c, sd_b=start.sd_b, name=entry.id)
