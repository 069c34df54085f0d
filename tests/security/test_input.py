"""Hostile input: too large, odd, or more than the form asks for. Nothing breaks, and nothing else changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any, ClassVar
from urllib.parse import quote, unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Rule
from werkzeug.test import EnvironBuilder, TestResponse

from lms.database import db
from lms.identity.models import Organisation, Person
from tests.security.world import NUMBERS, OWNED, World, methods

HOSTILE = ("2147483648", str(2**63), "-1", "٣", "NaN", "..", "%2e%2e%2f", "%00", "%ff", "a" * 3000, "'><script>", "🙂")
MINDED = ("2147483648", str(2**63), "%00", "%ff", "a" * 3000)  # what PostgreSQL takes otherwise than SQLite
LARGE = ("2147483648", str(2**63), "a" * 3000)
TEXTS = "..%2e%2e%2f'><script>🙂"  # what is text and nothing else in a query
IN_QUERIES = ("2147483648", str(2**63), "-1", "٣", "NaN", "..", TEXTS, "%00", "%ff", "a" * 3000)
MAILS = ("a@" + "b" * 300 + ".am", "x@y.am\r\nBcc: z@w.am")
IN_FORMS = ("2147483648", str(2**63), "-1", "٣", "NaN", "..", TEXTS, "a" * 3000, "nul\0", "trainee", *MAILS)


class Noted(ImmutableMultiDict[str, str]):
    """Parameters that note whether anybody has asked for one of them."""

    asked: ClassVar[set[object]] = set()

    def __getitem__(self, key: object) -> Any:
        self.asked.add(key)
        return super().__getitem__(key)  # type: ignore[index]

    def __contains__(self, key: object) -> bool:
        self.asked.add(key)
        return super().__contains__(key)

    def get(self, key: object, *rest: Any, **named: Any) -> Any:
        self.asked.add(key)
        return super().get(key, *rest, **named)  # type: ignore[call-overload]

    def getlist(self, key: object, *rest: Any, **named: Any) -> Any:
        self.asked.add(key)
        return super().getlist(key, *rest, **named)  # type: ignore[arg-type]


@pytest.fixture
def noting(world: World) -> None:
    world.app.request_class = type("Noting", (world.app.request_class,), {"parameter_storage_class": Noted})


Ask = Callable[[Mapping[str, list[str]]], TestResponse]


def attacks(ask: Ask, values: Sequence[str], blind: str) -> Iterator[tuple[list[str], str, TestResponse]]:
    """Names, value and reply of each attack on a route: every value in all parameters that it reads, as it asks for
    them itself, and for those it reads once it has the first too. One that reads none gets a blind one."""
    Noted.asked.clear()
    reply = ask({"v": [blind]})
    yield ["v"], blind, reply
    if reply.status_code == 400:  # perhaps before the route was reached; an empty form counts as none
        ask({"v": ["1"]})
    if names := _asked():
        ask({name: ["1"] for name in names})
        names |= _asked()
        for value in values:
            yield sorted(names), value, ask({name: [value] for name in sorted(names)})


def _asked() -> set[str]:
    return {name for name in Noted.asked if isinstance(name, str)}


def of_engine(engine: str, values: Sequence[str]) -> Sequence[str]:
    """PostgreSQL minds more than SQLite only where they are large."""
    return LARGE if engine == "postgresql" else values


def visitor(world: World, rule: Rule) -> FlaskClient:
    """Whose object it is where it is somebody's own, else the one who holds every role."""
    return world.client(visitors_name(rule))


def visitors_name(rule: Rule) -> str:
    return "trainee" if {"attempt_id", "run_id"} & set(rule.arguments) else "everyone"


@dataclass
class Door:
    """Visitors who sign in again, and ask once more, when what they sent has shut them out."""

    world: World
    clients: dict[str, FlaskClient] = field(default_factory=dict)

    def post(self, rule: Rule, address: str, data: Mapping[str, object]) -> TestResponse:
        name = visitors_name(rule)
        client = self.clients.get(name) or self._enter(name)
        reply = client.post(address, data=data)
        shut_out = reply.status_code == 401 or (reply.status_code == 303 and reply.location.startswith("/sign-in"))
        return self._enter(name).post(address, data=data) if shut_out else reply

    def _enter(self, name: str) -> FlaskClient:
        self.clients[name] = self.world.client(name)
        return self.clients[name]


