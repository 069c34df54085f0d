"""Stored pages and pictures."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms import clock, publishing
from lms.content.markup_inline import FACT
from lms.database import db
from lms.publishing import rendering_version
from lms.publishing.models import Rendering, SearchSection
from lms.publishing.pages import linked
from lms.publishing.publish import shipped_owner
from lms.publishing.rendering import render_published
from lms.publishing.viewer import content_of
from tests.publishing.conftest import BANK, change

pytestmark = pytest.mark.both_engines


def test_every_published_module_has_its_page_in_both_languages(context: Flask) -> None:
    with context.test_request_context():
        for module in publishing.library().modules.values():
            pages = [publishing.rendered(module.id, language) for language in ("hy", "en")]
            anchors = [[(level, anchor) for level, anchor, _ in page.headings] for page in pages]
            assert anchors[0] == anchors[1], f"{module.id}: a language switch keeps the place by these"


def test_addresses_in_a_page_lead_somewhere(context: Flask, signed_in: Callable[[str], FlaskClient]) -> None:
    with context.test_request_context():
        html = linked(
            '<img src="figure:ladder.hy.svg"><a href="module:C1.1#idea">x</a><a href="module:C99.1">y</a>', "C1"
        )
    assert 'src="/figures/smm-foundations/ladder.hy.svg"' in html
    assert 'href="/courses/smm-foundations/what-is-smm#idea"' in html
    assert 'href="#"' in html
    assert signed_in("trainee").get("/figures/smm-foundations/ladder.hy.svg").status_code == 200


def test_another_renderer_makes_another_version(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    text, today = publishing.library().modules["C1.1"].text(), clock.now().date()
    before = rendering_version.rendering_version(text, publishing.reference(), today)
    monkeypatch.setattr(rendering_version, "renderer", lambda: "another")
    assert rendering_version.rendering_version(text, publishing.reference(), today) != before


def test_a_page_is_made_anew_when_its_renderer_or_facts_changed(context: Flask) -> None:
    render_published()
    row = db.session.scalars(select(Rendering).order_by(Rendering.revision_id.desc())).first()
    assert row
    page, number = row.html, row.revision_id
    row.html, row.version = "old", "old"
    db.session.flush()
    assert render_published() == 1
    assert db.session.get_one(Rendering, number).html == page
    assert render_published() == 0


def test_a_page_is_made_anew_on_the_day_that_a_fact_in_it_falls_due(context: Flask) -> None:
    due = min(
        fact.valid_until
        for module in publishing.library().modules.values()
        for name in re.findall(FACT, module.languages["en"].body)
        if (until := (fact := publishing.reference().facts[name]).valid_until) and until > clock.now().date()
    )
    with content_of(shipped_owner()), context.test_request_context():
        render_published()
        assert render_published() == 0
        before = warnings()
        clock.shift(datetime.combine(due + timedelta(days=1), time(12), UTC) - datetime.now(UTC))
        assert render_published() > 0
        assert render_published() == 0
        assert warnings() > before


def warnings() -> int:
    return sum(html.count("due for review") for html in db.session.scalars(select(Rendering.html)))


def test_withdrawn_text_is_not_searched(context: Flask, loaded: Path) -> None:
    change(loaded, "courses/smm-foundations/01-what-is-smm.en.md", "Alratun", "Qwertyuiop")
    publishing.load(loaded)
    assert {hit.module for hit in publishing.search("Qwertyuiop", "en")} == {"C1.1"}
    change(loaded, "courses/smm-foundations/01-what-is-smm.en.md", "Qwertyuiop", "Alratun")
    publishing.load(loaded)
    assert publishing.search("Qwertyuiop", "en") == []
    assert not db.session.scalars(select(SearchSection).where(SearchSection.plain.contains("Qwertyuiop"))).all()


def test_a_picture_can_do_nothing_and_is_kept_by_the_browser(signed_in: Callable[[str], FlaskClient]) -> None:
    client = signed_in("trainee")
    reply = client.get("/figures/smm-foundations/ladder.hy.svg")
    assert reply.mimetype == "image/svg+xml"
    assert (
        "sandbox" in reply.headers["Content-Security-Policy"]
        and "default-src 'none'" in reply.headers["Content-Security-Policy"]
    )
    assert "max-age" in reply.headers["Cache-Control"]
    again = client.get("/figures/smm-foundations/ladder.hy.svg", headers={"If-None-Match": reply.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/figures/smm-foundations/none.svg").status_code == 404
    assert client.get("/figures/smm-foundations/../course.yaml").status_code == 404


@pytest.fixture
def run(app: Flask) -> Callable[..., tuple[int, str]]:
    def invoke(*arguments: str) -> tuple[int, str]:
        done = app.test_cli_runner().invoke(args=["content", *arguments])
        return done.exit_code, done.output

    return invoke


def test_content_commands(run: Callable[..., tuple[int, str]], loaded: Path, tmp_path: Path) -> None:
    change(loaded, BANK, "What do the letters SMM stand for", "Write out the letters SMM")
    code, output = run("load", str(loaded))
    assert code == 0 and "1 published" in output
    assert run("save", str(tmp_path / "out"))[0] == 2, "a folder that is not there is a mistake to tell"
    (tmp_path / "out").mkdir()
    assert run("save", str(tmp_path / "out"))[0] == 0
    assert (tmp_path / "out" / BANK).read_bytes() == (loaded / BANK).read_bytes()
    counts = json.loads(run("stats", str(loaded), "--json")[1])
    assert counts["courses"]["C1"]["modules"]["C1.1"]["words"]["hy"] > 500
    change(loaded, BANK, "type: short", "type: shrt")
    code, output = run("check", str(loaded), "--no-spelling")
    assert code == 1
    assert f"{BANK}:" in output and "type" in output
