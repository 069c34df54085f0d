"""F1 over pages that keep what stands in them: kill -9 while people write. What a page was told to be saved is there
under that number, once, and nothing is there that nobody sent."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlencode

from flask import Flask

from lms.database import db, read_only
from lms.identity.models import Person
from tests.servers import free_ports
from tests.storm.house import House
from tests.storm.kill import kill_one
from tests.storm.stage import application, signed_cookie, trainee

FORM = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
Stored = Mapping[int, str]  # number of the save -> what was sent


@dataclass(frozen=True)
class Report:
    """saved: sendings of which a page was told that they are saved; lost: of those, not there under that number, or
    under a number that was told before; strange: there, never sent; doubled: there twice; behind: works that do not
    show their newest saved sending; errors: replies that are neither saved nor "come again"."""

    pages: int
    kills: int
    saved: int
    lost: int
    strange: int
    doubled: int
    behind: int
    errors: int
    seconds: float

    @property
    def clean(self) -> bool:
        return not (self.lost or self.strange or self.doubled or self.behind or self.errors)


@dataclass
class Page:
    """One page of one work: it sends again and again until it is told a number, then the next thing. number: of the
    work; address: where it sends to; told: name of the number in the reply; keeps_all: every sending stays in the
    database, else only the newest."""

    person: int
    number: int
    address: str
    cookie: str
    csrf: str
    ports: tuple[int, ...]
    stop: threading.Event
    chance: random.Random
    sent: list[str] = field(default_factory=list)
    acknowledged: dict[int, str] = field(default_factory=dict)
    again: int = 0
    errors: int = 0

    told: ClassVar[str] = "number"
    keeps_all: ClassVar[bool] = True

    @classmethod
    def begin(cls, person: Person) -> tuple[int, str]:
        """Number of a new work and the address of its page."""
        raise NotImplementedError

    def thing(self, at: int) -> str:
        """What is sent as the next one; each differs from the one before."""
        return f"{self.sent[-1] if at else ''} word{at}"[-600:].strip()

    def fields(self, thing: str, seq: int, base: int) -> dict[str, object]:
        raise NotImplementedError

    def stored(self) -> tuple[Stored, str]:
        """What is kept, and what the work shows now."""
        raise NotImplementedError

    def run(self) -> None:
        connection, base = None, 0
        while not self.stop.is_set():
            self.sent.append(self.thing(len(self.sent)))
            while not self.stop.is_set():
                connection, number = self._post(connection, self.fields(self.sent[-1], len(self.sent), base))
                if number:
                    base = self._note(number)
                    break
                time.sleep(0.05)

    def _note(self, number: int) -> int:
        """A number that was told before: the save between is gone."""
        self.again += number in self.acknowledged
        self.acknowledged[number] = self.sent[-1]
        return number

    def _post(
        self, connection: http.client.HTTPConnection | None, fields: Mapping[str, object]
    ) -> tuple[http.client.HTTPConnection | None, int]:
        connection = connection or http.client.HTTPConnection("127.0.0.1", self.chance.choice(self.ports), timeout=15)
        try:
            body = urlencode({**fields, "csrf_token": self.csrf})
            connection.request("POST", self.address, body, FORM | {"Cookie": self.cookie})
            reply = connection.getresponse()
            told = json.loads(reply.read())
        except (OSError, http.client.HTTPException, ValueError):
            connection.close()
            return None, 0
        fine = reply.status == 200 and told.get("saved") is True
        if not fine and reply.status != 503:
            self.errors += 1
            self.stop.wait(0.5)
        return connection, int(told[self.told]) if fine else 0


def write_through(
    url: str,
    data: Path,
    kinds: Sequence[type[Page]],
    pages: int,
    kills: int,
    saves: int,
    workers: int = 1,
    mutant: str = "",
    settings: Mapping[str, str] | None = None,
    seed: int = 1,
) -> Report:
    """Pages of these kinds in turn, until so many sendings are saved and so many servers were killed."""
    app, stop, chance = application(url, data), threading.Event(), random.Random(seed)
    ports, begun = free_ports(workers), time.monotonic()
    crowd = [_page(app, kinds[at % len(kinds)], ports, stop, random.Random(f"{seed}-{at}")) for at in range(pages)]
    with House(url, data, ports, mutant, settings=dict(settings or {})) as house:
        threads = [threading.Thread(target=page.run) for page in crowd]
        for thread in threads:
            thread.start()
        try:
            for number in range(1, kills + 1):
                _wait(crowd, saves * number // (kills + 1), mutant)
                kill_one(house, chance)
            _wait(crowd, saves, mutant)
        finally:  # a storm that fails must not rage on
            stop.set()
            for thread in threads:
                thread.join()
    return _report(app, crowd, kills, time.monotonic() - begun)


def _page(app: Flask, kind: type[Page], ports: tuple[int, ...], stop: threading.Event, chance: random.Random) -> Page:
    with app.test_request_context("/", method="POST"):
        person = trainee("writer")
        number, address = kind.begin(person)
        return kind(person.id, number, address, *signed_cookie(app, person), ports, stop, chance)


def _saved(crowd: Sequence[Page]) -> int:
    return sum(len(page.acknowledged) for page in crowd)


def _wait(crowd: Sequence[Page], saves: int, mutant: str, patience: float = 60) -> None:
    """RuntimeError where for so long nothing more is saved; a server that cheats may be found out before."""
    before, begun = -1, time.monotonic()
    while (now := _saved(crowd)) < saves:
        if mutant and sum(page.errors for page in crowd):
            return
        if now != before:
            before, begun = now, time.monotonic()
        if time.monotonic() - begun > patience:
            raise RuntimeError(f"{now} of {saves} are saved, then none for {patience} s")
        time.sleep(0.02)


def _report(app: Flask, crowd: Sequence[Page], kills: int, seconds: float) -> Report:
    with app.app_context(), read_only():
        found = [_books(page, *_fresh(page.stored)) for page in crowd]
    lost, strange, doubled, behind = (sum(each) for each in zip(*found, strict=True))
    errors = sum(page.errors for page in crowd)
    return Report(len(crowd), kills, _saved(crowd), lost, strange, doubled, behind, errors, round(seconds, 1))


def _fresh(stored: Callable[[], tuple[Stored, str]]) -> tuple[Stored, str]:
    found = stored()
    db.session.rollback()
    return found


def _books(page: Page, kept: Stored, shown: str) -> tuple[int, int, int, int]:
    """Lost, strange, doubled and behind, see `Report`."""
    newest = page.acknowledged[max(page.acknowledged)] if page.acknowledged else ""
    gone = [number for number, thing in page.acknowledged.items() if kept.get(number) != thing]
    return (
        page.again + (len(gone) if page.keeps_all else 0),
        sum(thing not in page.sent for thing in kept.values()),
        len(kept) - len(set(kept.values())),
        int(shown not in (newest, page.sent[-1] if page.sent else "")),
    )
