"""Settings, set-up, languages, compression and jobs."""

from __future__ import annotations

import gzip
import os
import runpy
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, StatementError

from lms import clock
from lms.background import jobs
from lms.config import ROOT, database_url, settings
from lms.database import db, read_only
from lms.identity.models import Organisation
from lms.operations.doctor import sqlite_is_sound
from lms.web.addresses import page_of
from lms.web.i18n import date, number

BOOTSTRAP = ROOT / "lms" / "operations" / "bootstrap.py"


def test_the_secret_is_made_once_and_only_the_owner_reads_it(tmp_path: Path) -> None:
    first = settings({"HMUT_DATA": str(tmp_path / "data")})
    second = settings({"HMUT_DATA": str(tmp_path / "data")})
    assert first["SECRET_KEY"] == second["SECRET_KEY"] and len(first["SECRET_KEY"]) >= 64
    assert stat.S_IMODE(os.stat(tmp_path / "data" / "secret").st_mode) == 0o600


@pytest.mark.parametrize("given", ["postgres://u@h/d", "postgresql://u@h/d"])
def test_both_names_of_postgresql_lead_to_the_driver_in_the_lock(given: str) -> None:
    assert database_url(given, Path("x")) == "postgresql+psycopg://u@h/d"


def test_cookies_are_secure_behind_https(tmp_path: Path) -> None:
    bare = settings({"HMUT_DATA": str(tmp_path)})
    safe = settings({"HMUT_DATA": str(tmp_path), "HMUT_BASE_URL": "https://hmut.example"})
    assert not bare["SESSION_COOKIE_SECURE"]
    assert safe["SESSION_COOKIE_SECURE"] and safe["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert "hmut.example" in safe["TRUSTED_HOSTS"]


def test_bootstrap_needs_only_the_standard_library() -> None:
    """A fresh interpreter without site packages reads it."""
    code = f"import runpy; print(sorted(runpy.run_path({str(BOOTSTRAP)!r})))"
    done = subprocess.run([sys.executable, "-S", "-I", "-c", code], capture_output=True, text=True)
    assert "enter" in done.stdout, done.stderr


def test_an_old_python_is_told_so_in_one_line() -> None:
    enter = runpy.run_path(str(BOOTSTRAP))["enter"]
    enter.__globals__["OLDEST"] = (99, 0)
    with pytest.raises(SystemExit, match=r"needs Python 99\.0"):
        enter("requirements.txt")


@pytest.mark.parametrize(
    ("version", "sound"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 9), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
    ],
)
def test_which_sqlite_may_have_several_writers(version: tuple[int, ...], sound: bool) -> None:
    assert sqlite_is_sound(version) is sound


def test_dates_and_numbers_are_written_as_the_language_writes_them(app: Flask) -> None:
    day = datetime(2026, 11, 23, 21, 30, tzinfo=UTC)  # already the 24th in Yerevan
    for language, day_text, small, big in (
        ("hy", "2026 թ. նոյեմբերի 24", "0,60", "12\u00a0345"),
        ("en", "24 November 2026", "0.60", "12,345"),
    ):
        with app.test_request_context(headers={"Cookie": f"language={language}"}):
            assert (date(day), number(0.6, 2), number(12345)) == (day_text, small, big)


def test_times_are_utc_on_both_engines_and_naive_ones_are_refused(context: Flask) -> None:
    yerevan = timezone(timedelta(hours=4))
    house = Organisation(slug="time", name="Time", created_at=datetime(2026, 1, 1, 4, tzinfo=yerevan))
    db.session.add(house)
    db.session.commit()
    db.session.expire(house)
    assert house.created_at == datetime(2026, 1, 1, tzinfo=UTC) and house.created_at.tzinfo is UTC
    house.created_at = datetime(2026, 1, 1)
    with pytest.raises(StatementError, match="naive"):
        db.session.flush()
    db.session.rollback()


@pytest.mark.both_engines
def test_a_reading_transaction_cannot_write(context: Flask) -> None:
    db.session.rollback()
    with read_only(), pytest.raises(Exception, match=r"readonly|read-only"):
        db.session.execute(text("DELETE FROM throttle"))
    db.session.rollback()
    db.session.execute(text("DELETE FROM throttle"))


def test_pages_are_compressed_and_files_kept(client: FlaskClient) -> None:
    page = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip" and b"<html" in gzip.decompress(page.data)
    assert page.headers["Cache-Control"] == "private, no-cache"
    style = client.get("/static/hmut.css", headers={"Accept-Encoding": "gzip"})
    assert "max-age=31536000" in style.headers["Cache-Control"] and len(style.data) < 8_000
    assert "Content-Encoding" not in client.get("/").headers


def test_a_job_that_fails_leaves_the_others_running(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    done: list[str] = []

    def broken() -> None:
        raise OperationalError("SELECT 1", {}, Exception("away"))

    jobs.jobs_of(app)[:] = []
    jobs.register(app, broken)
    jobs.register(app, lambda: done.append("next"))
    jobs.run_once(app)
    assert done == ["next"]


def test_the_jobs_thread_ends_when_told(app: Flask) -> None:
    jobs.jobs_of(app)[:] = []
    called = threading.Event()
    jobs.register(app, called.set)
    before = set(threading.enumerate())
    stop = jobs.start_thread(app)
    begun = set(threading.enumerate()) - before
    assert called.wait(60)
    stop.set()
    for thread in begun:
        thread.join(60)
    assert begun and not any(thread.is_alive() for thread in begun)


def test_the_clock_can_be_shifted_and_put_right() -> None:
    clock.shift(timedelta(days=2))
    assert clock.now() - datetime.now(UTC) > timedelta(days=1)
    clock.shift(timedelta(0))
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=2)


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/candidate/consent", "/candidate"),
        ("/lab/runs/8/steps/2", "/lab/runs/8"),
        ("/campaigns/2/candidates/9/decisions", "/campaigns/2/candidates/9"),
        ("/campaigns/2/results", "/campaigns/2/results"),
        ("/nothing/at/all", None),
    ],
)
def test_a_forms_own_address_leads_to_the_page_it_stands_on(app: Flask, address: str, page: str | None) -> None:
    with app.test_request_context():
        assert page_of(address) == page


def test_a_tab_brought_back_and_the_language_switch_keep_the_page_of_a_form(client: FlaskClient) -> None:
    back = client.get("/candidate/consent")
    assert (back.status_code, back.location) == (303, "/candidate")
    assert client.put("/candidate/consent").status_code in (400, 405)
    for wanted, leads in (
        ("/candidate/consent", "/candidate"),
        ("//[", "/"),
        ("https://else.example/c", "/"),
        ("//campaigns", "/"),
    ):
        switched = client.post("/language", data={"language": "en", "next": wanted})
        assert (switched.status_code, switched.location) == (303, leads)
