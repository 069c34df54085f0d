"""`python -m tests.bench.cycle [--cycles N] [--database sqlite|postgresql]`: what a whole sitting costs the server.

A client of its own walks the way of a learner: sign in, course, module, begin, twenty saves, finish, result; then once
more without scripts, and once through an adaptive placement. Printed for each part: CPU of the server's process (and
of PostgreSQL's), requests, bytes over the wire. Both engines take turns, cycle by cycle, so that both meet the same
load. The steps stay the same from release to release, so that figures can be held beside each other.
"""

from __future__ import annotations

import argparse
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from lms.app import create_app
from lms.database import db
from lms.identity.models import Membership, Organisation, Person
from lms.identity.passwords import hash_password
from tests.bench.meter import Meter, address_of, engine
from tests.bench.walker import PASSWORD, Client, address, answers, begin_check, questions, sign_in, value
from tests.servers import free_port, start_server

ENGINES = ("sqlite", "postgresql")
SAVES = 20


def with_script(client: Client, meter: Meter, email: str) -> None:
    with meter.part("sign-in", client):
        sign_in(client, email)
    with meter.part("pages", client):
        client.ask("GET", "/courses/smm-foundations")
        module = client.ask("GET", "/courses/smm-foundations/what-is-smm")
    with meter.part("start", client):
        sheet = begin_check(client, module)
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
        page = begin_check(client, module)
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


if __name__ == "__main__":
    main()
