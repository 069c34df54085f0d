"""Which task of a room a module's practice names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeVar


class Coded(Protocol):
    """A task as the catalogue names it: "W4", or "" for one that it does not name."""

    @property
    def code(self) -> str: ...


T = TypeVar("T", bound=Coded)


def named_by(practice: str | None, tasks: Mapping[str, T]) -> T | None:
    """practice: as "W4" or "W1 step 2"."""
    code = (practice or "").partition(" ")[0]
    return next((task for task in tasks.values() if code and task.code == code), None)
