"""What a part of a sitting asks of the database: counted, since time wavers. One statement more has to be meant."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from lms.database import db
from tests.bench import walker

pytestmark = pytest.mark.one_engine
COSTS = {"course": 7, "reader": 9, "start": 12, "writer": 6, "state": 4, "result": 27, "home": 12}
PLACEMENT_ANSWER = 14  # with the page of the next question; the first one is tried by the short way
PLAIN_ANSWER = 5
MODULE = "/courses/smm-foundations/what-is-smm"


class Counting:
    """A browser of the bench's whose statements are counted, BEGIN and COMMIT apart."""

    def __init__(self, client: FlaskClient, statements: list[str]) -> None:
        self.client, self.statements = client, statements

    def ask(self, method: str, path: str, form: list[tuple[str, str]] | None = None, script: bool = False) -> str:
        accept = {"Accept": "application/json" if script else "text/html"}
        fields: dict[str, list[str]] = {}
        for name, each in form or ():
            fields.setdefault(name, []).append(each)
        reply = self.client.open(path, method=method, data=fields or None, headers=accept)
        if reply.status_code in (302, 303):
            return self.ask("GET", reply.headers["Location"])
        assert reply.status_code == 200, f"{method} {path}: {reply.status_code}"
        return reply.text

    def cost(self, method: str, path: str, form: list[tuple[str, str]] | None = None, script: bool = False) -> int:
        self.statements.clear()
        self.page = self.ask(method, path, form, script)
        return len([line for line in self.statements if line.startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))])


@pytest.fixture
def counting(app: Flask, trainee: FlaskClient) -> Iterator[Counting]:
    statements: list[str] = []

    def note(*call: object) -> None:
        statements.append(str(call[2]))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield Counting(trainee, statements)
    event.remove(engine, "before_cursor_execute", note)


def test_a_sitting_asks_the_database_so_often_and_no_more(counting: Counting) -> None:
    counting.ask("GET", MODULE)  # content is read once in a process
    found = {"course": counting.cost("GET", "/courses/smm-foundations"), "reader": counting.cost("GET", MODULE)}
    found["start"] = counting.cost("POST", walker.address(counting.page, '/modules/[^"]+/checks'), [])
    sheet = counting.page
    attempt = walker.address(sheet, r"/attempts/\d+/responses").removesuffix("/responses")
    claim = [("tab", "bench.0123456789"), ("epoch", walker.value(sheet, "epoch"))]
    found["writer"] = counting.cost("POST", attempt + "/writer", claim, script=True)
    forms = walker.questions(sheet)
    for number, form in enumerate(forms):
        fields = [*walker.answers(form), ("item", walker.value(form, "item")), ("seq", str(1_000_001 + number))]
        fields += [("key", secrets.token_hex(12)), ("tab", "bench.0123456789")]
        assert counting.cost("POST", attempt + "/responses", fields, script=True) == 2
    found["state"] = counting.cost("GET", attempt + "/state", script=True)
    found["result"] = counting.cost("POST", attempt + "/submission", [])
    found["home"] = counting.cost("GET", "/home")
    assert len(forms) >= 6
    assert found == COSTS


def test_an_answer_without_scripts_asks_so_often_and_no_more(counting: Counting) -> None:
    """Saved as the script's is, then one page with one question."""
    page = counting.ask("GET", MODULE)
    page = counting.ask("POST", walker.address(page, '/modules/[^"]+/checks'), [])
    for number in range(len(walker.questions(page)) - 1):
        form = next(form for form in walker.questions(page) if walker.value(form, "item") == str(number + 1))
        fields = [(name, walker.value(form, name)) for name in ("item", "seq", "key", "tab")]
        action = walker.address(page, r"/attempts/\d+/responses")
        asked = counting.cost("POST", action, [*fields, *walker.answers(form)])
        page = counting.page
        assert (asked, len(walker.questions(page))) == (PLAIN_ANSWER if walker.answers(form) else 9, 1)
        assert f'data-alone="{number + 2}"' in page


def test_a_placement_answer_asks_so_often_and_no_more(counting: Counting) -> None:
    page, costs = counting.ask("POST", "/placements", []), []
    for _ in range(3):
        form = walker.questions(page)[0]
        fields = [(name, walker.value(form, name)) for name in ("item", "seq", "key", "tab")]
        action = walker.address(page, r"/attempts/\d+/responses")
        costs.append(counting.cost("POST", action, [*fields, *walker.answers(form), ("skip", "1")]))
        page = counting.page
    assert max(costs) == PLACEMENT_ANSWER
