"""What a browser without scripts, and the script, send; and a look at what was stored."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select

from lms.assess import Attempt
from lms.assess.models import Form
from lms.database import db, read_only
from tests.assess.small import TAB, right, wrong

JSON = {"Accept": "application/json"}
SignIn = Callable[[str], FlaskClient]


class Sat:
    """An attempt as these tests look at it: each look in a context that no request shares."""

    def __init__(self, app: Flask, attempt: Attempt) -> None:
        self.app, self.id, self.seq = app, attempt.id, attempt.last_seq()
        self.right, self.wrong = right(attempt, 1), wrong(attempt, 1)

    def value(self, position: int) -> Form | None:
        with self.app.app_context(), read_only():
            answer = db.session.get_one(Attempt, self.id).current_answers().get(position)
            return answer.value if answer else None

    def look(self, statement: Select[Any]) -> list[Any]:
        with self.app.app_context(), read_only():
            return list(db.session.scalars(statement))


def hidden(page: str, position: int) -> dict[str, str]:
    """The hidden fields of a question's form, as a browser without scripts would send them."""
    form = re.search(rf'<form id="q{position}".*?</form>', page, re.DOTALL)
    assert form
    fields = BeautifulSoup(form[0], "html.parser").select("input[type=hidden]")
    return {str(field["name"]): str(field["value"]) for field in fields}


def controls(page: str, position: int) -> dict[str, str]:
    """One choice per control: the first radio, of a second control over the same list the second; the last option, a
    word."""
    form = re.search(rf'<form id="q{position}".*?</form>', page, re.DOTALL)
    assert form
    given: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="(?:radio|checkbox)" name="([\w.]+)"\s+value="(\w+)"', form[0]):
        given.setdefault(name, []).append(value)
    names = {name: values[place % len(values)] for place, (name, values) in enumerate(given.items())}
    for name, body in re.findall(r'<select [^>]*name="([\w.]+)"[^>]*>(.*?)</select>', form[0], re.DOTALL):
        names[name] = re.findall(r'<option(?: value="(\w+)")?[^>]*>', body)[-1] or str(len(names) + 1)
    return names | dict.fromkeys(re.findall(r'name="(answer[\w.]*)" type="text"', form[0]), "a word")


def script(
    client: FlaskClient,
    attempt_id: int,
    position: int,
    value: dict[str, list[str]],
    seq: int,
    change: dict[str, str] | None = None,
):
    data = {"item": position, "seq": seq, "key": f"key-{seq:06}", "tab": TAB} | value | (change or {})
    return client.post(f"/attempts/{attempt_id}/responses", data=data, headers=JSON)
