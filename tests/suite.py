"""The steps of `python3 -m tests`, each in a process of its own; pytest ends last, so its count closes the output."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests import machine

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
CHECKS = (  # one after the other, beside the tests
    ("mypy", [PYTHON, "-m", "mypy", "--strict", "lms", "wsgi.py"]),
    ("content", [PYTHON, "-m", "flask", "content", "check"]),
    ("ruff", [PYTHON, "-m", "ruff", "check", "."]),
    ("format", [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."]),
)
# A group of tests that share a server counts as one; xdist hands out those with the most tests first.
# Asserts stay as they are written: to take apart those of a fresh clone costs each worker eight seconds.
PYTEST = [PYTHON, "-m", "pytest", "-n", "2", "--dist", "loadgroup", "--durations=10", "--assert=plain"]
EXPLAIN = [PYTHON, "-m", "pytest", "--last-failed", "--maxfail=10"]


def run(arguments: list[str]) -> int:
    """0 when every step passed. With arguments only pytest runs, with these arguments."""
    machine.prepare_browser()
    if arguments:
        return subprocess.run([PYTHON, "-m", "pytest", *arguments], cwd=ROOT).returncode
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else each of a hundred servers and commands compiles all anew
    with ThreadPoolExecutor(1) as beside:  # a server that starts, a browser that draws leave a core idle
        codes = beside.map(lambda check: step(*check), CHECKS)
        tests = subprocess.run(PYTEST, cwd=ROOT).returncode
    if tests == pytest.ExitCode.TESTS_FAILED:
        print("== what failed, once more, with the values that were compared; the count above holds", flush=True)
        subprocess.run(EXPLAIN, cwd=ROOT)
    failed = [name for (name, _), code in zip(CHECKS, codes, strict=True) if code]
    if failed:
        print(f"== failed beside the tests: {', '.join(failed)}", flush=True)
    return 1 if failed or tests else 0


def step(name: str, command: list[str]) -> int:
    """Run it, then print what it said in one piece, since two checks may be under way."""
    begun = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    verdict = "failed" if done.returncode else "ok"
    print(f"== {name}: {verdict} in {time.monotonic() - begun:.0f} s\n{done.stdout.strip()}", flush=True)
    return done.returncode
