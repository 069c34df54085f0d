"""Every route against every kind of visitor. The table of routes is the application's own, so a new one counts too."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from lms.identity.models import ROLES
from tests.security.world import OWNED, World, methods

STAFF = ("trainee", "instructor", "hr", "administrator")
BY_LINK = "/c"  # candidates have no password
SIGN_IN = "/sign-in"


def test_ids_name_owned_objects_only(world: World) -> None:
    for rule in world.rules():
        ids = {name for name, converter in rule._converters.items() if type(converter).__name__ == "Id"}
        assert ids <= OWNED, f"{rule.rule}: whose is it?"
        assert world.address(rule)


def test_strangers_are_asked_to_sign_in_wherever_a_page_is_not_public(world: World) -> None:
    before, client = world.digests(), world.app.test_client()
    for rule in world.rules():
        if world.access(rule) == ("public",) or by_token(world, rule):
            continue
        for method in methods(rule):
            reply = client.open(world.address(rule), method=method)
            door = BY_LINK if rule.rule.startswith("/candidate") and method == "GET" else SIGN_IN
            assert (reply.status_code, reply.location.split("?")[0]) == (303, door), f"{method} {rule.rule}"
            script = client.open(world.address(rule), method=method, headers={"Accept": "application/json"})
            assert script.status_code == 401, f"{method} {rule.rule}"
    assert world.digests() == before


def by_token(world: World, rule: Rule) -> bool:
    return world.access(rule) == ("token",)


def test_what_programs_call_opens_to_no_person(world: World) -> None:
    before = world.digests()
    for client in (world.app.test_client(), world.client("everyone"), world.client("outsider")):
        for rule in (rule for rule in world.rules() if by_token(world, rule)):
            codes = {client.open(world.address(rule), method=method).status_code for method in methods(rule)}
            assert codes == {401}, rule.rule
    changed = {name for name, digest in world.digests().items() if digest != before[name]}
    assert changed <= {"session"}


def test_each_role_opens_its_own_pages_and_no_others(world: World) -> None:
    for name in STAFF:
        client = world.client(name)
        for rule in world.rules():
            access, shut = world.access(rule), name not in world.access(rule)
            for method in methods(rule):
                if access in (("public",), ("token",)) or (method != "GET" and not shut):
                    continue
                code = client.open(world.address(rule), method=method).status_code
                candidates = rule.rule.startswith("/candidate")  # of no use to anybody else
                strangers = {404} if candidates or set(rule.arguments) & (OWNED | {"code"}) else set()
                may = {403} if shut else {200, 302, 303} | strangers
                assert code in may, f"{name}: {method} {rule.rule} -> {code}"


def test_the_owner_opens_every_object(world: World) -> None:
    """Otherwise a 404 for the others would prove nothing."""
    for rule in world.rules():
        if "GET" in methods(rule) and set(rule.arguments) & OWNED and not by_token(world, rule):
            owner = "trainee" if {"attempt_id", "run_id", "work_id"} & set(rule.arguments) else "everyone"
            assert world.client(owner).get(world.address(rule)).status_code in (200, 303), rule.rule


FILLED = {"name": "Mine now", "roles": list(ROLES), "extra_time": "4", "active": "y", "item": "1", "answer": "a"}


@pytest.mark.parametrize("form", [{}, FILLED])
def test_nothing_of_ours_exists_for_another_organisation(world: World, form: dict[str, object]) -> None:
    before, client = world.digests(), world.client("outsider")
    started = world.digests()
    for rule in world.rules():
        if set(rule.arguments) & OWNED and not by_token(world, rule):
            for method in methods(rule):
                reply = client.open(world.address(rule), method=method, data=None if method == "GET" else form)
                assert reply.status_code == 404, f"{method} {rule.rule} -> {reply.status_code}"
    assert world.digests() == started
    assert {name for name in before if before[name] != started[name]} == {"session"}  # signing in, and nothing else


def test_a_colleague_cannot_open_a_persons_attempt(world: World) -> None:
    for name in ("candidate", "everyone"):
        client = world.client(name)
        started = world.digests()
        for rule in world.rules():
            if {"attempt_id", "run_id", "work_id"} & set(rule.arguments):
                closed = {404} if "attempt_id" in rule.arguments or name == "everyone" else {403, 404}
                for method in methods(rule):
                    assert client.open(world.address(rule), method=method).status_code in closed, f"{name} {rule.rule}"
        assert world.digests() == started


def test_lists_show_the_own_organisation_only(world: World) -> None:
    client = world.client("outsider")
    for rule in world.rules():
        if "GET" in methods(rule) and not rule.arguments:
            page = client.get(world.address(rule)).get_data().decode(errors="replace")  # some are files
            for secret in ("Անահիտ Սարգսյան", "trainee@example.org", "new@example.org", "everyone@example.org", "Cora"):
                assert secret not in page, f"{rule.rule} shows {secret}"


PROVED_BY_ADDRESS = {"learn.stop_reminder"}  # a mail program's button: the code in the address is the proof


def test_no_post_works_without_its_token(world: World) -> None:
    client = world.client("everyone")
    started = world.digests()
    world.app.config["WTF_CSRF_ENABLED"] = True
    for rule in world.rules():
        if "POST" in methods(rule) and not by_token(world, rule) and rule.endpoint not in PROVED_BY_ADDRESS:
            for token in ({}, {"csrf_token": "made-up"}):
                reply = client.post(world.address(rule), data=FILLED | token)
                assert reply.status_code == 400, f"{rule.rule} -> {reply.status_code}"
    assert world.digests() == started


def token_on(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', client.get("/profile").text)
    assert found
    return found[1]


def test_a_token_of_another_browser_is_worth_nothing(world: World) -> None:
    world.app.config["WTF_CSRF_ENABLED"] = True
    form = {"csrf_token": token_on(world.client("candidate")), "name": "Another", "language": "en"}
    assert world.client("trainee").post("/profile", data=form).status_code == 400
    own = world.client("candidate")
    assert own.post("/profile", data=form | {"csrf_token": token_on(own)}).status_code == 303


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:81", "https://localhost"])
def test_forms_come_from_our_own_pages(world: World, origin: str) -> None:
    client, form = world.client("trainee"), {"name": "Mine", "language": "en"}
    assert client.post("/profile", data=form, headers={"Origin": origin}).status_code == 400
    for ours in ("http://localhost", world.app.config["HMUT_BASE_URL"]):
        assert client.post("/profile", data=form, headers={"Origin": ours}).status_code == 303


def test_looking_changes_nothing(world: World) -> None:
    """GET and HEAD of every page, by everyone, with what could be taken for an act in the query. Only that somebody
    saw a question's key is noted by looking: it is what looking does to the evidence. Expected figures and the sums of
    answers are made when they are first asked for: they hold nothing that the answers do not."""
    client = world.client("everyone")
    started = world.digests()
    for rule in world.rules():
        if "GET" in methods(rule):
            for method in ("GET", "HEAD"):
                client.open(world.address(rule), method=method, query_string={"item": "2", "hand_in": "1"})
    changed = {table for table, digest in world.digests().items() if digest != started[table]}
    assert changed <= {"seen", "expectation", "item_count", "item_count_round"}
