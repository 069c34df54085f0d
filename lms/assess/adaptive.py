"""An adaptive test: each question chosen from the answers so far.

Everything that decides is pinned in the attempt (rules, bank, parameter set, seed), so a finished one can be replayed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache

from msgspec.json import decode, encode

from lms import evidence, publishing
from lms.assess import marking
from lms.assess.attempt import Attempt
from lms.assess.models import Response
from lms.assess.specification import Specification
from lms.content import questions
from lms.content.model import Item
from lms.psychometrics.item_pool import Blueprint, ItemPool
from lms.psychometrics.items import Items
from lms.psychometrics.select import Selector, TestState
from lms.psychometrics.stop import Stop


def next_revision(attempt: Attempt, answers: Mapping[int, Response]) -> int | None:
    """The question to put next; None at the end of the test. answers: those that count, by position."""
    delivered, categories = _answered(attempt, answers)
    bank, selector = attempt.bank or [], _selector_of(attempt)
    places = tuple(map(bank.index, delivered))
    step = selector.next(TestState(places, categories, attempt.seed, _known(attempt, selector)))
    return None if step.item is None else bank[step.item]


def path(attempt: Attempt) -> list[int]:
    """Revisions in the order in which seed and answers choose them: equal to the attempt's items that count,
    always."""
    delivered, categories = _answered(attempt, attempt.current_answers())
    bank, selector = attempt.bank or [], _selector_of(attempt)
    places, estimates = tuple(map(bank.index, delivered)), _known(attempt, selector)
    steps = (selector.next(TestState(places[:n], categories[:n], attempt.seed, estimates)) for n in range(len(places)))
    return [bank[step.item] for step in steps if step.item is not None]


def _known(attempt: Attempt, selector: Selector) -> tuple[tuple[float, float], ...]:
    """Mean and SD of the selector's skills at the beginning; () where the test begins from nothing."""
    return begun_from({skill: (mean, sd) for skill, (mean, sd) in (attempt.known or {}).items()}, selector)


def begun_from(estimates: Mapping[str, tuple[float, float]], selector: Selector) -> tuple[tuple[float, float], ...]:
    """The same as the selector takes it."""
    usual = selector.mu, selector.sd
    return tuple(estimates.get(skill, usual) for skill in selector.skills) if estimates else ()


def _answered(attempt: Attempt, answers: Mapping[int, Response]) -> tuple[list[int], tuple[int, ...]]:
    """Revisions delivered and the category of each answer; what was left out counts 0."""
    counting = [item for item in attempt.items if not attempt.trial_at(item.position)]
    categories = []
    for item in counting:
        response = answers.get(item.position)
        form = response.value if response else {}
        question = publishing.item(item.revision_id)
        categories.append(_category(question, encode(item.instance), encode(form)))
    return [item.revision_id for item in counting], tuple(categories)


@lru_cache(maxsize=4_096)
def _category(question: Item, instance: bytes, form: bytes) -> int:
    """Of an answer, from what stands in JSON. Kept: each next question is chosen from all answers before it."""
    drawn = decode(instance)
    return questions.mark(question, drawn, marking.read(question, drawn, decode(form))).category


def _selector_of(attempt: Attempt) -> Selector:
    return selector_for(attempt.specification, attempt.bank or (), attempt.parameter_set_id)


def selector_for(test: Specification, bank: Iterable[int], parameter_set_id: int | None) -> Selector:
    """What chooses the questions of such a test from a bank of revisions."""
    return _selector(tuple(bank), parameter_set_id, test.written)


@lru_cache(maxsize=8)
def _selector(revisions: tuple[int, ...], parameter_set_id: int | None, rules: str) -> Selector:
    test = Specification.read(json.loads(rules))
    items = [publishing.item(revision) for revision in revisions]
    units = evidence.units(revisions, parameter_set_id)
    bank = ItemPool(
        Items.of([units[revision] for revision in revisions]),
        tuple(item.skill for item in items),
        tuple(item.sub for item in items),
        tuple(item.set_id or "" for item in items),
        _enemies(items),
    )
    stop = Stop(max_items=test.most, min_items=test.least, target_sd=test.target_sd, cuts=test.cuts, cut=test.cut)
    return Selector(bank, _blueprint(test), stop, top=test.choice, widest=test.widest, testlet_sd=test.testlet_sd)


def _blueprint(test: Specification) -> Blueprint:
    """A sub-competency is named with its skill: "content.copy"."""
    subs = {name: share for name, share in test.blueprint.items() if "." in name}
    return Blueprint({name: share for name, share in test.blueprint.items() if name not in subs}, subs)


def _enemies(items: list[Item]) -> tuple[tuple[int, int], ...]:
    place = {item.id: index for index, item in enumerate(items)}
    return tuple((place[item.id], place[enemy]) for item in items for enemy in item.enemies if enemy in place)
