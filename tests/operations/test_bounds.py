"""Every page asks as much of the database, and is as long, with many rows behind it as with few: lists are paged."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask
from sqlalchemy import event

from lms.api.staff_views import MOST
from lms.database import db
from tests.cast import Cast
from tests.multiplied import Template
from tests.security import world as world_module
from tests.security.world import World, methods

FEW, MANY = 120, 240  # copies of everything, the smaller number beyond any page's length
LONGER = 1.1  # a page may grow by so much: numbers become longer
WAYS = (  # tables that stay one, tables that alone are copied
    ((), ()),
    (("campaign", "api_token", "webhook"), ()),
    ((), ("attempt", "attempt_item", "session", "passkey", "lab_run", "rated_work", "work_save", "item_void", "seen")),
)
# Standings of candidates are computed for all of a campaign, of which there are 2,000 at most.
WHOLE = {"selection.results", "selection.results_csv", "selection.results_xlsx", "selection.fairness"}
WHOLE |= {"author.answers_csv", "author.answers_json"}  # of as many lines as there are answers, sent in parts
# Bounded where they are made: programs and their addresses, a person's passkeys.
FEW_BY_RULE = {"integration.settings", "identity.factors_page"}
ONCE_A_WAY = 10_000
READ_ONCE = 2  # statements of what a process reads now and then, by whoever comes first


def test_pages_are_bounded_whatever_stands_behind_them(app: Flask, cast: Cast) -> None:
    """Copies of everything; of all candidates in one campaign; of what one person has begun."""
    world = world_module.build(app, cast)
    with app.app_context():
        template = Template.read()
    grow(world, template, range(1, FEW + 1))
    few = costs(world)
    grow(world, template, range(FEW + 1, MANY + 1))
    many = costs(world)
    grown = {
        address: (few[address], many[address])
        for address in few
        if many[address][0] > few[address][0] + READ_ONCE or many[address][1] > LONGER * few[address][1] + 300
    }
    assert not grown, "\n".join(f"{address}: {before} -> {after}" for address, (before, after) in grown.items())


def grow(world: World, template: Template, numbers: range) -> None:
    with world.app.app_context():
        for way, (kept, only) in enumerate(WAYS):
            apart = way * ONCE_A_WAY
            template.copy(range(numbers.start + apart, numbers.stop + apart), kept, only)


def costs(world: World) -> dict[str, tuple[int, int]]:
    """address -> statements and bytes of a page that everyone may open."""
    client, asked = world.client("everyone"), []
    with world.app.app_context():
        engine = db.engine
    count = lambda *call: asked.append(call[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", count)
    found = {}
    for address in addresses(world):
        asked.clear()
        reply = client.get(address)
        assert reply.status_code < 500, (address, reply.text[-2000:])
        found[address] = (len(asked), len(reply.data))
    event.remove(engine, "before_cursor_execute", count)
    return found


def addresses(world: World) -> Iterator[str]:
    for rule in world.rules():
        closed = world.access(rule) not in (("public",), ("token",))
        if closed and "GET" in methods(rule) and rule.endpoint not in WHOLE | FEW_BY_RULE:
            yield world.address(rule)


def test_an_organisation_has_few_programs_and_addresses_at_a_time(app: Flask, cast: Cast) -> None:
    """The list of those that work is bounded by how many may; the next is refused until one is ended."""
    client = world_module.build(app, cast).client("everyone")
    for number in range(MOST):
        client.post("/integration/tokens", data={"name": f"n{number}", "scope": "orders:read"})
        reply = client.post("/integration/webhooks", data={"url": f"https://ats{number}.example.org"})
    assert reply.status_code == 422
    assert client.post("/integration/tokens", data={"name": "more", "scope": "orders:read"}).status_code == 422
    assert client.get("/integration").text.count("/revocation") == MOST
