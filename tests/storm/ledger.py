"""What the clients know for certain, and what the database must therefore hold.

The list only grows: a check of the newest value of each item would find nothing lost as soon as a later answer covers
the hole (reliability.md, §5).
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import select

from lms.assess import Attempt
from lms.assess.models import Response
from lms.database import db, read_only

Answer = tuple[int, int, int, str]  # attempt, position, client_seq, value


@dataclass(frozen=True)
class Verdict:
    """acknowledged: answers the clients were told are saved; lost: of those, not in the database; ghosts: in the
    database, never sent; doubled: keys stored twice; covered: current answers older than an acknowledged one."""

    acknowledged: int
    lost: int
    ghosts: int
    doubled: int
    covered: int

    @property
    def clean(self) -> bool:
        return not (self.lost or self.ghosts or self.doubled or self.covered)


@dataclass
class Ledger:
    """Every answer that was sent, and every one that was acknowledged, by idempotency key; times: of the
    acknowledgements, in order."""

    sent: dict[str, Answer] = field(default_factory=dict)
    acknowledged: dict[str, Answer] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, key: str, answer: Answer) -> None:
        with self.lock:
            self.sent[key] = answer

    def acknowledge(self, key: str, answer: Answer) -> None:
        with self.lock:
            self.acknowledged[key] = answer
            self.times.append(time.monotonic())

    def longest_silence(self, moments: list[float]) -> float:
        """The longest time from one of these moments to the next acknowledgement, in seconds."""
        places = (bisect_right(self.times, moment) for moment in moments)
        return max(self.times[place] - moment for place, moment in zip(places, moments, strict=True))

    def verdict(self, app: Flask) -> Verdict:
        with app.app_context(), read_only():
            rows = db.session.scalars(select(Response)).all()
            stored = Counter(row.idempotency_key for row in rows)
            held = {key for key in self.acknowledged if stored[key]}
            return Verdict(
                len(self.acknowledged),
                len(self.acknowledged) - len(held),
                sum(key not in self.sent for key in stored),
                sum(count - 1 for count in stored.values()),
                self._covered(),
            )

    def _covered(self) -> int:
        newest: dict[tuple[int, int], int] = {}
        for attempt, position, seq, _ in self.acknowledged.values():
            newest[attempt, position] = max(seq, newest.get((attempt, position), 0))
        current = {
            (attempt.id, position): response.client_seq
            for attempt in db.session.scalars(select(Attempt))
            for position, response in attempt.current_answers().items()
        }
        return sum(current.get(place, 0) < seq for place, seq in newest.items())
