"""Steps of HR on the way to an invited candidate."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.html import page

SignIn = Callable[[str], FlaskClient]
PEOPLE = "Ani Petrosyan, ani@example.am\nԴավիթ Գրիգորյան <davit@example.am>\n"


def made(hr: FlaskClient, **changes: object) -> int:
    """A campaign with the form's own values; its number."""
    opened = page(hr.get("/campaigns/new/smm_manager"))
    reply = hr.post("/campaigns/new/smm_manager", data=opened.form("main form").fields | changes)
    assert reply.status_code == 303, page(reply).text("main")
    return int(reply.location.split("/")[2])


def invited(hr: FlaskClient, number: int, people: str = PEOPLE, **more: str) -> list[str]:
    """The links that the page hands over, since the tests have no mail server."""
    reply = hr.post(f"/campaigns/{number}/people", data={"people": people, "language": "en", **more})
    assert reply.status_code == 200, reply.status_code
    return [str(field["value"]) for field in page(reply).all("input[readonly]")]
