"""`python -m tests.bench.pages`: requests a second and p95 of the reader page and of saving an answer.

The default server runs on a database of its own; the health page is the baseline of the same run. Loopback only.
"""

from __future__ import annotations

import http.client
import http.cookiejar
import re
import statistics
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.servers import free_port, start_server

SECONDS, CLIENTS = 8.0, 8
Shot = Callable[["Browser", int], None]


class Browser:
    """A signed-in trainee with a kept connection; `like` shares the session of another."""

    def __init__(self, port: int, like: Browser | None = None) -> None:
        self.base, self.wire = f"http://127.0.0.1:{port}", http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        if like:
            self.cookie = like.cookie
            return
        self.jar = http.cookiejar.CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        front = opener.open(self.base).read().decode()
        opener.open(f"{self.base}/demo/trainee", urllib.parse.urlencode({"csrf_token": token(front)}).encode())
        self.opener = opener
        self.cookie = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)

    def ask(self, method: str, path: str, body: str = "") -> bytes:
        headers = {"Cookie": self.cookie, "Accept-Encoding": "gzip"}
        if body:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        self.wire.request(method, path, body or None, headers)
        reply = self.wire.getresponse()
        content = reply.read()
        if reply.status != 200:
            raise RuntimeError(f"{method} {path}: {reply.status} {content[:200]!r}")
        return content


def token(page: str) -> str:
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]


@dataclass(frozen=True)
class Run:
    name: str
    rate: float
    median: float
    p95: float

    def line(self, baseline: Run) -> str:
        share = self.rate / baseline.rate
        median, p95 = self.median * 1000, self.p95 * 1000
        return (
            f"{self.name:<18} {self.rate:6.0f}/s  median {median:6.1f} ms  p95 {p95:6.1f} ms  {share:5.2f} x baseline"
        )


def measure(name: str, browsers: list[Browser], shot: Shot) -> Run:
    """All clients as fast as they can for the time; a failed request ends the run."""
    times: list[float] = []
    end = time.perf_counter() + SECONDS

    def work(browser: Browser) -> None:
        number = 0
        while (begun := time.perf_counter()) < end:
            shot(browser, number)
            times.append(time.perf_counter() - begun)
            number += 1

    threads = [threading.Thread(target=work, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Run(name, len(times) / SECONDS, statistics.median(times), statistics.quantiles(times, n=20)[-1])


class Saver:
    """Saves answers into one open check, as the page's script does: the newest number, a new key each time."""

    def __init__(self, browser: Browser) -> None:
        page = browser.opener.open(f"{browser.base}/courses/smm-foundations/what-is-smm").read().decode()
        action = re.search(r'action="(/modules/[^"]+/checks)"', page)[1]
        reply = browser.opener.open(browser.base + action, urllib.parse.urlencode({"csrf_token": token(page)}).encode())
        sheet = reply.read().decode()
        self.path = re.search(r'action="(/attempts/\d+/responses)"', sheet)[1]
        self.fields = {
            name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', sheet)[1] for name in ("csrf_token", "item", "tab")
        }
        self.seq = int(re.search(r'data-seq="(\d+)"', sheet)[1])
        self.lock = threading.Lock()

    def save(self, browser: Browser, _number: int) -> None:
        """Every client saves into the same attempt, the worst case for its lock."""
        with self.lock:
            self.seq += 1
            form = {**self.fields, "seq": str(self.seq), "key": uuid.uuid4().hex, "answer": "a"}
        browser.ask("POST", self.path, urllib.parse.urlencode(form))


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        server = start_server(Path(folder), port)
        try:
            first = Browser(port)
            browsers = [first] + [Browser(port, first) for _ in range(CLIENTS - 1)]
            baseline = measure("health (baseline)", browsers, lambda one, _: one.ask("GET", "/healthz"))
            reader = measure(
                "reader page", browsers, lambda one, _: one.ask("GET", "/courses/smm-foundations/what-is-smm")
            )
            saving = measure("answer saved", browsers, Saver(browsers[0]).save)
        finally:
            server.terminate()
            server.wait(20)
    for run in (baseline, reader, saving):
        print(run.line(baseline))
    return 0


if __name__ == "__main__":
    sys.exit(main())