@pytest.mark.both_engines
def test_odd_addresses_are_answered_without_breaking(world: World, engine_name: str) -> None:
    """What the table of routes itself refuses reaches nothing of ours: one such address for each value tells of all."""
    client, refused = world.client("everyone"), set()
    for rule in world.rules():
        for value in (HOSTILE if engine_name == "sqlite" else MINDED) if rule.arguments else ():
            bare = dict.fromkeys(rule.arguments, "\x01")
            if any(name in OWNED | NUMBERS for name in bare):
                path = rule.rule.split("<")[0] + quote(value, safe="%") + rule.rule.rsplit(">")[-1]
            else:
                path = world.address(rule, **dict.fromkeys(rule.arguments, value))
            for method in methods(rule):
                if not opens(world.app, path, method):
                    if (value, method) in refused:
                        continue
                    refused.add((value, method))
                reply = client.open(path, method=method)
                assert reply.status_code in (200, 303, 308, 400, 401, 404, 405, 409, 422), (
                    f"{method} {path[:80]} -> {reply.status_code}"
                )


def opens(app: Flask, path: str, method: str) -> bool:
    try:
        app.url_map.bind("localhost").match(unquote(path), method)
    except NotFound:
        return False
    except HTTPException:  # another method, an address with a slash more
        pass
    return True


@pytest.mark.both_engines
def test_odd_queries_are_answered_without_breaking(world: World, noting: None, engine_name: str) -> None:
    values = of_engine(engine_name, IN_QUERIES)
    for blind, rule in zip(cycle(values), world.rules()):
        if "GET" in methods(rule):
            ask = by_query(visitor(world, rule), world.address(rule))
            for names, value, reply in attacks(ask, values, blind):
                assert reply.status_code < 500, f"{rule.rule} ? {value[:40]} as {names}"


def by_query(client: FlaskClient, address: str) -> Ask:
    """What is escaped already goes as it is."""

    def ask(query: Mapping[str, list[str]]) -> TestResponse:
        written = "&".join(f"{name}={quote(value, safe='%')}" for name, values in query.items() for value in values)
        return client.get(f"{address}?{written}", buffered=True)

    return ask


@pytest.mark.both_engines
def test_odd_forms_are_answered_without_breaking(world: World, noting: None, engine_name: str) -> None:
    door, values = Door(world), of_engine(engine_name, IN_FORMS)
    for blind, rule in zip(cycle(values), world.rules()):
        if "POST" in methods(rule) and rule.endpoint != "identity.sign_out":
            ask = by_form(door, rule, world.address(rule))
            for names, value, reply in attacks(ask, values, blind):
                assert reply.status_code < 500, f"{rule.rule} < {value[:40]!r} as {names}"
                assert "\0" not in value or reply.status_code == 400


def by_form(door: Door, rule: Rule, address: str) -> Ask:
    """Everything comes twice."""
    return lambda form: door.post(rule, address, {name: values * 2 for name, values in form.items()})


LONGER = {"rating.add_file"}  # takes a file; how much it refuses is in tests/rating/test_files.py


def encoded(form: Mapping[str, str], kind: str = "application/x-www-form-urlencoded") -> dict[str, Any]:
    """What a client sends for the form, written once for all routes."""
    request = EnvironBuilder(method="POST", data=form, content_type=kind).get_request()
    return {"data": request.get_data(), "content_type": request.content_type}


def test_too_much_is_refused_with_a_page(world: World) -> None:
    client = world.client("everyone")
    started = world.digests()
    loads = [
        encoded({"name": "x" * 2_000_000}),
        encoded({f"field{number}": "x" for number in range(600)}),
        encoded({"csrf_token": "x" * 600_000}, "multipart/form-data"),
    ]
    for rule in world.rules():
        if "POST" in methods(rule) and rule.endpoint not in LONGER:
            told = '"status": 413' if world.access(rule) == ("token",) else "<h1>"
            for load in loads:
                reply = client.post(world.address(rule), **load)
                assert reply.status_code == 413 and told in reply.text, rule.rule
    assert world.digests() == started


