"""T1 and T2: before the end no page, reply or header tells anything about keys, not even by being different."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.database import db
from tests.assess.forms import JSON, Sat, SignIn, script
from tests.assess.small import CANARY, TAB
from tests.cast import Cast

pytestmark = pytest.mark.both_engines

RATING = re.compile(r"(?<![\w.])4\.6(?!\w)")  # an expert's mean; signed tokens may hold these signs among others


def everything_said(client: FlaskClient, attempt: Sat) -> Iterator[str]:
    """Every page, JSON reply and header that a person can get from a running attempt."""
    address, seq = f"/attempts/{attempt.id}", attempt.seq
    replies = [client.get(f"{address}?item={item}") for item in (*range(1, 9), "end", "999", "x")]
    for position in range(1, 9):
        seq += 1
        replies.append(script(client, attempt.id, position, {"answer": ["a"], "answer.a": ["a"]}, seq))
    replies.append(script(client, attempt.id, 1, {"answer": ["zz"]}, seq + 1))
    replies.append(client.post(f"{address}/responses", data={"item": 1, "seq": 1, "key": "key-stale", "tab": "old"}))
    replies.append(client.get(f"{address}/state", headers=JSON))
    replies.append(client.post(f"{address}/writer", data={"tab": TAB.replace("p-", "q.")}, headers=JSON))
    for reply in replies:
        yield str(reply.headers) + unescape(reply.text)


def test_nothing_of_keys_and_explanations_leaves_before_the_end(
    app: Flask, attempt: Sat, cast: Cast, signed_in: SignIn
) -> None:
    for language in ("hy", "en"):
        with app.app_context():
            cast.person("trainee").language = language
            db.session.commit()
        for said in everything_said(signed_in("trainee"), attempt):
            assert CANARY not in said
            assert not RATING.search(said)


def test_right_and_wrong_answers_get_the_same_reply(attempt: Sat, signed_in: SignIn) -> None:
    client = signed_in("trainee")

    def said(value: dict[str, list[str]], seq: int) -> tuple[int, bytes, list[tuple[str, str]]]:
        reply = script(client, attempt.id, 1, value, seq)
        headers = [(name, text) for name, text in reply.headers if name not in ("Date", "X-Request-Id", "Set-Cookie")]
        return reply.status_code, re.sub(rb'"client_seq":\d+', b"", reply.data), headers

    seq = attempt.seq
    assert said(attempt.right, seq + 1) == said(attempt.wrong, seq + 2)
