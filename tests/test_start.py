"""`python3 wsgi.py` on machines that are not as they should be: it works, or says in one line what to do."""

from __future__ import annotations

import gettext
import re
import runpy
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from lms.app import create_app
from lms.config import ROOT, settings
from lms.database import db
from lms.identity.models import Organisation
from lms.operations import listening, serve
from lms.web.i18n import compile_catalogues
from tests import databases
from tests.cast import Cast
from tests.servers import free_port, start_server


@pytest.fixture
def engine_name() -> str:
    """What starts here is a newcomer's machine."""
    return "sqlite"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("HMUT_PORT", "abc", "HMUT_PORT is a number from 1 to 65535, not 'abc'"),
        ("HMUT_PORT", "65536", "HMUT_PORT"),
        ("HMUT_PORT", "٣٣", "HMUT_PORT"),
        ("HMUT_DEMO", "false", "HMUT_DEMO is 0 or 1, not 'false'"),
        ("HMUT_BASE_URL", "hmut.example.am", "HMUT_BASE_URL is an address"),
        ("HMUT_BASE_URL", "https://hmut.example.am/learn", "without a path"),
        ("SMTP_URL", "mail.example.am:25", "SMTP_URL is like smtp://"),
        ("DATABASE_URL", "mysql://u@h/d", "DATABASE_URL is like postgresql://"),
        ("DATABASE_URL", "sqlite://", "DATABASE_URL"),
        ("HMUT_DATA", "/proc/hmut", "/proc/hmut cannot hold the data: .* HMUT_DATA="),
    ],
)
def test_a_setting_without_sense_is_named_in_one_line(tmp_path: Path, name: str, value: str, says: str) -> None:
    with pytest.raises(SystemExit, match=says) as stopped:
        settings({"HMUT_DATA": str(tmp_path), name: value})
    assert "\n" not in str(stopped.value)


def test_a_setting_that_is_empty_counts_as_not_set(tmp_path: Path) -> None:
    names = ("HMUT_HOST", "HMUT_PORT", "HMUT_BASE_URL", "HMUT_DEMO", "DATABASE_URL", "SMTP_URL", "HMUT_PROXY")
    assert settings({"HMUT_DATA": str(tmp_path), **dict.fromkeys(names, " ")}) == settings({"HMUT_DATA": str(tmp_path)})


def test_an_address_of_version_six_stands_in_brackets(tmp_path: Path) -> None:
    found = settings({"HMUT_DATA": str(tmp_path), "HMUT_HOST": "::1"})
    assert found["HMUT_BASE_URL"] == "http://[::1]:8000"
    listening.refuse_exposure(True, found["HMUT_HOST"], "::1")


def test_catalogues_are_made_by_many_at_once_and_again_when_a_copy_is_older(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(compile_catalogues, [tmp_path] * 8))
    (made,) = tmp_path.rglob("messages*")
    assert made.suffix == ".mo"
    made.write_bytes(b"of another version, and younger than every source")
    compile_catalogues(tmp_path)
    assert gettext.GNUTranslations(made.open("rb")).gettext("Courses") == "Դասընթացներ"


def test_a_taken_port_is_told_before_anything_is_set_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SystemExit, match=rf"port {port}: Address already in use\. .* HMUT_PORT="):
            listening.refuse_taken("127.0.0.1", port)
    listening.refuse_taken("127.0.0.1", port)


def test_commands_tell_trouble_with_the_database_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("a secret that is long enough for a test")
    (tmp_path / "hmut.db").write_text("a letter to my aunt, and no database at all " * 50)
    flask = [sys.executable, "-m", "flask", "--app", "wsgi", "people", "list"]
    environment = {"HMUT_DATA": str(tmp_path), "PATH": ""}
    done = subprocess.run(flask, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 1 and not done.stdout
    assert re.fullmatch(r".*not a database.*\n", done.stderr), done.stderr


def test_a_database_that_is_not_set_up_is_told_by_commands(tmp_path: Path, workbench: Path) -> None:
    app = create_app(databases.settings(f"sqlite:///{tmp_path / 'hmut.db'}", workbench))
    done = app.test_cli_runner().invoke(args=["people", "list"])
    says = r"The database is not set up \(no such table: person\)\. Start `python3 wsgi.py` once\.\n"
    assert done.exit_code == 1 and re.fullmatch(says, done.output), done.output


def test_a_copy_made_while_somebody_writes_is_a_data_folder(context: Flask, cast: Cast, tmp_path: Path) -> None:
    context.config["HMUT_DATA"] = tmp_path / "data"
    secret = settings({"HMUT_DATA": str(tmp_path / "data")})["SECRET_KEY"]
    db.session.add(Organisation(slug="later", name="Not yet committed"))
    db.session.flush()
    run = context.test_cli_runner().invoke
    done = run(args=["backup", str(tmp_path / "copy")])
    assert done.exit_code == 0 and "integrity check: ok" in done.output
    restored = settings({"HMUT_DATA": str(tmp_path / "copy")})
    assert restored["SECRET_KEY"] == secret and stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o700
    with closing(sqlite3.connect(tmp_path / "copy" / "hmut.db")) as copy:
        slugs = {slug for (slug,) in copy.execute("SELECT slug FROM organisation")}
    assert slugs and "later" not in slugs
    again = run(args=["backup", str(tmp_path / "copy")])
    assert again.exit_code == 1 and "File exists" in again.output


@pytest.fixture
def _interruptible() -> Iterator[None]:
    """What a shell starts in the background ignores Ctrl-C, and so does all that it starts, unless told otherwise."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_interruptible")
def test_one_server_at_a_time_has_the_data_and_it_stops_when_told(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second is this process, which asks for the data as every server does."""
    monkeypatch.setitem(app.config, "HMUT_DATA", tmp_path)
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    process = start_server(tmp_path, free_port(), DATABASE_URL=url, HMUT_DEMO="0")
    with pytest.raises(SystemExit, match=f"Another Hmut uses {tmp_path}"), serve._only_writer(app):
        pass
    process.send_signal(signal.SIGINT)
    assert process.wait(8) == 0
    said = (tmp_path / "server.log").read_text()
    assert "Traceback" not in said and said.rstrip().endswith("stopped")


def test_installing_alone_touches_no_data(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--install` for the owner of the program's folder: the service's user makes the data later."""
    run, entered = runpy.run_path, []
    monkeypatch.setattr(runpy, "run_path", lambda _path: {"enter": lambda *locks: entered.append(locks)})
    monkeypatch.setattr(sys, "argv", ["wsgi.py", "--install"])
    monkeypatch.setenv("HMUT_DATA", str(tmp_path / "data"))
    with pytest.raises(SystemExit) as stopped:
        run(str(ROOT / "wsgi.py"), run_name="__main__")
    assert (stopped.value.code, entered) == (None, [("requirements.txt", "lms/report/requirements.txt")])
    assert "installed" in capsys.readouterr().out and not (tmp_path / "data").exists()
