"""Questions on trial among those that count: which ones a test holds, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from lms import evidence, publishing
from lms.assess.chance import chance
from lms.assess.item_sampling import Numbered, are_enemies, in_language
from lms.assess.specification import Specification
from lms.identity.models import Person

SHARE = 0.5  # of the tests that could hold some
Trials = dict[int, int]  # position in the test -> revision


def may_hold_trials(test: Specification, subject: str) -> bool:
    """Whether somebody's test of this kind could: to be said before it begins."""
    return bool(test.trials and _pool(test, subject))


def plan(person: Person, test: Specification, subject: str, form: Sequence[int]) -> Trials:
    """Some for this test, or none. form: revisions of the sheet, or of the bank of an adaptive test. Nothing is drawn
    where there is no question to try."""
    pool = in_language(_pool(test, subject), person.language) if test.trials else ()
    beside = [(revision, publishing.item(revision)) for revision in form] if pool else []
    wanted = evidence.wanted_trials(person.id, [pair for pair in pool if not are_enemies([pair], beside)])
    if not wanted or chance().random() >= SHARE:
        return {}
    gaps = _gaps(beside) if test.revisit else list(range(1, test.least or test.most))
    places = sorted(chance().sample(gaps, min(test.trials, len(wanted), len(gaps))))
    return {gap + number: revision for number, (gap, revision) in enumerate(zip(places, wanted, strict=False), 1)}


def merged(form: Sequence[int], trials: Mapping[int, int]) -> list[int]:
    """The sheet with the questions on trial in their places."""
    counting = iter(form)
    return [trials.get(position) or next(counting) for position in range(1, len(form) + len(trials) + 1)]


def _pool(test: Specification, subject: str) -> Sequence[Numbered]:
    return publishing.trials(test.pool, **({test.part: subject} if test.part else {}))


def _gaps(form: Sequence[Numbered]) -> list[int]:
    """Behind which questions another may come: not between two about one table."""
    tables = [item.set_id for _, item in form]
    pairs = enumerate(pairwise(tables), 1)
    return [place for place, (before, after) in pairs if not before or before != after]
