"""`python -m tests.bench.capacity [--seconds S] [--database sqlite|postgresql]`: how much the server as shipped bears.

Candidates first begin a check at 500 a minute, each by the button, the page and the page's claim to write. Then their
pages save without a rest, each as soon as its last save is acknowledged, from as many connections as `--writers` says.
Printed for each engine: starts a minute with p50 and p95, saves a second with p50 and p95, the server's (and
PostgreSQL's) CPU for each save. The client shares the machine, so its own CPU is printed too.
"""

from __future__ import annotations

import argparse
import os
import secrets
import selectors
import socket
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask

from tests.bench.meter import Meter, address_of, engine
from tests.servers import free_port, start_server
from tests.storm.rush import Candidate
from tests.storm.stage import application, signed_cookie, trainee

PACE = 60 / 500  # seconds between two starts
HEAD = (
    "POST {path}/responses HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nAccept: application/json\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
)


@dataclass
class Page:
    """An open page that saves one answer after the other over its kept connection."""

    candidate: Candidate
    path: str
    seq: int
    tab: str
    wire: socket.socket = field(init=False)
    sent: float = 0.0
    received: bytes = b""

    def connect(self) -> None:
        self.wire = socket.create_connection(("127.0.0.1", self.candidate.port))

    def save(self) -> None:
        fields = {"item": 1 + self.seq % 6, "seq": self.seq, "key": secrets.token_hex(8), "tab": self.tab}
        body = urlencode({**fields, "answer": "abc"[self.seq % 3], "csrf_token": self.candidate.csrf})
        text = HEAD.format(path=self.path, cookie=self.candidate.cookie, length=len(body), body=body)
        self.seq, self.received, self.sent = self.seq + 1, b"", time.perf_counter()
        self.wire.sendall(text.encode())

    def acknowledged(self) -> float | None:
        """Seconds since the save was sent, once its reply is whole; None before."""
        self.received += self.wire.recv(65_536)
        head, _, body = self.received.partition(b"\r\n\r\n")
        if b'"saved":true' not in body and b'"saved": true' not in body:
            if b"HTTP/1.1 200" not in head and head:
                raise RuntimeError(self.received[:300])
            return None
        return time.perf_counter() - self.sent


def _candidate(app: Flask, port: int) -> Candidate:
    with app.test_request_context("/", method="POST"):
        return Candidate(port, *signed_cookie(app, trainee("capacity")))


def starts(app: Flask, port: int, count: int) -> tuple[list[Page], list[float], float]:
    """The pages of so many candidates who begin at that pace, the seconds each waited, and the minutes it took."""
    crowd = [_candidate(app, port) for _ in range(count)]
    pages: list[Page] = []
    waits: list[float] = []

    def begin(candidate: Candidate) -> None:
        begun = time.perf_counter()
        pages.append(Page(candidate, *candidate._begin()))
        waits.append(time.perf_counter() - begun)

    begin(crowd.pop())  # the server reads its content at the first page
    waits.clear()
    began, threads = time.perf_counter(), []
    for number, candidate in enumerate(crowd):
        time.sleep(max(0.0, began + number * PACE - time.perf_counter()))
        threads.append(threading.Thread(target=begin, args=(candidate,)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return pages, waits, (time.perf_counter() - began) / 60


def saves(pages: list[Page], seconds: float) -> list[float]:
    """The seconds of each save while all pages save without a rest."""
    waits: list[float] = []
    with selectors.DefaultSelector() as ready:
        for page in pages:
            page.connect()
            ready.register(page.wire, selectors.EVENT_READ, page)
            page.save()
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            for key, _ in ready.select(1):
                wait = key.data.acknowledged()
                if wait is not None:
                    waits.append(wait)
                    key.data.save()
    return waits


def quantiles(waits: list[float]) -> str:
    ordered = sorted(waits)
    return (
        f"p50 {1000 * ordered[len(ordered) // 2]:.0f} ms, p95 {1000 * ordered[int(0.95 * (len(ordered) - 1))]:.0f} ms"
    )


def measure(name: str, seconds: float, writers: int) -> None:
    with tempfile.TemporaryDirectory(prefix="hmut-bench-") as place, engine(name, Path(place)) as (url, pids):
        data, port = Path(place) / "data", free_port()
        server = start_server(data, port, HMUT_DEMO="0", **({"DATABASE_URL": url} if url else {}))
        try:
            app = application(address_of(url, Path(place)), data)
            pages, waits, minutes = starts(app, port, max(writers, round(seconds / PACE)) + 1)
            print(f"{name}: {len(waits) / minutes:.0f} starts a minute, {quantiles(waits)}", flush=True)
            meter = Meter([server.pid, *pids])
            before, own = meter.now(), time.process_time()
            waits = saves(pages[:writers], seconds)
            each = [1000 * spent / len(waits) for spent in (meter.now() - before, time.process_time() - own)]
            said = f"{len(waits) / seconds:.0f} saves a second, {quantiles(waits)}"
            print(f"{name}: {said}, {each[0]:.2f} ms CPU a save, client {each[1]:.2f}", flush=True)
        finally:
            server.terminate()
            server.wait(30)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seconds", type=float, default=20)
    arguments.add_argument("--writers", type=int, default=16)
    arguments.add_argument("--database", choices=("sqlite", "postgresql"))
    given = arguments.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
    for name in (given.database,) if given.database else ("sqlite", "postgresql"):
        measure(name, given.seconds, given.writers)


if __name__ == "__main__":
    main()