def test_a_long_field_is_refused_or_read(world: World) -> None:
    door, load = Door(world), dict.fromkeys(("name", "email", "password"), "y" * 70_000)
    for rule in world.rules():
        if "POST" in methods(rule) and rule.endpoint != "identity.sign_out":
            assert door.post(rule, world.address(rule), load).status_code < 500, rule.rule


UNKEEPABLE = {
    "deep": b"[" * 100_000,
    "digits": b'{"package": ' + b"9" * 5_000 + b"}",
    "halves of letters": b'{"package": "1", "candidate": {"name": "\\ud800"}}',
}


@pytest.mark.parametrize("kind", UNKEEPABLE)
def test_json_that_nobody_can_keep_is_refused_before_any_door(world: World, kind: str) -> None:
    doors = [rule for rule in world.rules() if world.access(rule) == ("token",) and "POST" in methods(rule)]
    assert len(doors) > 4
    for rule in doors:
        reply = world.app.test_client().post(
            world.address(rule), data=UNKEEPABLE[kind], content_type="application/json"
        )
        assert reply.status_code == 400, rule.rule


EXTRA = dict.fromkeys(("id", "organisation_id", "extra_time", "score", "is_demo", "registration_open", "active"), "2")
EXTRA |= {"role": "administrator", "roles": "administrator", "email": "new@evil.example", "password_hash": "x"}


def test_fields_beside_the_form_change_nothing(world: World) -> None:
    """A trainee posts everything everywhere: afterwards they are who they were. Erasing oneself asks for one's name,
    and that is what it does."""
    before = _columns(world.app)
    client = world.client("trainee")
    for rule in world.rules():
        if "POST" in methods(rule) and rule.endpoint not in (
            "identity.sign_out",
            "identity.register",
            "identity.ask_reset",
            "privacy.erase_own",
        ):
            client.post(world.address(rule), data=EXTRA | {"name": "Անահիտ Սարգսյան"})
    assert _columns(world.app) == before


def _columns(app: Flask) -> list[object]:
    with app.app_context():
        houses = [(house.slug, house.registration_open) for house in db.session.scalars(select(Organisation))]
        fields = ("id", "email", "roles", "extra_time", "active", "is_demo", "organisation_id", "password_hash", "name")
        people = db.session.scalars(select(Person).order_by(Person.id))
        return [houses, *([getattr(person, field) for field in fields] for person in people)]


VECTOR = "\"><img src=x onerror=alert(1)>'<script>alert(1)</script><svg/onload=alert(1)>{{7*7}}"


def test_names_and_texts_stay_text_on_every_page(world: World) -> None:
    with world.app.app_context():
        for person in db.session.scalars(select(Person)):
            person.name = VECTOR
        for house in db.session.scalars(select(Organisation)):
            house.name = VECTOR
        db.session.commit()
    client = world.client("everyone")
    client.post("/modules/C1.1/practice", data={"text": VECTOR})
    client.post("/invitations", data={"email": "xss@example.org", "roles": "trainee"})
    for rule in world.rules():
        if "GET" in methods(rule):
            odd = {name: VECTOR for name in rule.arguments if name not in OWNED | NUMBERS}
            for address in (world.address(rule), world.address(rule, **odd)):
                reply = client.get(address, query_string={"q": VECTOR, "role": VECTOR, "empty": VECTOR})
                page = reply.data.decode("utf-8", "ignore")
                assert not [part for part in ("<img src=x", "<script>", "<svg/", "&gt;49") if part in page], rule.rule


def test_the_fields_a_browser_should_handle_well(world: World) -> None:
    for path in ("/sign-in", "/reset", "/register/aygi", "/profile"):
        page = world.client("everyone").get(path).text
        for rest in page.split("<input")[1:]:
            tag = rest.split(">")[0]
            if 'name="password"' in tag or 'name="present"' in tag:
                assert 'type="password"' in tag and "autocomplete=" in tag and "maxlength" in tag, tag
            if 'name="email"' in tag:
                assert 'type="email"' in tag and 'autocomplete="username"' in tag
