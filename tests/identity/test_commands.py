"""`flask people …`: the operator's way in, with errors that say what to do."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.identity.models import Organisation, Person
from tests.identity.conftest import Look

PASSWORD = "a long walk in Dilijan"
ADD = ("add", "boss@new.am", "--organisation", "new-house", "--role", "administrator")
Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    return lambda *words, typed="": app.test_cli_runner().invoke(args=["people", *words], input=typed)


def test_the_first_administrator_comes_in_by_a_link_and_sets_a_password(
    run: Run, client: FlaskClient, look: Look
) -> None:
    result = run(*ADD, "--role", "hr", "--name", "Արմեն")
    assert result.exit_code == 0, result.output
    link = re.search(r"/links/\S+", result.output)
    assert link
    for _ in range(3):
        assert client.get(link[0]).location == "/sign-in/link"
    assert client.get("/sign-in/link").status_code == 200 and client.get("/profile").status_code == 303
    assert client.post("/sign-in/link").location == "/profile"
    assert client.post("/profile/password", data={"password": PASSWORD}).status_code == 303
    assert client.get("/people").status_code == 200
    assert client.get(link[0]).status_code == 404, "the link works once"
    (person,) = look(select(Person).filter_by(email="boss@new.am"))
    assert (person.name, person.organisation.slug, person.roles) == ("Արմեն", "new-house", {"administrator", "hr"})


def test_a_password_from_standard_input_opens_the_door(run: Run, client: FlaskClient) -> None:
    result = run(*ADD, "--password-stdin", typed=f"{PASSWORD}\n")
    assert result.exit_code == 0 and "/links/" not in result.output and PASSWORD not in result.output
    assert client.post("/sign-in", data={"email": "boss@new.am", "password": PASSWORD}).status_code == 303


REFUSALS = (
    ((*ADD, "--password-stdin"), "short\n", "10 to 200 characters"),
    ((*ADD, "--password-stdin"), "", "10 to 200 characters"),
    ((*ADD, "--password-stdin"), "1234567890\n", "common"),
    (("add", "trainee@example.org", *ADD[2:]), "", "belongs to aygi"),
    (("add", "no address", *ADD[2:]), "", "no e-mail address"),
    (("add", "x@y.am", "--organisation", "hmut", "--role", "hr"), "", "not 'hmut'"),
    (("add", "x@y.am", "--organisation", "Big House", "--role", "hr"), "", "small letters"),
    (("add", "x@y.am", "--organisation", "aygi", "--role", "emperor"), "", "trainee"),
    (("add", "x@y.am", "--organisation", "aygi", "--role", "hr", "--name", "n" * 121), "", "120 characters"),
    (("list", "--organisation", "nowhere"), "", "no organisation has the slug nowhere"),
    (("reset", "nobody@example.org"), "", "nobody has the address"),
    (("remove", "nobody@example.org"), "", "nobody has the address"),
)


def test_refusals_say_why_and_leave_nothing(run: Run, look: Look) -> None:
    people, houses = look(select(Person.id)), look(select(Organisation.id))
    for words, typed, said in REFUSALS:
        result = run(*words, typed=typed)
        assert result.exit_code != 0 and said in result.output and "Traceback" not in result.output, words
        assert (look(select(Person.id)), look(select(Organisation.id))) == (people, houses), words


def test_reset_ends_sessions_and_hands_out_a_new_link(run: Run, signed_in: Callable[[str], FlaskClient]) -> None:
    trainee = signed_in("trainee")
    first = re.search(r"/links/\S+", run("reset", "Trainee@example.org").output)
    second = re.search(r"/links/\S+", run("reset", "trainee@example.org").output)
    assert first and second and trainee.get("/profile").status_code == 303
    assert trainee.get(first[0]).status_code == 404, "a newer link replaces the older one"
    trainee.get(second[0])
    assert trainee.post("/sign-in/link").status_code == 303 and trainee.get("/home").status_code == 200


def test_remove_closes_at_once_and_list_says_so(run: Run, signed_in: Callable[[str], FlaskClient]) -> None:
    trainee = signed_in("trainee")
    link = re.search(r"/links/\S+", run("reset", "trainee@example.org").output)
    assert link and run("remove", "trainee@example.org").exit_code == 0
    assert trainee.get(link[0]).status_code == 404 and trainee.get("/home").status_code == 303
    lines = run("list", "--organisation", "aygi").output.splitlines()
    assert len(lines) == 5 and "trainee@example.org  trainee  aygi  (closed)" in lines
    assert len(run("list").output.splitlines()) == 6


def test_reset_opens_a_closed_account_again(run: Run, client: FlaskClient) -> None:
    run("remove", "trainee@example.org")
    result = run("reset", "trainee@example.org")
    link = re.search(r"/links/\S+", result.output)
    assert link and "open again" in result.output
    client.get(link[0])
    assert client.post("/sign-in/link").status_code == 303 and client.get("/home").status_code == 200
