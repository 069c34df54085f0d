"""At a moment of the past, and answering there as somebody of known ability would."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from lms import assess, clock, evidence, publishing
from lms.content import Item
from lms.demo.respondent import respond


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """The room's clock at a moment of the past. The demo is made in a process that serves nobody."""
    clock.shift(moment - datetime.now(moment.tzinfo))
    try:
        yield
    finally:
        clock.shift(timedelta(0))


def answer(attempt: assess.Attempt, position: int, theta: Callable[[Item], float], rng: random.Random) -> None:
    """Half a minute or so later, from the page that began the attempt. Nothing is calibrated yet."""
    clock.shift(clock.now() - datetime.now(UTC) + timedelta(seconds=rng.lognormvariate(3.4, 0.5)))
    row = attempt.items[position - 1]
    item = publishing.item(row.revision_id)
    form = respond(item, row.instance, evidence.prior(row.revision_id), theta(item), rng)
    attempt.answer(position, form, position, f"demo-{attempt.id}-{position}", attempt.writer().tab)
