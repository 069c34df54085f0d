"""What is pasted to invite people: every line is understood or told, and nothing of it is cut."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from lms.identity import invitations, invitees
from lms.identity.membership import LONGEST_NAME
from tests.html import page


def test_too_long_a_name_is_told_and_not_cut() -> None:
    fits, long = "Ա" * LONGEST_NAME, "Ա" * (LONGEST_NAME + 1)
    people, unread = invitees.read(f"{fits}, fits@example.am\n{long}, long@example.am\n{long}")
    assert [(one.email, one.name) for one in people] == [("fits@example.am", fits)]
    assert [(one.line, one.fault) for one in unread] == [(2, "long"), (3, "")]


@pytest.fixture
def administrator(signed_in) -> FlaskClient:
    return signed_in("administrator")


def test_each_wrong_line_stands_by_itself(administrator: FlaskClient) -> None:
    reply = administrator.post(
        "/invitations", data={"email": "one\ntwo\nx@example.am\nx@example.am", "roles": "trainee"}
    )
    told = [line.get_text() for line in page(reply).all("#email-error li")]
    assert reply.status_code == 422 and len(told) == 3
    assert "Line 1" in told[0] and "no e-mail address" in told[0] and "earlier line" in told[2]


def test_a_browser_is_not_told_to_cut_a_name(administrator: FlaskClient) -> None:
    for address, field in (("/settings", "#name"), ("/profile", "#name")):
        assert not page(administrator.get(address)).one(field).has_attr("maxlength"), address
    reply = administrator.post("/settings", data={"name": "Ա" * (LONGEST_NAME + 1), "language": "hy"})
    assert reply.status_code == 422 and "120" in page(reply).text("#name-error")


def test_every_waiting_invitation_and_letter_has_a_page(
    administrator: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "PAGE", 2)
    administrator.post("/invitations", data={"email": "a@x.am, b@x.am, c@x.am", "roles": "trainee"})
    for address, lines in (("/people?waiting=", "#waiting ~ ul summary"), ("/outbox?page=", "main ul summary")):
        found = [page(administrator.get(f"{address}{number}")) for number in (1, 2, 99)]
        assert [len(one.all(lines)) for one in found] == [2, 1, 1], address
