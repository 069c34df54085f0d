"""The published files, byte for byte."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import select

from lms.database import db
from lms.publishing.models import Publication, Revision


def saved_files() -> dict[str, bytes]:
    """The published files, byte for byte: path -> the sources of its entries in order."""
    rows = db.session.execute(
        select(Publication.path, Revision.source)
        .join(Publication.revision)
        .where(Publication.withdrawn_at.is_(None))
        .order_by(Publication.path, Publication.position)
    )
    parts: defaultdict[str, list[bytes]] = defaultdict(list)
    for path, source in rows:
        parts[path].append(source)
    return {path: b"".join(sources) for path, sources in parts.items()}


def save(root: Path) -> int:
    """Write the published files below `root`, only those that differ; returns how many were written."""
    return write_files(saved_files(), root)


def write_files(files: Mapping[str, bytes], root: Path) -> int:
    written = 0
    for path, source in files.items():
        target = root / path
        if not target.is_file() or target.read_bytes() != source:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source)
            written += 1
    return written
