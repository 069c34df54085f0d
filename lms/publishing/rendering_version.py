"""What a module's page depends on beside its own text, as a digest: the renderer and the platform facts in the text."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from functools import cache
from importlib.metadata import version
from pathlib import Path

import lms
from lms.content.model import ModuleText
from lms.content.reference import Reference

LIBRARIES = ("markdown", "pymdown-extensions", "nh3", "babel")
HOUSE = Path(lms.__file__).parent
IMPORT = re.compile(r"^from lms\.([\w.]+) import", re.MULTILINE)
READING = {
    "content.model",
    "content.reference",
    "content.reference_entries",
    "content.errors",
    "content.source",
}  # they change no page


def rendering_version(text: ModuleText, reference: Reference, today: dt.date) -> str:
    """Another one whenever the page could be another: code, libraries, a fact of this text, or that it is due."""
    digest = hashlib.sha256(renderer().encode())
    for name, fact in sorted(reference.facts.items()):
        if f"{{{{fact:{name}}}}}" in text.body:  # also where it is no fact but code: that renders once too often
            digest.update(f"{fact}{fact.is_due(today)}".encode())
    return digest.hexdigest()


@cache
def renderer() -> str:
    """Of the renderer's files and libraries; read once in a process."""
    digest = hashlib.sha256(" ".join(version(name) for name in LIBRARIES).encode())
    for path in renderer_files():
        digest.update(path.read_bytes())
    return digest.hexdigest()


def renderer_files() -> list[Path]:
    """`content/render.py` and every file of the house that it imports, at whatever distance."""
    files: set[Path] = set()
    waiting = ["content.render"]
    while waiting:
        path = HOUSE / f"{waiting.pop().replace('.', '/')}.py"
        if path not in files and path.is_file():
            files.add(path)
            waiting += set(IMPORT.findall(path.read_text("utf-8"))) - READING
    return sorted(files)
