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
import venv
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

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

BOOTSTRAP = ROOT / "lms" / "operations" / "bootstrap.py"


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


@pytest.fixture
def bootstrap(tmp_path: Path) -> dict[str, Any]:
    """The set-up in a folder of its own, with a `.venv` whose installer only takes notes (`ran`, `made`)."""
    namespace: dict[str, Any] = runpy.run_path(str(BOOTSTRAP))["_ensure"].__globals__
    ran: list[list[str]] = []
    made: list[Path] = []
    environment = tmp_path / ".venv"

    def create() -> None:
        made.append(environment)
        venv.create(environment, clear=True)

    namespace |= {
        "ROOT": tmp_path,
        "ENVIRONMENT": environment,
        "PYTHON": environment / "bin" / "python",
        "STAMP": environment / "hmut-locks",
        "ran": ran,
        "made": made,
        "_create": create,
        "_run_installer": ran.append,
        "_run": lambda *module, quiet=False: module == ("pip", "--version"),
        "_say": lambda _text: None,
    }
    (tmp_path / "requirements.txt").write_text("a==1")
    return namespace


def ensure(bootstrap: dict[str, Any]) -> tuple[int, int]:
    """Run the set-up; returns how often an environment was made and packages were installed so far."""
    bootstrap["_ensure"]([bootstrap["ROOT"] / "requirements.txt"])
    return len(bootstrap["made"]), len(bootstrap["ran"])


def test_our_modules_are_compiled_beside_the_installing(bootstrap: dict[str, Any]) -> None:
    module = bootstrap["ROOT"] / "lms" / "room.py"
    module.parent.mkdir()
    module.write_text("A = 1")
    ensure(bootstrap)
    assert [path.suffix for path in module.parent.glob("__pycache__/room.*")] == [".pyc"]


def test_a_lock_is_installed_once_and_again_when_it_changed(bootstrap: dict[str, Any]) -> None:
    assert [ensure(bootstrap), ensure(bootstrap)] == [(1, 1), (1, 1)]
    (bootstrap["ROOT"] / "requirements.txt").write_text("a==2")
    assert ensure(bootstrap) == (1, 2)


