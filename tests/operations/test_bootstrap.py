"""The set-up of `.venv`: made once, mended where it broke, filled by the quickest exact installer that works."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lms.config import ROOT

BOOTSTRAP = ROOT / "lms" / "operations" / "bootstrap.py"


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
    fresh["_quicker_build"] = lambda: ""
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


def test_a_build_runs_no_race_with_itself(installer: dict[str, Any], tmp_path: Path) -> None:
    """Whatever it is called here; on a busy machine it would be quicker now and then."""
    own, times = tmp_path / "python", iter((0.07, 0.1))
    own.symlink_to("/usr/bin/python{}.{}".format(*sys.version_info))
    installer |= {"_base": lambda: str(own), "_seconds": lambda _python: next(times)}
    assert installer["_quicker_build"]() == ""


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
