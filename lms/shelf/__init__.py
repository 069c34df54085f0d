"""Content at runtime: immutable revisions, what is published, its pages, search."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from lms.shelf.load import LoadReport, load_files
from lms.shelf.load import save_files as save
from lms.shelf.published import item, items, library, reference, revision_of

__all__ = ["LoadReport", "item", "items", "library", "load", "reference", "revision_of", "save"]


def load(root: Path) -> LoadReport:
    """Bring the shelf to what stands below `root`: immutable revisions, pages, search. The caller commits."""
    return load_files(root)


def init_app(app: Flask) -> None:
    """Nothing yet."""
