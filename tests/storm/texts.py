"""F1 over practice texts: kill -9 while people type. Whatever was said to be saved is there, and stays."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import select

from lms.database import db, read_only
from lms.identity.models import Person
from lms.learn.models import PracticeWork
from tests.storm.house import House
from tests.storm.kill import free_ports, kill_one
from tests.storm.stage import application, signed_cookie, trainee

MODULE = "C1.1"
FORM = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Report:
    """saved: texts of which a writer was told that they are saved; lost: of those, gone at a later save or at the end;
    strange: texts in the database that nobody wrote; errors: replies that are neither saved nor "come again"."""

    writers: int
    kills: int
    saved: int
    lost: int
    strange: int
    errors: int
    seconds: float

    @property
    def clean(self) -> bool:
        return not (self.lost or self.strange or self.errors)


@dataclass
class Writer:
    """One page that types: it sends its whole text with a number, again and again until it is told that it is saved,
    and goes on from the version it was told."""

    person: int
    cookie: str
    csrf: str
    ports: tuple[int, ...]
    stop: threading.Event
    chance: random.Random
    typed: dict[int, str] = field(default_factory=dict)  # by number of the sending
    acknowledged: int = 0  # the newest number that was said to be saved
    version: int = 0
    saved: int = 0
    lost: int = 0
    errors: int = 0

    def run(self) -> None:
        connection, seq = None, 0
        while not self.stop.is_set():
            seq += 1
            self.typed[seq] = f"{self.typed.get(seq - 1, '')[-4000:]} word{seq}".strip()
            while not self.stop.is_set():
                connection, told = self._post(connection, seq)
                if told:
                    self._note(seq, int(str(told["version"])))
                    break
                time.sleep(0.05)

    def _note(self, seq: int, version: int) -> None:
        """A version that does not grow was there before: the save between is gone."""
        self.lost += version <= self.version
        self.acknowledged, self.version, self.saved = seq, version, self.saved + 1

    def _post(
        self, connection: http.client.HTTPConnection | None, seq: int
    ) -> tuple[http.client.HTTPConnection | None, dict[str, object]]:
        connection = connection or http.client.HTTPConnection("127.0.0.1", self.chance.choice(self.ports), timeout=15)
        fields = {"text": self.typed[seq], "base": self.version, "writer": "page-that-types", "seq": seq}
        try:
            body = urlencode(fields | {"csrf_token": self.csrf})
            connection.request("POST", f"/modules/{MODULE}/practice", body, FORM | {"Cookie": self.cookie})
            reply = connection.getresponse()
            told = json.loads(reply.read())
        except (OSError, http.client.HTTPException, ValueError):
            connection.close()
            return None, {}
        fine = reply.status == 200 and told.get("saved") is True
        self.errors += not fine and reply.status != 503
        return connection, told if fine else {}


def type_through(
    url: str, data: Path, writers: int, kills: int, saves: int, workers: int = 1, mutant: str = "", seed: int = 1
) -> Report:
    """Type until so many texts are saved and so many servers were killed; then look what is there."""
    app, stop, chance = application(url, data), threading.Event(), random.Random(seed)
    ports, begun = free_ports(workers), time.monotonic()
    crowd = [_writer(app, ports, stop, random.Random(f"{seed}-{number}")) for number in range(writers)]
    with House(url, data, ports, mutant, settings={"STORM_CONTENT": "1"}) as house:
        threads = [threading.Thread(target=writer.run) for writer in crowd]
        for thread in threads:
            thread.start()
        try:
            for number in range(1, kills + 1):
                _wait(crowd, saves * number // (kills + 1))
                kill_one(house, chance)
            _wait(crowd, saves)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
    ends = [_end(app, writer) for writer in crowd]
    return Report(
        writers,
        kills,
        sum(writer.saved for writer in crowd),
        sum(writer.lost for writer in crowd) + ends.count("lost"),
        ends.count("strange"),
        sum(writer.errors for writer in crowd),
        round(time.monotonic() - begun, 1),
    )


def _writer(app: Flask, ports: tuple[int, ...], stop: threading.Event, chance: random.Random) -> Writer:
    with app.test_request_context("/", method="POST"):
        person = trainee("writer")
        return Writer(person.id, *signed_cookie(app, person), ports, stop, chance)


def _wait(crowd: list[Writer], saves: int, patience: float = 60) -> None:
    """RuntimeError where for so long nothing more is saved: no server comes back."""
    before, begun = -1, time.monotonic()
    while (now := sum(writer.saved for writer in crowd)) < saves:
        if now != before:
            before, begun = now, time.monotonic()
        if time.monotonic() - begun > patience:
            raise RuntimeError(f"{now} of {saves} texts, then none for {patience} s")
        time.sleep(0.02)


def _end(app: Flask, writer: Writer) -> str:
    """ "kept", "lost" (older than what was said to be saved) or "strange" (nobody wrote it)."""
    with app.app_context(), read_only():
        work = db.session.scalar(select(PracticeWork).join(Person).where(Person.id == writer.person))
        if work is None:
            return "lost" if writer.acknowledged else "kept"
        if writer.typed.get(work.seq) != work.text:
            return "strange"
        return "lost" if work.seq < writer.acknowledged else "kept"
