"""What the check said of the published content, kept in the data folder: a start needs no second reading for it.

It holds for exactly this content, this day and this program; otherwise the check reads again."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from contextlib import suppress
from dataclasses import astuple
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile

from flask import current_app

from lms.content import Finding, check
from lms.publishing.current_content import current_content
from lms.publishing.joined_shelves import CurrentContent
from lms.publishing.rendering_version import HOUSE, renderer

ROOMS = ("content", "competency", "psychometrics")  # all that the check can read


def findings_of_today(today: dt.date) -> tuple[Finding, ...]:
    """What the check says today of what the viewer's organisation sees."""
    content = current_content()
    path = current_app.config["HMUT_DATA"] / "findings" / f"{'-'.join(str(number) for number, _ in content.stamp)}.json"
    rests_on = basis(content, today)
    findings = _read(path, rests_on)
    if findings is None:
        findings = check(content.library, today, spelling=False)
        _write(path, rests_on, findings)
    return findings


def basis(content: CurrentContent, today: dt.date) -> str:
    """A digest of everything that the check looks at."""
    digest = hashlib.sha256(f"{today} {_program()}".encode())
    for name, unit in sorted(content.units.items()):
        digest.update(f"{name} {unit.path} {unit.position} {unit.sha256}".encode())
    digest.update(repr(sorted(content.library.reference.facts.items())).encode())  # with what people looked up
    return digest.hexdigest()


@cache
def _program() -> str:
    digest = hashlib.sha256(renderer().encode())
    for path in sorted(path for room in ROOMS for path in (HOUSE / room).rglob("*") if path.suffix in (".py", ".txt")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _read(path: Path, rests_on: str) -> tuple[Finding, ...] | None:
    """None where nothing is kept, or of something else, or in a way that cannot be read."""
    try:
        file = json.loads(path.read_text("utf-8"))
        return tuple(Finding(*row) for row in file["findings"]) if file["basis"] == rests_on else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _write(path: Path, rests_on: str, findings: tuple[Finding, ...]) -> None:
    """Whole or not at all; a folder that takes no file only costs the next start its time."""
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
            json.dump({"basis": rests_on, "findings": [astuple(finding) for finding in findings]}, file)
        os.replace(file.name, path)
