"""What can be wrong with a content file, told with the place where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


class ContentError(ValueError):
    """A file or an item cannot be read. `line` counts from 1; `code` is a short stable name of the rule."""

    def __init__(self, path: str, line: int, message: str, code: str = "syntax") -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.path, self.line, self.message, self.code = path, line, message, code


@dataclass(frozen=True, order=True)
class Finding:
    """One remark about one line of one file; errors stop a publication, warnings do not."""

    path: str
    line: int
    code: str
    message: str
    severity: Severity = "error"

    def __str__(self) -> str:
        mark = "" if self.severity == "error" else " (warning)"
        return f"{self.path}:{self.line}: {self.code}{mark}: {self.message}"


def finding(error: ContentError) -> Finding:
    """The finding that reports an unreadable file."""
    return Finding(error.path, error.line, error.code, error.message)
