"""F1: kill -9 of the application at random moments while people answer; F2 strikes its database in the same way."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flask import Flask
from sqlalchemy import text

from lms.database import db, read_only
from tests.servers import free_ports
from tests.storm.clients import Client
from tests.storm.house import House
from tests.storm.ledger import Ledger, Verdict
from tests.storm.stage import application, sitters


@dataclass(frozen=True)
class Report:
    """p50, p95, slowest: seconds from the first try of an answer to its acknowledgement, the kills included; back: the
    longest time from a strike to the next acknowledgement of anybody; intact: what SQLite's integrity check says."""

    verdict: Verdict
    strikes: int
    server_errors: int
    back: float
    intact: bool
    p50: float
    p95: float
    slowest: float
    seconds: float


Strike = Callable[[House, random.Random], None]


def kill_one(house: House, chance: random.Random) -> None:
    """One server dies, and a new one stands on its port."""
    house.kill(chance.choice(house.ports))


def storm(
    url: str,
    data: Path,
    clients: int,
    kills: int,
    answers: int,
    workers: int = 1,
    mutant: str = "",
    seed: int = 1,
    strike: Strike = kill_one,
) -> Report:
    """Answer until so many are acknowledged and so many strikes have fallen; then compare the books. A strike returns
    when what it broke is up again."""
    app = application(url, data)
    people = sitters(app, clients)
    ledger, stop, chance = Ledger(), threading.Event(), random.Random(seed)
    begun = time.monotonic()
    with House(url, data, free_ports(workers), mutant) as house:
        crowd = [
            Client(person, house.ports, ledger, stop, random.Random(f"{seed}-{person.attempt}")) for person in people
        ]
        threads = [threading.Thread(target=client.run) for client in crowd]
        for thread in threads:
            thread.start()
        try:
            struck = _rage(ledger, answers, kills, partial(strike, house, chance), chance)
        finally:  # a storm that fails must not rage on
            stop.set()
            for thread in threads:
                thread.join()
    verdict = ledger.verdict(app)
    waits = sorted(wait for client in crowd for wait in client.waits)
    p50, p95, slowest = (round(waits[int(share * (len(waits) - 1))], 3) for share in (0.5, 0.95, 1))
    errors = sum(client.errors for client in crowd)
    back = round(ledger.longest_silence(struck), 3)
    return Report(verdict, kills, errors, back, intact(app), p50, p95, slowest, round(time.monotonic() - begun, 1))


def _rage(ledger: Ledger, answers: int, kills: int, strike: Callable[[], None], chance: random.Random) -> list[float]:
    """Strikes spread over the answers; the moments at which each was over."""
    struck = []
    for number in range(1, kills + 1):
        time.sleep(chance.uniform(0.2, 0.6))
        wait_for(ledger, answers * number // (kills + 1))
        strike()
        struck.append(time.monotonic())
    wait_for(ledger, max(answers, len(ledger.acknowledged) + 1))
    return struck


def intact(app: Flask) -> bool:
    """What the database says of itself; PostgreSQL has no such question and counts as intact when it answers."""
    with app.app_context(), read_only():
        if db.engine.dialect.name == "sqlite":
            return db.session.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
        return db.session.scalar(text("SELECT 1")) == 1


def wait_for(ledger: Ledger, answers: int, patience: float = 90) -> None:
    """Until so many are acknowledged; RuntimeError when for so many seconds not one is: no server comes back."""
    begun = time.monotonic()
    while len(ledger.acknowledged) < answers:
        if time.monotonic() - max([begun, *ledger.times[-1:]]) > patience:
            raise RuntimeError(f"{len(ledger.acknowledged)} of {answers} answers, then none for {patience} s")
        time.sleep(0.05)
