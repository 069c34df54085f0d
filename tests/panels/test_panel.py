"""A panel from its opening to the role's cut: a coordinator, three judges without accounts, two rounds, adoption."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import clock, evidence
from lms.background.mail import OutboxMail
from lms.database import audit, db
from lms.panels import panel_items, result
from lms.panels.models import Panel, PanelJudge
from lms.psychometrics.evidence import Observation
from lms.psychometrics.items import ItemParameters
from lms.psychometrics.matrix import matrix
from lms.psychometrics.model import expected_scores
from lms.psychometrics.panel_cut import panel_cut
from tests.cast import Cast
from tests.framework import RULES, SHIPPED
from tests.html import page

SignIn = Callable[[str], FlaskClient]
PEOPLE = "Ani Petrosyan, ani@judges.example\nDavit, davit@judges.example\nKaren, instructor@example.org\n"
ITEMS = 8
CUTS = (0.1, 0.3, 0.5)  # of the three judges


def opened(client: FlaskClient, **changes: object) -> int:
    form = page(client.get("/panels/new")).form("main form")
    told = {"count": ITEMS, "about": "Three people of the trade."} | changes
    reply = client.post("/panels/new", data=form.fields | told)
    assert reply.status_code == 303, page(reply).text("main")
    return int(reply.location.split("/")[2])


def links_on(reply: object) -> list[str]:
    """The addresses that a page hands over, since the tests have no mail server."""
    return [urlsplit(str(field["value"])).path for field in page(reply).all("input[readonly]")]  # type: ignore[arg-type]


def entered(app: Flask, link: str) -> FlaskClient:
    client = app.test_client()
    assert client.get(link).location == "/judge"
    assert client.get("/judge").status_code == 200
    return client


def rate(client: FlaskClient, number: int, values: Sequence[int]) -> None:
    for place, value in enumerate(values, 1):
        assert client.post(f"/judge/items/{place}", data={"round": number, "value": value}).status_code == 303


@pytest.fixture
def hr(signed_in: SignIn) -> FlaskClient:
    return signed_in("hr")


def test_items_spread_over_the_scale_and_are_none_of_the_closed_pool(context: Flask) -> None:
    with context.test_request_context():
        kept = panel_items.drawn_items("placement", "analytics", 10)
        middles = sorted(sum(each["b"]) / len(each["b"]) for each in kept)
        items = [panel_items.publishing.item(each["revision"]) for each in kept]
        everything = panel_items.evidence.parameters(
            [n for n, i in panel_items.publishing.items("placement") if i.skill == "analytics"]
        )
        rising = sorted(sum(unit.b) / len(unit.b) for unit in everything.values())
    assert {item.skill for item in items} == {"analytics"} and {item.pool for item in items} == {"placement"}
    assert len({each["revision"] for each in kept}) == 10
    assert middles[0] <= rising[len(rising) // 10] and middles[-1] >= rising[-len(rising) // 10]


def test_a_cut_from_the_invitation_to_the_edition_that_points_at_its_record(
    app: Flask, cast: Cast, hr: FlaskClient, signed_in: SignIn
) -> None:
    number = opened(hr)
    links = links_on(hr.post(f"/panels/{number}/judges", data={"people": PEOPLE, "language": "en"}))
    assert len(set(links)) == 3
    twice = hr.post(f"/panels/{number}/judges", data={"people": "nobody\nnew@judges.example\nnew@judges.example"})
    assert twice.status_code == 422
    assert "no e-mail address (nobody)" in twice.text and "stands in an earlier line (new@" in twice.text
    whole = "one@example.org\n" + " " * 19_970 + "two@example.org"  # cut, it would invite two@example.or
    assert hr.post(f"/panels/{number}/judges", data={"people": whole, "language": "en"}).status_code == 422
    again = hr.post(f"/panels/{number}/judges", data={"people": PEOPLE})
    assert again.status_code == 422 and "is a judge already" in again.text
    judges = [entered(app, link) for link in links]
    with app.app_context():
        panel = db.session.get_one(Panel, number)
        items = panel_items.parameters_of(panel)
        shares = [(expected_scores(items, np.array([cut])) / items.m)[0] for cut in CUTS]
        hashes = set(db.session.scalars(select(PanelJudge.token_hash)))
        assert not hashes & {link.rpartition("/")[2] for link in links}
        letters = db.session.scalars(select(OutboxMail)).all()
        assert len(letters) == 3 and all("/judge/…" in letter.shown for letter in letters)
    values = [[int(5 * round(20 * share)) for share in row] for row in shares]

    first = judges[0]
    asked = first.get("/judge/items/1")
    assert "Ani" not in asked.text and not page(asked).has("#key") and not page(asked).has("svg.spread")
    assert first.post("/judge/items/1/key").status_code == 404, "no key before one's own value"
    for wrong in ("", "47", "105", "-5", "x"):
        assert first.post("/judge/items/1", data={"round": 1, "value": wrong}).status_code == 422, wrong
    assert first.get(f"/judge/items/{ITEMS + 1}").status_code == 404
    assert first.post("/judge/items/1", data={"round": 2, "value": 50}).location == "/judge"
    rate(first, 1, values[0][:2])
    first.post("/judge")
    assert "Some items have no value yet" in first.get("/judge").text
    assert "2 of 8 items" in page(entered(app, links[0]).get("/judge")).text(), "resumed on another device"
    assert page(first.post("/judge/items/1/key")).has("#key")
    rate(first, 1, values[0])
    first.post("/judge")
    assert first.post("/judge/items/1", data={"round": 1, "value": 50}).location == "/judge", "handed in is handed in"

    assert hr.post(f"/panels/{number}/second").status_code == 303
    assert "needs 3 judges" in hr.get(f"/panels/{number}").text
    for client, row in zip(judges[1:], values[1:], strict=True):
        rate(client, 1, row)
        client.post("/judge/items/1/key")
        client.post("/judge")
    fresh = links_on(hr.post(f"/panels/{number}/second"))
    assert first.get("/judge").status_code == 404, "the link of the first round is dead"

    judges = [entered(app, link) for link in fresh]
    seen = page(judges[1].get("/judge/items/1"))
    assert len(seen.all("svg.spread circle")) == 3 and "Yours in the first round" in seen.text()
    assert not any(name in seen.text("main") for name in ("Ani", "Karen", "instructor@example.org"))
    judges[0].post("/judge/items/1", data={"round": 2, "value": 95})
    judges[0].post("/judge")

    assert hr.post(f"/panels/{number}/end").status_code == 303
    assert all(client.get("/judge").status_code == 404 for client in judges)
    with app.app_context():
        panel = db.session.get_one(Panel, number)
        last = np.array(values, float) / 100
        last[0, 0] = 0.95
        wanted = panel_cut(items, last)
        assert panel.result["theta"] == pytest.approx(wanted.theta, abs=1e-3)
        assert panel.result["se_general"] == pytest.approx(wanted.se_general, abs=1e-3)
        assert panel.result["returned"] == 1 and panel.result["people"] == {"n": 0, "above": None}
        assert set(db.session.scalars(select(PanelJudge.email))) == {None}
        assert [row["severity"] for row in panel.result["judges"]] == sorted(
            row["severity"] for row in panel.result["judges"]
        )
        key = panel_items.item_at(panel, 1).id
        assert key in evidence.seen_keys(cast.instructor), "a colleague who judged has met the key"
    record = page(hr.get(f"/panels/{number}"))
    assert not any(name in record.text("main") for name in ("Ani", "Davit", "Karen"))

    assert signed_in("instructor").post(f"/panels/{number}/adoption", data={"reason": "x"}).status_code == 403
    assert hr.post(f"/panels/{number}/adoption", data={"reason": " "}).status_code == 422
    assert hr.post(f"/panels/{number}/adoption", data={"reason": "The first real panel."}).status_code == 303
    assert hr.post(f"/panels/{number}/adoption", data={"reason": "again"}).status_code == 404
    with app.app_context():
        house = cast.person("hr").organisation_id
        cuts, edition = evidence.framework(house).cuts, evidence.newest_edition(house)
        assert cuts.theta[2] == pytest.approx(wanted.theta, abs=0.006) and cuts.theta[1] == -0.5
        assert cuts.provisional and cuts.panels[0].panel == number and cuts.panels[0].judges == 3
        assert edition is not None and edition.created_by == cast.hr and edition.reason == "The first real panel."
        assert edition.origin.startswith(f"level 3: Angoff panel {number}, ") and "3 judges, SE" in edition.origin
        acts = [entry.action for entry in audit.newest(house)]
        assert {"panel_opened", "panel_second_round", "panel_closed", "panel_adopted", "edition_made"} <= set(acts)
    for address in ("/framework", "/campaigns/new", "/panels"):
        told = page(hr.get(address))
        assert told.has(f'a[href="/panels/{number}"]') and "3 judges, standard error" in told.text(), address


def test_a_cut_that_reaches_the_next_level_is_told_at_once(app: Flask, hr: FlaskClient) -> None:
    """To the judge by the own values, to the coordinator from three judges on, and before anybody asks to take it."""
    number = opened(hr)
    links = links_on(hr.post(f"/panels/{number}/judges", data={"people": PEOPLE, "language": "en"}))
    judges = [entered(app, link) for link in links]
    told, far = "where level 4 begins", [90] * ITEMS
    for handed, judge in enumerate(judges, 1):
        rate(judge, 1, far[:-1])
        assert told not in judge.get("/judge").text
        rate(judge, 1, far)
        assert told in judge.get("/judge").text
        judge.post("/judge")
        assert (told in hr.get(f"/panels/{number}").text) == (handed == len(judges)), "no single judge's cut is told"
    again = [entered(app, link) for link in links_on(hr.post(f"/panels/{number}/second"))]
    rate(again[0], 2, [20] * ITEMS)
    assert told not in again[0].get("/judge").text
    hr.post(f"/panels/{number}/end")
    with app.app_context():
        panel = db.session.get_one(Panel, number)
        panel.result = {**panel.result, "theta": 1.5}
        db.session.commit()
    record = page(hr.get(f"/panels/{number}"))
    assert "reaches that of level 4, 1.50" in record.text() and not record.has("form[action$='/adoption']")
    assert hr.post(f"/panels/{number}/adoption", data={"reason": "all the same"}).status_code == 422


def test_people_above_are_told_from_thirty_on(context: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """By hand: half of each person lies above a cut at the own estimate."""
    seen = [Observation("content.copy", ItemParameters(1.2, (0.1 * n,)), n % 2) for n in range(6)]
    made = matrix(seen, SHIPPED.tree, RULES)
    panel = Panel(
        organisation_id=cast.person("hr").organisation_id, level=3, skill="content", pool="placement", items=[]
    )
    for people, above in ((29, None), (30, 0.5)):
        monkeypatch.setattr(result.evidence, "matrices_of", lambda _ids, n=people: dict.fromkeys(range(n), made))
        found = result.people_above(panel, made.cells["content"].theta)
        assert found == {"n": people, "above": above}


def test_a_shut_link_and_a_late_one_open_nothing(app: Flask, hr: FlaskClient) -> None:
    number = opened(hr, skill="content")
    (link,) = links_on(hr.post(f"/panels/{number}/judges", data={"people": "a@judges.example", "language": "hy"}))
    judge = entered(app, link)
    with app.app_context():
        row = db.session.scalars(select(PanelJudge)).one()
    hr.post(f"/panels/{number}/judges/{row.id}", data={"do": "revoke"})
    assert judge.get("/judge").status_code == judge.get("/judge/items/1").status_code == 404
    (again,) = links_on(hr.post(f"/panels/{number}/judges/{row.id}", data={"do": "renew"}))
    judge = entered(app, again)
    with app.app_context():
        db.session.get_one(PanelJudge, row.id).expires_at = clock.now()
        db.session.commit()
    assert judge.get("/judge").status_code == 404
    assert app.test_client().get("/judge").status_code == 404


def test_the_question_is_shown_without_its_key(app: Flask, hr: FlaskClient) -> None:
    number = opened(hr)
    (link,) = links_on(hr.post(f"/panels/{number}/judges", data={"people": "a@judges.example", "language": "en"}))
    judge = entered(app, link)
    for place in range(1, ITEMS + 1):
        with app.app_context(), app.test_request_context():
            explained = panel_items.explained_item(db.session.get_one(Panel, number), place, "en")
        shown = judge.get(f"/judge/items/{place}").text
        assert not explained.general_html or explained.general_html not in shown
        assert all(part.feedback_html not in shown for part in explained.parts if part.feedback_html)
