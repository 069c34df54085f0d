"""The tests there are: each registered by the room that gives it. This room knows none of them by name."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app, url_for

from lms.assess.attempt import Attempt
from lms.assess.item_sampling import CHOOSERS, Chooser
from lms.assess.specification import Specification
from lms.identity.access import may_open
from lms.identity.models import Person

Tests = dict[str, tuple[Specification, Chooser]]


def register(app: Flask, test: Specification, choose: Chooser | None = None) -> None:
    """Make the test known to the application; `choose` for a selection of the room's own. ValueError for a name that is
    taken and for a selection that nobody knows how to make."""
    tests = _tests(app)
    chooser = choose or CHOOSERS.get(test.selection)
    if test.name in tests:
        raise ValueError(f"two tests have the name {test.name!r}")
    if chooser is None:
        raise ValueError(f"{test.name}: no way is registered to choose items by {test.selection!r}")
    tests[test.name] = (test, chooser)


def registered(name: str) -> tuple[Specification, Chooser]:
    """The test as it is today and how its items are chosen; LookupError for a name that no room has registered."""
    return _tests(current_app)[name]


def result_endpoint(attempt: Attempt) -> str:
    """The page of whoever gives the test today; of a test that is given no more, or whose page is said by whoever
    begins it, the page it had."""
    today = _tests(current_app).get(attempt.purpose)
    return (today[0].result_endpoint if today else "") or attempt.specification.result_endpoint


def result_address(attempt: Attempt, person: Person) -> str:
    """Where the way leads after the end: the test's own page if it is there and opens for the person, else this room's
    plain "handed in"."""
    endpoint = result_endpoint(attempt)
    if not may_open(person, endpoint):
        endpoint = "assess.submission"
    return url_for(endpoint, attempt_id=attempt.id)


def _tests(app: Flask) -> Tests:
    return cast(Tests, app.extensions.setdefault("tests", {}))
