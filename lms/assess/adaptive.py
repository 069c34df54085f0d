""" "Find my level": about twenty questions over the six skills, each chosen from the answers so far.

Everything that decides is pinned in the attempt (bank, parameter set, seed), so a finished one can be replayed.
"""

from __future__ import annotations

from functools import lru_cache

from flask import abort

from lms import evidence, publishing
from lms.assess import marking
from lms.assess.attempt import Attempt
from lms.assess.attempts import append_item, start
from lms.content import questions
from lms.content.model import Item
from lms.identity.models import Person
from lms.psychometrics.item_pool import Blueprint, ItemPool
from lms.psychometrics.items import Items
from lms.psychometrics.select import Selector, TestState
from lms.psychometrics.stop import Stop

LENGTH = 20
TITLE = {"hy": "Մակարդակի որոշում", "en": "Find my level"}


def start_placement(person: Person) -> Attempt:
    """The open placement, or a new one with its first question; 404 while no placement question is published."""
    attempt = start(person, "placement", "placement", TITLE, ())
    if not attempt.items:
        attempt.bank = _bank_for(person)
        _go_on(attempt)
    return attempt


def advance(attempt: Attempt, position: int) -> None:
    """Choose the next question once the answer to the last one stands, or end the attempt; else do nothing."""
    answered = attempt.current_answers()
    if attempt.submitted_at is None and position == len(attempt.items) and position in answered:
        _go_on(attempt)


def path(attempt: Attempt) -> list[int]:
    """Revisions in the order in which seed and answers choose them: equal to the attempt's items, always."""
    items, categories = _given(attempt)
    bank = attempt.bank or []
    places = [bank.index(revision) for revision in items]
    selector = _selector(tuple(bank), attempt.parameter_set_id)
    steps = (
        selector.next(TestState(tuple(places[:n]), tuple(categories[:n]), attempt.seed)) for n in range(len(places))
    )
    return [bank[step.item] for step in steps if step.item is not None]


def _go_on(attempt: Attempt) -> None:
    items, categories = _given(attempt)
    bank = attempt.bank or []
    state = TestState(tuple(bank.index(revision) for revision in items), categories, attempt.seed)
    step = _selector(tuple(bank), attempt.parameter_set_id).next(state)
    if step.item is None:
        attempt.finish()
    else:
        append_item(attempt, bank[step.item])


def _given(attempt: Attempt) -> tuple[list[int], tuple[int, ...]]:
    """Revisions given and the category of each answer; what was left out counts 0."""
    answers = attempt.current_answers()
    categories = []
    for item in attempt.items:
        response = answers.get(item.position)
        value = marking.read(item, response.value) if response else None
        categories.append(questions.mark(publishing.item(item.revision_id), item.instance, value).category)
    return [item.revision_id for item in attempt.items], tuple(categories)


def _bank_for(person: Person) -> list[int]:
    """Published placement questions, without those whose key the person has seen if enough others are left."""
    published = [(revision, item) for revision, item in publishing.items(pool="placement") if item.answerable]
    if not published:
        abort(404)
    seen = evidence.seen_keys(person.id)
    fresh = [revision for revision, item in published if item.id not in seen]
    return sorted(fresh if len(fresh) >= LENGTH else [revision for revision, _ in published])


@lru_cache(maxsize=8)
def _selector(revisions: tuple[int, ...], parameter_set_id: int | None) -> Selector:
    items = [publishing.item(revision) for revision in revisions]
    units = evidence.units(revisions, parameter_set_id)
    bank = ItemPool(
        Items.of([units[revision] for revision in revisions]), tuple(item.skill for item in items),
        tuple(item.sub for item in items), tuple(item.set_id or "" for item in items), _enemies(items),
    )  # fmt: skip
    return Selector(bank, Blueprint(), Stop(max_items=LENGTH))


def _enemies(items: list[Item]) -> tuple[tuple[int, int], ...]:
    place = {item.id: index for index, item in enumerate(items)}
    return tuple((place[item.id], place[enemy]) for item in items for enemy in item.enemies if enemy in place)
