"""The files of a folder of content, as bytes: which ones there are, and what may not be followed out of it."""

from __future__ import annotations

from pathlib import Path

from lms.content.errors import ContentError
from lms.content.text import Text

PATTERNS = (
    "courses/*/course.yaml",
    "courses/*/*.md",
    "courses/*/figures/*",
    "courses/*/sheets/*",
    "quizzes/**/*.md",
    "quizzes/reference/*.*",
)
OUTSIDE = Text(
    en="this link leads out of the folder of courses/ and quizzes/: put the file itself here",
    hy="այս հղումը դուրս է տանում courses/ և quizzes/ պանակներից. այստեղ դրեք ֆայլն ինքը",
)
NO_FILE = Text(en="this file cannot be read ({error})", hy="այս ֆայլը հնարավոր չէ կարդալ ({error})")


def read_files(root: Path) -> dict[str, bytes]:
    """Every content file below the root: relative path -> bytes. ContentError for one that cannot be read, or whose
    link leads out of the root, since leaving it out would withdraw what it holds and following it tell a stranger's."""
    paths = {path for pattern in PATTERNS for path in root.glob(pattern) if path.is_file() or path.is_symlink()}
    paths = {path for path in paths if path.name[0] != "." and not path.is_dir()}  # ._x.md is a Mac's, not an author's
    for place in {path.parent for path in paths} | {path for path in paths if path.is_symlink()}:
        if not _inside(place, root):
            raise ContentError(place.relative_to(root).as_posix(), 1, OUTSIDE, "unreadable")
    return {name: _bytes(path, name) for path in sorted(paths) for name in (path.relative_to(root).as_posix(),)}


def _inside(path: Path, root: Path) -> bool:
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # a link that leads to itself
        return False


def _bytes(path: Path, name: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ContentError(name, 1, NO_FILE.filled(error=error.strerror or str(error)), "unreadable") from None
