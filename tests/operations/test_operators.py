"""What an operator relies on: copies that can be started from, a doctor that looks, one line for each trouble."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from lms import clock
from lms.config import settings
from lms.database import db
from lms.operations import backup, preparing
from lms.operations.backup import problems_of
from lms.web import log
from tests.cast import Cast


@pytest.fixture
def data(context: Flask, tmp_path: Path) -> Path:
    context.config["HMUT_DATA"] = tmp_path / "data"
    settings({"HMUT_DATA": str(tmp_path / "data")})
    return tmp_path


def run(app: Flask, *words: str):
    return app.test_cli_runner().invoke(args=list(words))


def test_a_copy_is_private_and_says_what_it_holds(context: Flask, data: Path) -> None:
    done = run(context, "backup", str(data / "copy"))
    assert done.exit_code == 0 and "person 6" in done.output
    assert {stat.S_IMODE(path.stat().st_mode) for path in (data / "copy").iterdir()} == {0o600}


@pytest.mark.parametrize("harm", ["cut", "flipped", "newer", "no secret", "short secret", "none"])
def test_a_copy_that_could_not_be_started_from_is_told(context: Flask, data: Path, harm: str) -> None:
    run(context, "backup", str(data / "copy"))
    database, secret = data / "copy" / "hmut.db", data / "copy" / "secret"
    if harm == "cut":
        database.write_bytes(database.read_bytes()[:20_000])
    elif harm == "flipped":
        broken = bytearray(database.read_bytes())
        broken[4096:8192] = b"\xff" * 4096
        database.write_bytes(broken)
    elif harm == "newer":
        with closing(sqlite3.connect(database)) as copy:
            copy.execute("UPDATE alembic_version SET version_num = '9999'")
            copy.commit()
    elif harm == "no secret":
        secret.unlink()
    elif harm == "short secret":
        secret.write_text("abc")
    done = run(context, "backup", "--check", str(data / "copy"))
    assert done.exit_code == (harm != "none"), done.output
    assert bool(problems_of(data / "copy")) == (harm != "none")


def test_a_timers_copies_are_dated_and_only_its_own_are_forgotten(context: Flask, data: Path) -> None:
    (data / "copies" / "mine").mkdir(parents=True)
    for minute in range(4):
        clock.shift(timedelta(minutes=minute))
        assert run(context, "backup", "--keep", "2", str(data / "copies")).exit_code == 0
    names = sorted(path.name for path in (data / "copies").iterdir())
    assert len(names) == 3 and names[-1] == "mine"


def test_a_copy_is_two_files_that_can_be_read_where_nothing_may_be_written(context: Flask, data: Path) -> None:
    run(context, "backup", str(data / "copy"))
    assert sorted(path.name for path in (data / "copy").iterdir()) == ["hmut.db", "secret"]
    with closing(sqlite3.connect(f"file:{data / 'copy' / 'hmut.db'}?mode=ro", uri=True)) as copy:
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_half_a_copy_or_a_damaged_one_takes_no_good_ones_place(
    context: Flask, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeping = ("backup", "--keep", "1", str(data / "copies"))
    run(context, *keeping)
    (good,) = (data / "copies").iterdir()
    clock.shift(timedelta(minutes=1))
    with monkeypatch.context() as full:
        full.setattr(backup.shutil, "copy2", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        done = run(context, *keeping)
    assert done.exit_code == 1 and "No space left" in done.output and list((data / "copies").iterdir()) == [good]
    with monkeypatch.context() as harm:
        harm.setattr(backup, "problems_of", lambda _: ["hmut.db is damaged"])
        assert run(context, *keeping).exit_code == 1
    clock.shift(timedelta(minutes=2))
    run(context, *keeping)
    names = sorted(path.name for path in (data / "copies").iterdir())
    assert [name.endswith("-damaged") for name in names] == [True, False], names


def test_a_database_without_its_secret_stops_the_start_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "hmut.db").write_bytes(b"something")
    with pytest.raises(SystemExit, match="the secret that belongs to it is not") as stopped:
        settings({"HMUT_DATA": str(tmp_path)})
    assert "\n" not in str(stopped.value)
    (tmp_path / "secret").touch()
    assert len(settings({"HMUT_DATA": str(tmp_path)})["SECRET_KEY"]) > 40


def test_a_newer_database_stops_the_start_in_one_line(context: Flask) -> None:
    db.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    db.session.commit()
    with pytest.raises(SystemExit, match="written by a newer Hmut: its schema is 9999"):
        preparing._bring_up_to_date()


def test_a_damaged_database_is_one_line(context: Flask) -> None:
    path = Path(str(db.engine.url.database))
    db.session.remove()
    db.engine.dispose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    broken = bytearray(path.read_bytes())
    broken[4096 : len(broken) // 2] = b"\xff" * (len(broken) // 2 - 4096)
    path.write_bytes(broken)
    done = run(context, "people", "list")
    assert (
        done.exit_code == 1 and done.output.count("\n") <= 1 and "cannot be used" in done.output + str(done.exception)
    )


def test_the_doctor_looks_at_everything_and_says_what_to_do(context: Flask, data: Path) -> None:
    done = run(context, "doctor")
    for about in ("database", "schema", "writing", "disk", "address", "proxy", "letters", "mail server", "secret"):
        assert f"  {about}: " in done.output, about
    assert done.exit_code == 1 and "look  mail server: SMTP_URL is not set" in done.output
    (data / "data" / "secret").chmod(0o644)
    assert "others may read it: chmod 600" in run(context, "doctor").output


def test_figures_are_for_this_machine_only(client: FlaskClient) -> None:
    client.get("/sign-in")
    page = client.get("/metrics").text
    assert 'hmut_replies_total{route="/sign-in",status="200"} 1.0' in page
    assert "hmut_writes_possible 1.0" in page and 'hmut_letters{state="waiting"} 0.0' in page
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": "10.0.0.7"}).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "10.0.0.7"}).status_code == 404


def test_a_report_has_a_number_from_page_to_log(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "identity.front", lambda: 1 / 0)
    logged: list[dict[str, object]] = []
    monkeypatch.setattr(log, "_log", SimpleNamespace(error=lambda _event, **about: logged.append(about)))
    reply = app.test_client().get("/")
    assert reply.status_code == 500 and logged[-1]["id"] == reply.headers["X-Request-Id"]
    assert reply.headers["X-Request-Id"] in reply.text


def test_people_add_gives_a_role_to_one_who_is_there_and_names_a_new_house(context: Flask, cast: Cast) -> None:
    done = run(context, "people", "add", "hr@example.org", "--organisation", "aygi", "--role", "instructor")
    assert "hr@example.org is hr, instructor of aygi" in done.output
    other = run(context, "people", "add", "hr@example.org", "--organisation", "elsewhere", "--role", "hr")
    assert other.exit_code == 1 and "belongs to aygi" in other.output
    words = ("--organisation", "new", "--organisation-name", "Նոր տուն", "--role", "administrator")
    run(context, "people", "add", "x@example.am", *words)
    assert db.session.scalar(text("SELECT name FROM organisation WHERE slug = 'new'")) == "Նոր տուն"


def test_the_last_administrator_is_not_closed_without_a_word(context: Flask, cast: Cast) -> None:
    done = run(context, "people", "remove", "administrator@example.org")
    assert done.exit_code == 1 and "last administrator of aygi" in done.output
    assert run(context, "people", "remove", "--force", "administrator@example.org").exit_code == 0
