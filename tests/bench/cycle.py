"""`python -m tests.bench.cycle [--cycles N] [--database sqlite|postgresql]`: what a whole sitting costs the server.

A client of its own walks the way of a learner: sign in, course, module, begin, twenty saves, finish, result; then once
more without scripts, and once through an adaptive placement. Printed for each part: CPU of the server's process (and
of PostgreSQL's), requests, bytes over the wire. Both engines take turns, cycle by cycle, so that both meet the same
load. The steps stay the same from release to release, so that figures can be held beside each other.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import secrets
import tempfile
import time
import urllib.parse
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from flask import Flask

from lms.app import create_app
from lms.database import db
from lms.identity.models import Membership, Organisation, Person
from lms.identity.passwords import hash_password
from tests import machine
from tests.servers import free_port, start_server

ENGINES = ("sqlite", "postgresql")
SAVES, PASSWORD = 20, "a long sentence for the bench"
Fields = dict[str, str]


@dataclass
class Meter:
    """CPU-seconds, requests and bytes of each part."""

    processes: list[int]
    cpu: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    requests: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    bytes: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @contextmanager
    def part(self, name: str, client: Client) -> Iterator[None]:
        before, requests, received = self.now(), client.requests, client.bytes
        yield
        self.cpu[name] += self.now() - before
        self.requests[name] += client.requests - requests
        self.bytes[name] += client.bytes - received

    def now(self) -> float:
        return sum(cpu_of(pid) for pid in self._all())

    def _all(self) -> list[int]:
        found = list(self.processes)
        for pid in self.processes[1:]:
            found += [child.pid for child in psutil.Process(pid).children(recursive=True)]
        return found


def cpu_of(pid: int) -> float:
    """CPU-seconds of all threads of a process so far, to the nanosecond: the kernel's clock of that process."""
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:  # a backend that has ended
        return 0.0


