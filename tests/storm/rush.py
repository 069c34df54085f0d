"""F12: many candidates begin the same check at once and then save every ten seconds, beside one candidate alone."""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask

from lms import publishing
from lms.config import ROOT
from lms.database import db
from tests.servers import free_ports
from tests.storm.house import House
from tests.storm.stage import signed_cookie, trainee

MODULE, PAUSE = "C1.1", 10.0  # seconds between two saves of a candidate
FORM = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Times:
    """Seconds; `against`: p95 as a multiple of the lone candidate's median."""

    n: int
    p50: float
    p95: float
    p99: float
    against: float


@dataclass(frozen=True)
class Report:
    """start: from the button to the page that may write; save: from the answer to its acknowledgement."""

    candidates: int
    within: float
    start: Times
    save: Times
    errors: int


@dataclass
class Candidate:
    """A signed-in browser of its own."""

    port: int
    cookie: str
    csrf: str
    starts: list[float] = field(default_factory=list)
    saves: list[float] = field(default_factory=list)
    errors: int = 0

    def sit(self, wait: float, saves: int, pause: float = PAUSE) -> None:
        """Begin after so many seconds, then save so often."""
        time.sleep(wait)
        try:
            begun = time.monotonic()
            address, seq, tab = self._begin()
            self.starts.append(time.monotonic() - begun)
            for number in range(saves):
                time.sleep(random.uniform(0.5, 1.5) * pause)
                begun = time.monotonic()
                self._save(address, seq + number, tab)
                self.saves.append(time.monotonic() - begun)
        except (OSError, http.client.HTTPException, ValueError):
            self.errors += 1

    def _begin(self) -> tuple[str, int, str]:
        """The button, the page, and the page's claim to write, as a browser sends them."""
        _, headers, _ = self._ask("POST", f"/modules/{MODULE}/checks", {}, 303)
        address = headers["Location"].partition("?")[0]
        _, _, page = self._ask("GET", address, None, 200)
        said = dict(re.findall(r'data-(seq|epoch)="(\d+)"', page))
        tab = f"rush.{random.getrandbits(60)}"
        self._ask("POST", f"{address}/writer", {"tab": tab, "epoch": said["epoch"]}, 200)
        return address, int(said["seq"]) + 1_000_000, tab

    def _save(self, address: str, seq: int, tab: str) -> None:
        answer = {"item": 1 + seq % 6, "seq": seq, "key": f"rush-{seq:09}", "tab": tab, "answer": random.choice("abc")}
        self._ask("POST", f"{address}/responses", answer, 200)

    def _ask(
        self, method: str, path: str, fields: dict[str, object] | None, code: int
    ) -> tuple[int, http.client.HTTPMessage, str]:
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            body = None if fields is None else urlencode({**fields, "csrf_token": self.csrf})
            headers = {"Cookie": self.cookie, **(FORM if fields is not None else {})}
            wire.request(method, path, body, headers)
            reply = wire.getresponse()
            text = reply.read().decode()
        finally:
            wire.close()
        if reply.status != code:
            raise ValueError(f"{method} {path}: {reply.status}")
        return reply.status, reply.headers, text


def rush(app: Flask, url: str, data: Path, candidates: int, within: float, saves: int, workers: int = 1) -> Report:
    """So many candidates begin within so many seconds and save so often. Before them one wakes each server, which reads
    the whole content at its first page, and then a few come one after the other."""
    with app.app_context():
        publishing.load(ROOT)
        db.session.commit()
    ports = free_ports(workers)
    with House(url, data, ports):
        for port in ports:
            _candidate(app, port).sit(0, 1, pause=0)
        alone = [_candidate(app, ports[0]) for _ in range(5)]
        for one in alone:
            one.sit(0, 5, pause=0.1)
        crowd = [_candidate(app, ports[number % workers]) for number in range(candidates)]
        threads = [threading.Thread(target=one.sit, args=(random.uniform(0, within), saves)) for one in crowd]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return Report(
        candidates, within, _times([one.starts for one in crowd], [one.starts for one in alone]),
        _times([one.saves for one in crowd], [one.saves for one in alone]),
        sum(one.errors for one in (*crowd, *alone)),
    )  # fmt: skip


def _candidate(app: Flask, port: int) -> Candidate:
    with app.test_request_context("/", method="POST"):
        return Candidate(port, *signed_cookie(app, trainee("rush")))


def _times(crowd: list[list[float]], alone: list[list[float]]) -> Times:
    times, calm = sorted(chain.from_iterable(crowd)), sorted(chain.from_iterable(alone))
    p50, p95, p99 = (times[int(share * (len(times) - 1))] for share in (0.5, 0.95, 0.99))
    return Times(len(times), round(p50, 3), round(p95, 3), round(p99, 3), round(p95 / calm[len(calm) // 2], 1))
