"""The questions of an attempt as this person gets them: revision, numbers and order are drawn once and pinned."""

from __future__ import annotations

from typing import Any

from lms import publishing
from lms.content import questions

SEEDS = 2**31


def pinned(attempt_id: int, position: int, revision_id: int, seed: int) -> dict[str, Any]:
    """The row of the question at a position (from 1) of an attempt with this seed: always the same one."""
    drawn = questions.new_instance(
        publishing.item(revision_id), (seed + 7919 * position) % SEEDS, publishing.reference()
    )
    return {"attempt_id": attempt_id, "position": position, "revision_id": revision_id, "instance": drawn}