@dataclass
class Client:
    """A browser with one kept connection; it counts what it asks and gets."""

    port: int
    cookies: Fields = field(default_factory=dict)
    requests: int = 0
    bytes: int = 0

    def __post_init__(self) -> None:
        self.wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, method: str, path: str, form: list[tuple[str, str]] | None = None, script: bool = False) -> str:
        """The body of the reply; a redirect is followed, as browsers do."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
                   "Accept-Encoding": "identity", "Accept": "application/json" if script else "text/html"}  # fmt: skip
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.wire.request(method, path, urllib.parse.urlencode(form) if form is not None else None, headers)
        reply = self.wire.getresponse()
        body = reply.read()
        self.requests += 1
        self.bytes += len(body) + len(str(reply.headers))
        for line in reply.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        if reply.status in (302, 303):
            self.address = reply.headers["Location"]
            return self.ask("GET", self.address)
        if reply.status not in (200, 304):
            raise RuntimeError(f"{method} {path}: {reply.status} {body[:300]!r}")
        return body.decode()


def value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page) or re.search(rf'data-{name}="([^"]*)"', page)
    if not found:
        raise RuntimeError(f"no {name} on the page")
    return found[1]


def address(page: str, pattern: str) -> str:
    found = re.search(rf'action="({pattern})"', page)
    if not found:
        raise RuntimeError(f"no form for {pattern}")
    return found[1]


def sign_in(client: Client, email: str) -> None:
    page = client.ask("GET", "/sign-in")
    fields = [("csrf_token", value(page, "csrf_token")), ("email", email), ("password", PASSWORD)]
    client.ask("POST", "/sign-in", fields)


def answers(form: str) -> list[tuple[str, str]]:
    """Something that each kind of question takes as an answer: of every control the first choice that is still free,
    since the best and the worst cannot be one."""
    picked: dict[str, str] = {}
    offered: dict[str, list[str]] = {}
    for control in re.findall(r'<input[^>]*type="(?:radio|checkbox)"[^>]*>', form):
        name, chosen = re.search(r'name="(answer[^"]*)"', control), re.search(r'value="([^"]*)"', control)
        if name and chosen:
            offered.setdefault(name[1], []).append(chosen[1])
    for name, body in re.findall(r'<select[^>]*name="(answer[^"]*)"[^>]*>(.*?)</select>', form, re.S):
        offered[name] = re.findall(r'<option[^>]*value="([^"]+)"', body)
    for name, choices in offered.items():
        free = [choice for choice in choices if choice not in picked.values()]
        if choices:
            picked[name] = (free or choices)[0]
    for name in re.findall(r'<(?:input|textarea)[^>]*name="(answer[^"]*)"', form):
        picked.setdefault(name, "1")
    return list(picked.items())


def questions(page: str) -> list[str]:
    return re.findall(r'<form[^>]*class="[^"]*question.*?</form>', page, re.S)


def begin_check(client: Client, module: str) -> str:
    token = [("csrf_token", value(module, "csrf_token"))]
    return client.ask("POST", address(module, '/modules/[^"]+/checks'), token)


def with_script(client: Client, meter: Meter, email: str) -> None:
    with meter.part("sign-in", client):
        sign_in(client, email)
    with meter.part("pages", client):
        client.ask("GET", "/courses/smm-foundations")
        module = client.ask("GET", "/courses/smm-foundations/what-is-smm")
    with meter.part("start", client):
        sheet = client.ask(
            "POST", address(module, '/modules/[^"]+/checks'), [("csrf_token", value(module, "csrf_token"))]
        )
        attempt = address(sheet, r"/attempts/\d+/responses").removesuffix("/responses")
        tab, csrf = "bench." + secrets.token_hex(12), value(sheet, "csrf_token")
        claim = [("tab", tab), ("epoch", value(sheet, "epoch")), ("csrf_token", csrf)]
        client.ask("POST", attempt + "/writer", claim, script=True)
    forms = questions(sheet)
    with meter.part("saves", client):
        for number in range(SAVES):
            form = forms[number % len(forms)]
            fields = [*answers(form), ("item", value(form, "item")), ("seq", str(1_000_001 + number)),
                      ("key", secrets.token_hex(12)), ("tab", tab), ("csrf_token", csrf)]  # fmt: skip
            client.ask("POST", attempt + "/responses", fields, script=True)
    with meter.part("state", client):
        client.ask("GET", attempt + "/state", script=True)
    with meter.part("result", client):
        client.ask("POST", attempt + "/submission", [("csrf_token", csrf)])


def plain_forms(client: Client, meter: Meter, email: str) -> None:
    """The same sitting by pages: each answer is a form and the page after it."""
    sign_in(client, email)
    with meter.part("without scripts", client):
        client.ask("GET", "/courses/smm-foundations")
        module = client.ask("GET", "/courses/smm-foundations/what-is-smm")
        page = client.ask(
            "POST", address(module, '/modules/[^"]+/checks'), [("csrf_token", value(module, "csrf_token"))]
        )
        action, places = address(page, r"/attempts/\d+/responses"), len(questions(page))
        for number in range(SAVES):
            form = next(form for form in questions(page) if value(form, "item") == str(number % places + 1))
            fields = [(name, value(form, name)) for name in ("csrf_token", "item", "seq", "key", "tab")]
            page = client.ask("POST", action, [*fields, *answers(form), ("go", str((number + 1) % places + 1))])
        attempt = action.removesuffix("/responses")
        client.ask("POST", attempt + "/submission", [("csrf_token", value(page, "csrf_token"))])


def placement(client: Client, meter: Meter, email: str) -> None:
    sign_in(client, email)
    with meter.part("placement", client):
        page = client.ask("GET", "/home")
        page = client.ask("POST", "/placements", [("csrf_token", value(page, "csrf_token"))])
        while forms := questions(page):
            fields = [(name, value(forms[0], name)) for name in ("csrf_token", "item", "seq", "key", "tab")]
            page = client.ask(
                "POST", address(page, r"/attempts/\d+/responses"), [*fields, *answers(forms[0]), ("skip", "1")]
            )


WAYS = {"with scripts": with_script, "without scripts": plain_forms, "placement": placement}


def people(app: Flask, count: int) -> list[str]:
    """So many new learners with a password; their addresses."""
    with app.app_context():
        organisation = Organisation(slug="bench", name="Bench")
        stored = hash_password(PASSWORD)
        for number in range(count):
            learner = Person(email=f"p{number}@bench.example", name=f"Learner {number}", language="en",
                             organisation=organisation, password_hash=stored)  # fmt: skip
            learner.memberships = [Membership(role="trainee")]
            db.session.add(learner)
        db.session.commit()
        db.engine.dispose()
    return [f"p{number}@bench.example" for number in range(count)]


@dataclass
class Measured:
    """A server on one engine, with what its cycles have cost so far."""

    engine: str
    port: int
    meter: Meter
    addresses: Iterator[str]

    def walk(self, way: Callable[[Client, Meter, str], None], counted: bool) -> None:
        """Another learner goes the way; what is made once in a process is no part of a cycle."""
        way(Client(self.port), self.meter if counted else Meter(self.meter.processes), next(self.addresses))


def measure(servers: Sequence[Measured], cycles: int) -> None:
    for turn in range(cycles + 1):
        for way in WAYS.values():
            for server in servers:
                server.walk(way, counted=turn > 0)


def report(servers: Sequence[Measured], cycles: int) -> None:
    head = "".join(f"{server.engine:>12}" for server in servers)
    print(
        f"{'CPU ms':<18}{head}{'requests':>10}{'KB':>8}   (each cycle, mean of {cycles}, load {os.getloadavg()[0]:.1f})"
    )
    cycle = ("sign-in", "pages", "start", "saves", "result")
    lines = {name: [name] for name in servers[0].meter.cpu}
    lines["one cycle"] = list(cycle)
    lines["without sign-in"] = list(cycle[1:])
    for name, parts in lines.items():
        figures = "".join(f"{_mean(server.meter.cpu, parts, cycles) * 1000:>12.1f}" for server in servers)
        meter = servers[0].meter
        asked, size = (_mean(counts, parts, cycles) for counts in (meter.requests, meter.bytes))
        print(f"{name:<18}{figures}{asked:>10.1f}{size / 1024:>8.1f}")


def _mean(counts: Mapping[str, float], parts: Sequence[str], cycles: int) -> float:
    return sum(counts[part] for part in parts) / cycles


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--cycles", type=int, default=10)
    arguments.add_argument("--database", choices=(*ENGINES, "both"), default="both")
    given = arguments.parse_args()
    names = ENGINES if given.database == "both" else (given.database,)
    with ExitStack() as stack:
        servers = [stack.enter_context(served(name, given.cycles)) for name in names]
        measure(servers, given.cycles)
        report(servers, given.cycles)


@contextmanager
def served(name: str, cycles: int) -> Iterator[Measured]:
    """A server of its own on the engine, with learners for so many cycles."""
    with tempfile.TemporaryDirectory(prefix="hmut-bench-") as home, engine(name, Path(home)) as (url, pids):
        folder, port = Path(home) / "data", free_port()
        server = start_server(folder, port, HMUT_DEMO="0", **({"DATABASE_URL": url} if url else {}))
        try:
            app = create_app({"HMUT_DATA": folder, "HMUT_DEMO": False, "SECRET_KEY": (folder / "secret").read_text(),
                              "HMUT_LOG": False, "SQLALCHEMY_DATABASE_URI": address_of(url, Path(home))})  # fmt: skip
            addresses = people(app, (cycles + 1) * len(WAYS))
            yield Measured(name, port, Meter([server.pid, *pids]), iter(addresses))
        finally:
            server.terminate()
            server.wait(20)


def address_of(url: str, folder: Path) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://") or f"sqlite:///{folder / 'data' / 'hmut.db'}"


@contextmanager
def engine(name: str, folder: Path) -> Iterator[tuple[str, list[int]]]:
    """A database's address and the processes that work for it; "" for SQLite, which works in the server's own."""
    if name == "sqlite":
        yield "", []
        return
    folder.chmod(0o755)
    home = folder / "postgresql"
    yield machine.postgresql(home), [machine._server(home).get_pid()]


if __name__ == "__main__":
    main()
