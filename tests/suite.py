"""The steps of `python3 -m tests`, each in a process of its own; pytest comes last, so its count closes the output."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from tests import machine

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
CHECKS = (
    ("ruff", [PYTHON, "-m", "ruff", "check", "."]),
    ("format", [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."]),
    ("mypy, strict on the pure rooms", [PYTHON, "-m", "mypy", "--strict", "lms/score", "lms/library"]),
    ("mypy", [PYTHON, "-m", "mypy", "lms", "wsgi.py"]),
    ("content", [PYTHON, "-m", "flask", "content", "check"]),
)
PYTEST = [PYTHON, "-m", "pytest", "-n", "2", "--dist", "loadgroup"]


def run(arguments: list[str]) -> int:
    """0 when every step passed. With arguments only pytest runs, with these arguments."""
    machine.require_browser()
    if arguments:
        return step("pytest", [PYTHON, "-m", "pytest", *arguments])
    failed = [name for name, command in CHECKS if step(name, command)]
    if step("pytest", PYTEST):
        failed.append("pytest")
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def step(name: str, command: list[str]) -> int:
    begun = time.monotonic()
    print(f"== {name}", flush=True)
    code = subprocess.run(command, cwd=ROOT).returncode
    print(f"== {name}: {'failed' if code else 'ok'} in {time.monotonic() - begun:.1f} s", file=sys.stderr, flush=True)
    return code
