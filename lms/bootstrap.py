"""Make `.venv` match the lock files, then go on inside it. Standard library only: nothing is installed yet."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST = (3, 11, 2)


def enter(*locks: str) -> None:
    """Install the lock files named (paths from the project's root) if needed and re-run this command inside `.venv`.

    Returns only when the running interpreter already is the environment's own. Exits with one line where the machine
    lacks something that cannot be installed from here.
    """
    if sys.version_info < OLDEST:
        raise SystemExit(f"Hmut needs Python {'.'.join(map(str, OLDEST))} or newer; this is {sys.version.split()[0]}.")
    if not PYTHON.exists():
        _create()
    _install([ROOT / lock for lock in locks])
    if Path(sys.prefix).resolve() != ENVIRONMENT.resolve():
        command = [str(PYTHON), *sys.orig_argv[1:]]
        os.execv(command[0], command)  # noqa: S606


def _create() -> None:
    _say("making .venv")
    try:
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
    except (subprocess.CalledProcessError, ImportError):
        raise SystemExit("Python's venv is incomplete here; on Debian or Ubuntu: apt install python3-venv") from None


def _install(locks: list[Path]) -> None:
    """Install each lock once; the stamp holds the digests of the locks that the environment satisfies."""
    stamp = ENVIRONMENT / "hmut-locks"
    wanted = {hashlib.sha256(lock.read_bytes()).hexdigest() for lock in locks}
    present = set(stamp.read_text().split()) if stamp.exists() else set()
    if wanted <= present:
        return
    _say("installing " + " and ".join(str(lock.relative_to(ROOT)) for lock in locks))
    arguments = [part for lock in locks for part in ("-r", str(lock))]
    _run_installer(arguments)
    stamp.write_text("\n".join(sorted(wanted)))


def _run_installer(arguments: list[str]) -> None:
    """uv takes seconds where pip takes half a minute; pip knows every mirror setting, so it is the fallback."""
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    with_uv = subprocess.run([*pip, "uv"], stderr=subprocess.DEVNULL).returncode == 0  # noqa: S603
    if with_uv:
        # Compiled here and now, as pip does: else every start compiles again where Python may not write bytecode.
        uv = [str(PYTHON), "-m", "uv", "pip", "install", "--quiet", "--compile-bytecode", "--python", str(PYTHON)]
        if subprocess.run([*uv, *arguments]).returncode == 0:  # noqa: S603
            return
        _say("uv did not manage, trying pip")
    if subprocess.run([*pip, *arguments]).returncode:  # noqa: S603
        raise SystemExit("The packages could not be installed; the lines above say why.")


def _say(text: str) -> None:
    print(f"hmut: {text}", flush=True)
