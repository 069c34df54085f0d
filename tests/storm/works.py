"""F1 over work samples: kill -9 while people play a sprint and write a reply. What was said to be saved is in the log
with that number, once, and nothing is there that nobody sent."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask

from lms.database import db, read_only
from lms.identity.models import Person
from lms.lab import runs
from lms.lab.tasks import TASKS as PLAYED
from lms.rating import works
from lms.rating.tasks import TASKS as WRITTEN
from tests.storm.house import House
from tests.storm.kill import free_ports, kill_one
from tests.storm.stage import application, signed_cookie, trainee

FORM = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
PARTS = ("morning", "noon", "afternoon", "evening")
WRITER = "ab" * 12
Stored = Mapping[int, str]  # number in the log -> what was sent


@dataclass(frozen=True)
class Report:
    """saved: entries of which a page was told that they are saved; lost: of those, not in the log under that number;
    strange: in the log, never sent; doubled: in it twice; behind: works whose newest saved entry is not what they show;
    errors: replies that are neither saved nor "come again"."""

    players: int
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
class Player:
    """One page of one work: it sends an entry again and again until it is told the entry's number, then the next one.
    number: of the work; address: where it sends to."""

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
    errors: int = 0

    is_sprint = True

    def run(self) -> None:
        connection, base = None, 0
        while not self.stop.is_set():
            self.sent.append(self.thing(len(self.sent)))
            while not self.stop.is_set():
                connection, number = self._post(connection, self.fields(self.sent[-1], len(self.sent), base))
                if number:
                    self.acknowledged[number], base = self.sent[-1], number
                    break
                time.sleep(0.05)

    def thing(self, at: int) -> str:
        """What is sent as the next one; each differs from the one before."""
        return f"{PARTS[at % 4]} {at}"

    def fields(self, thing: str, seq: int, base: int) -> dict[str, object]:
        return {"windows": thing.partition(" ")[0], "kpi": thing, "act": "save", "key": f"storm-{seq:06}", "base": base}

    def stored(self) -> tuple[Stored, str]:
        """The log, and what the work shows now."""
        run = runs.run_of(self.person, self.number)
        log = {row.number: row.form["kpi"][0] for row in runs.log_of(run)}
        return log, runs.play_of(run)[0].form(1).get("kpi", [""])[0]

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
        return connection, int(told["number"]) if fine else 0


class Writer(Player):
    """The page of a written reply."""

    is_sprint = False

    def thing(self, at: int) -> str:
        return f"{self.sent[-1] if at else ''} word{at}"[-600:].strip()

    def fields(self, thing: str, seq: int, base: int) -> dict[str, object]:
        return {"reply": thing, "writer": WRITER, "seq": seq, "base": base}

    def stored(self) -> tuple[Stored, str]:
        work = works.work_of(self.person, self.number)
        log = {row.number: row.form["reply"][0] for row in works.LOG.entries_of(work)}
        return log, works.form_of(work).get("reply", [""])[0]


def play_through(
    url: str, data: Path, players: int, kills: int, saves: int, workers: int = 1, mutant: str = "", seed: int = 1
) -> Report:
    """Half of them play, half of them write, until so many entries are saved and so many servers were killed."""
    app, stop, chance = application(url, data), threading.Event(), random.Random(seed)
    ports, begun = free_ports(workers), time.monotonic()
    crowd = [_player(app, (Player, Writer)[number % 2], ports, stop, seed + number) for number in range(players)]
    with House(url, data, ports, mutant) as house:
        threads = [threading.Thread(target=player.run) for player in crowd]
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


def _player(app: Flask, kind: type[Player], ports: tuple[int, ...], stop: threading.Event, seed: int) -> Player:
    with app.test_request_context("/", method="POST"):
        person = trainee("player")
        number, address = _begun(person, kind.is_sprint)
        return kind(person.id, number, address, *signed_cookie(app, person), ports, stop, random.Random(seed))


def _begun(person: Person, is_sprint: bool) -> tuple[int, str]:
    if is_sprint:
        run = runs.start(person, PLAYED["campaign"], brief="tonir")
        return run.id, f"/lab/runs/{run.id}/steps/1"
    work = works.start(person, WRITTEN["reply"], "hy")
    return work.id, f"/written/works/{work.id}"


def _wait(crowd: Sequence[Player], saves: int, mutant: str, patience: float = 60) -> None:
    """RuntimeError where for so long nothing more is saved; a server that cheats may be found out before."""
    before, begun = -1, time.monotonic()
    while (now := sum(len(player.acknowledged) for player in crowd)) < saves:
        if mutant and sum(player.errors for player in crowd):
            return
        if now != before:
            before, begun = now, time.monotonic()
        if time.monotonic() - begun > patience:
            raise RuntimeError(f"{now} of {saves} entries, then none for {patience} s")
        time.sleep(0.02)


def _report(app: Flask, crowd: Sequence[Player], kills: int, seconds: float) -> Report:
    lost = strange = doubled = behind = 0
    with app.app_context(), read_only():
        for player in crowd:
            log, shown = player.stored()
            db.session.rollback()
            newest = player.acknowledged[max(player.acknowledged)] if player.acknowledged else ""
            lost += sum(log.get(number) != thing for number, thing in player.acknowledged.items())
            strange += sum(thing not in player.sent for thing in log.values())
            doubled += len(log) - len(set(log.values()))
            behind += shown not in (newest, player.sent[-1] if player.sent else "")
    saved, errors = sum(len(player.acknowledged) for player in crowd), sum(player.errors for player in crowd)
    return Report(len(crowd), kills, saved, lost, strange, doubled, behind, errors, round(seconds, 1))
