"""Sheets to take away: linked, checked, downloaded as a file that Excel opens right, saved byte for byte."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms import clock, publishing
from lms.content import check, load
from lms.database import db
from tests.publishing.conftest import MODULE, change

CALENDAR = "ամսաթիվ,թեմա\r\n2026-12-01,Ամանոր\r\n".encode()


@pytest.fixture
def sheets(root: Path) -> Path:
    return with_sheets(root)


def with_sheets(root: Path) -> Path:
    folder = root / "courses/smm-foundations/sheets"
    folder.mkdir(exist_ok=True)
    (folder / "calendar.hy.csv").write_bytes(CALENDAR)
    (folder / "brief.en.md").write_text("# Brief\n")
    change(root, MODULE.format("en"), "{{item:", "[The calendar](sheets/calendar.hy.csv)\n\n{{item:")
    return root


def broken_links(root: Path) -> list[str]:
    today = clock.now().date()
    return [str(finding) for finding in check(load(root), today, spelling=False) if finding.code == "broken-link"]


def test_a_link_to_a_sheet_is_known_and_a_missing_one_is_broken(sheets: Path) -> None:
    assert broken_links(sheets) == []
    (sheets / "courses/smm-foundations/sheets/calendar.hy.csv").rename(
        sheets / "courses/smm-foundations/sheets/plan.hy.csv"
    )
    assert any("sheets/calendar.hy.csv is not in the sheets/ folder" in finding for finding in broken_links(sheets))


def test_a_sheet_is_downloaded_through_its_link(
    app: Flask, loaded: Path, signed_in: Callable[[str], FlaskClient]
) -> None:
    with app.app_context():
        report = publishing.load(with_sheets(loaded))
        assert not report.refused, report.findings
        db.session.commit()
    client = signed_in("trainee")
    page = client.get("/courses/smm-foundations/what-is-smm").text
    assert 'href="/sheets/smm-foundations/calendar.hy.csv"' in page
    reply = client.get("/sheets/smm-foundations/calendar.hy.csv")
    assert reply.data == b"\xef\xbb\xbf" + CALENDAR
    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert reply.headers["Content-Disposition"] == "attachment; filename=smm-foundations-calendar.hy.csv"
    brief = client.get("/sheets/smm-foundations/brief.en.md")
    assert brief.data == b"# Brief\n" and brief.mimetype == "text/markdown"
    assert client.get("/sheets/smm-foundations/none.hy.csv").status_code == 404
    assert app.test_client().get("/sheets/smm-foundations/calendar.hy.csv").status_code == 303


def test_sheets_are_saved_byte_for_byte(context: Flask, loaded: Path, tmp_path: Path) -> None:
    publishing.load(with_sheets(loaded))
    publishing.save(tmp_path / "out")
    folder = "courses/smm-foundations/sheets"
    for name in ("calendar.hy.csv", "brief.en.md"):
        assert (tmp_path / "out" / folder / name).read_bytes() == (loaded / folder / name).read_bytes()
