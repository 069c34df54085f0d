"""Answers that came sooner than their questions can be read. They count like others; the person is told, beside the
result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

FASTEST = 50.0  # letters a second, five hundred words a minute: twice what people read at (Brysbaert 2019)
OFTEN = 1 / 3  # of the answers, from which on the result itself says less


@dataclass(frozen=True)
class TimedAnswer:
    """An answer: the question's place, how many letters it and its options have, when the answer first came."""

    position: int
    letters: int
    at: datetime

    @property
    def reading(self) -> float:
        """Seconds that nobody reads it in."""
        return self.letters / FASTEST


def too_fast(started_at: datetime, answers: Sequence[TimedAnswer], one_by_one: bool) -> frozenset[int]:
    """Positions of such answers. Of questions that come one by one each is held against the answer before; where all
    stand on one page, which may be read first and answered then, against the time of the whole: all or none."""
    ordered = sorted(answers, key=lambda each: each.at)
    if one_by_one:
        times = pairwise([started_at, *(each.at for each in ordered)])
        spent = [(end - begin).total_seconds() for begin, end in times]
        return frozenset(each.position for each, seconds in zip(ordered, spent, strict=True) if seconds < each.reading)
    whole = (ordered[-1].at - started_at).total_seconds() if ordered else 0.0
    hasty = whole < sum(each.reading for each in ordered)
    return frozenset(each.position for each in ordered) if hasty else frozenset()
