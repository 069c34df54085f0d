"""The published files, byte for byte."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lms.publishing.current_content import own_shelf, shipped_organisation


def saved_files(organisation_id: int | None = None) -> Mapping[str, bytes]:
    """What the organisation has published itself (None: the shipped content): path -> the file's bytes."""
    owner = shipped_organisation() if organisation_id is None else organisation_id
    return {} if owner is None else own_shelf(owner).files


def save(root: Path, organisation_id: int | None = None) -> int:
    """Write the published files below `root`, only those that differ; returns how many were written."""
    return write_files(saved_files(organisation_id), root)


def write_files(files: Mapping[str, bytes], root: Path) -> int:
    written = 0
    for path, source in files.items():
        target = root / path
        if not target.is_file() or target.read_bytes() != source:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source)
            written += 1
    return written
