"""How the items of a test are chosen: at random with sets whole and enemies apart, the whole pool, an adaptive bank."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping, Sequence

from flask import abort

from lms import evidence, publishing
from lms.assess.chance import chance
from lms.assess.specification import Specification
from lms.content.document import asks
from lms.content.model import Item
from lms.identity.models import Person

Numbered = tuple[int, Item]  # an item and its revision
Chooser = Callable[[Specification, Person, str], Sequence[int]]
"""(test, person, subject) -> revisions: the form in its order, or the bank that an adaptive test chooses from."""


def drawn(test: Specification, person: Person, subject: str) -> list[int]:
    """`least` to `most` random items, those first whose key the person has not seen."""
    return draw(unasked(test, subject), evidence.seen_keys(person.id), chance(), test.least, test.most)


def whole(test: Specification, _person: Person, subject: str) -> list[int]:
    """All items of the pool in a random order."""
    bank = pool(test, subject)
    return draw(bank, (), chance(), len(bank), len(bank))


def unseen(test: Specification, person: Person, subject: str) -> list[int]:
    """The pool in the person's language without the items whose key they have seen, if enough others are left for the
    whole test."""
    bank, exposed = in_language(pool(test, subject), person.language), evidence.seen_keys(person.id)
    fresh = [revision for revision, item in bank if item.id not in exposed]
    return sorted(fresh if len(fresh) >= test.most else [revision for revision, _ in bank])


CHOOSERS: Mapping[str, Chooser] = {"drawn": drawn, "whole": whole, "adaptive": unseen}


def pool(test: Specification, subject: str) -> list[Numbered]:
    """The published items that the test asks about this subject; 404 without any."""
    part = {test.part: subject} if test.part else {}
    return publishing.items(test.pool, **part) or abort(404)


def unasked(test: Specification, subject: str) -> list[Numbered]:
    """As `pool`, never an item that the module's own text asks and explains."""
    module = publishing.library().modules.get(subject) if test.part == "module" else None
    return [(revision, item) for revision, item in pool(test, subject) if not (module and asks(module, item.id))]


def in_language(bank: Sequence[Numbered], language: str) -> Sequence[Numbered]:
    """Items that can be read in the language; all of them where none can."""
    return [(revision, item) for revision, item in bank if language in item.languages] or bank


def draw(bank: Sequence[Numbered], exposed: Collection[str], rng: random.Random, least: int, most: int) -> list[int]:
    """Revision ids of a form: `least` to `most` where the bank allows. The items of a table stay together."""
    groups: dict[str, list[Numbered]] = {}
    for number, item in bank:
        groups.setdefault(item.set_id or item.id, []).append((number, item))
    shuffled = rng.sample(list(groups.values()), len(groups))
    unseen_first = sorted(shuffled, key=lambda group: all(item.id in exposed for _, item in group))
    sample: list[Numbered] = []
    for group in unseen_first:
        if len(sample) < least and len(sample) + len(group) <= most and not are_enemies(group, sample):
            sample += group
    return [number for number, _ in sample]


def are_enemies(group: Sequence[Numbered], sample: Sequence[Numbered]) -> bool:
    """Whether an item of one gives away another, said by either of them."""
    return any(item.id in other.enemies or other.id in item.enemies for _, item in group for _, other in sample)