def test_what_is_installed_is_enough_where_nothing_may_be_written(
    bootstrap: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    ensure(bootstrap)
    monkeypatch.setitem(bootstrap, "_alone", lambda: pytest.fail("it asked for the folder"))
    assert ensure(bootstrap) == (1, 1)


@pytest.mark.parametrize("harm", ["broken off", "no interpreter", "moved", "another Python"])
def test_a_broken_environment_is_made_anew(bootstrap: dict[str, Any], harm: str) -> None:
    ensure(bootstrap)
    environment, stamp, python = (bootstrap[name] for name in ("ENVIRONMENT", "STAMP", "PYTHON"))
    if harm == "broken off":
        stamp.write_text("begun")
    elif harm == "no interpreter":
        python.unlink()
        python.symlink_to("/nowhere/python3")
    elif harm == "moved":
        aside = environment.with_name("elsewhere")
        venv.create(aside)
        python.unlink()
        python.symlink_to(aside / "bin" / "python")
        (environment / "pyvenv.cfg").unlink()
    else:
        stamp.write_text(stamp.read_text().replace(f" {sys.version_info[1]}\n", " 10\n"))
    # Another Python only needs its packages; all the rest needs a new environment.
    assert ensure(bootstrap) == ((1, 2) if harm == "another Python" else (2, 2))
    assert ensure(bootstrap)[1] == 2


def test_python_without_its_venv_says_what_to_install(bootstrap: dict[str, Any], tmp_path: Path) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise subprocess.CalledProcessError(1, "ensurepip")

    fresh = runpy.run_path(str(BOOTSTRAP))["_create"].__globals__
    fresh |= {"ENVIRONMENT": tmp_path / "new", "_say": lambda _text: None, "venv": type("venv", (), {"create": fail})}
    with pytest.raises(SystemExit, match=r"apt install python3-venv$"):
        fresh["_create"]()


def test_a_folder_that_cannot_be_written_is_named() -> None:
    enter = runpy.run_path(str(BOOTSTRAP))["enter"]

    def refuse(_locks: list[Path]) -> None:
        raise PermissionError(13, "Permission denied", "/srv/hmut/.venv")

    enter.__globals__["_ensure"] = refuse
    with pytest.raises(SystemExit, match=r"Permission denied: /srv/hmut/\.venv\. Run this once as somebody who may"):
        enter("requirements.txt")
    sys.excepthook = sys.__excepthook__


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


def installing(namespace: dict[str, Any], refused: Callable[[list[str]], bool]) -> list[list[str]]:
    """The commands of an installation where some are refused, each without its Python and its `-m`."""
    ran: list[list[str]] = []
    namespace["_call"] = lambda command, quiet: ran.append(command) or not refused(command)
    namespace["ENVIRONMENT"].joinpath("lib", "python3.11", "site-packages").mkdir(parents=True, exist_ok=True)
    namespace["_run_installer"](["-r", "requirements.txt"])
    return [command[2:] for command in ran]


@pytest.fixture
def installer(tmp_path: Path) -> dict[str, Any]:
    namespace: dict[str, Any] = runpy.run_path(str(BOOTSTRAP))["_run_installer"].__globals__
    namespace |= {"ENVIRONMENT": tmp_path, "_say": lambda _text: None}
    return namespace


def test_the_installer_is_exact_and_hash_checked(installer: dict[str, Any]) -> None:
    fetched, installed = installing(installer, lambda _command: False)
    lock = Path(fetched[fetched.index("-r") + 1])
    assert fetched[:2] == ["pip", "install"] and "uv" not in fetched and installed[:3] == ["uv", "pip", "install"]
    name, *hashes = lock.read_text("utf-8").replace("\\\n", " ").split()
    assert re.fullmatch(r"uv==[\d.]+", name) and len(hashes) > 10
    assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", one) for one in hashes)


def test_the_installer_is_fetched_once_and_again_in_a_newer_version(installer: dict[str, Any], tmp_path: Path) -> None:
    version = installer["INSTALLER"].read_text("utf-8").split()[0].replace("==", "-")
    place = tmp_path / "lib" / "python3.11" / "site-packages"
    (place / "uv-0.0.1.dist-info").mkdir(parents=True)
    assert [command[0] for command in installing(installer, lambda _command: False)] == ["pip", "uv"]
    (place / f"{version}.dist-info").mkdir()
    assert [command[0] for command in installing(installer, lambda _command: False)] == ["uv"]


def test_where_uv_cannot_install_pip_does(installer: dict[str, Any]) -> None:
    *_, last = installing(installer, lambda command: command[2] == "uv")
    assert last[0] == "pip" and last[-2:] == ["-r", "requirements.txt"] and "--python" in last


def test_a_python_without_pip_unpacks_one(installer: dict[str, Any], tmp_path: Path) -> None:
    own = str(installer["PYTHON"])
    commands = installing(installer, lambda command: command[2] == "pip" and command[0] != own)
    assert [command[0] for command in commands] == ["pip", "ensurepip", "pip", "uv"]


@pytest.mark.parametrize(
    ("seconds", "quicker"),
    [(0.07, True), (0.09, False), ("nothing: it is too old", False), ("no file", False)],
)
def test_the_distribution_s_build_is_taken_where_it_is_clearly_quicker(
    installer: dict[str, Any], monkeypatch: pytest.MonkeyPatch, seconds: float | str, quicker: bool
) -> None:
    """A tenth of a second here; there as a command of that name would answer."""

    def answered(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        if command[0].startswith("/usr/bin/python3.") and seconds == "no file":
            raise FileNotFoundError
        there = f"{seconds}\n" if isinstance(seconds, float) else ""
        return subprocess.CompletedProcess(command, 0, there if command[0].startswith("/usr") else "0.1\n")

    monkeypatch.setitem(installer, "_base", lambda: "own")
    monkeypatch.setattr(subprocess, "run", answered)
    assert bool(installer["_quicker_build"]()) == quicker


@pytest.mark.parametrize(("least", "sense"), [((3, 11, 2), True), ((99,), False)])
def test_a_build_is_timed_by_the_work_it_does_unless_it_is_too_old(least: tuple[int, ...], sense: bool) -> None:
    namespace = runpy.run_path(str(BOOTSTRAP))["_seconds"].__globals__
    namespace["RACE"] = namespace["RACE"].replace(str(namespace["OLDEST"]), str(least))
    assert (0 < namespace["_seconds"](sys.executable) < 60) == sense
    assert namespace["_seconds"]("/nowhere/python3") == float("inf")


def test_where_the_quicker_build_makes_no_environment_the_own_one_does(
    installer: dict[str, Any], tmp_path: Path
) -> None:
    """A distribution may keep `venv` in a package of its own."""
    installer |= {"ENVIRONMENT": tmp_path / ".venv", "_quicker_build": lambda: "/usr/bin/false"}
    installer["_create"]()
    assert (tmp_path / ".venv" / "bin" / "python").exists()


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
