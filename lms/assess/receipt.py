"""What an answer's sender is told: a receipt, or why the answer was refused; and the bounds of sending."""

from __future__ import annotations

from dataclasses import dataclass

LATE_DAYS = 7  # for so long after the end answers are kept, as late
MOST_OF_ITEM, MOST_OF_ATTEMPT = 1_000, 5_000  # answers that are stored; no person comes near it
EPOCH = 1_000_000  # answers that one page may send; a page that takes over counts from the next million


class ActRefused(Exception):
    """The attempt does not take this act now. `reason`: other_tab, paused, passed, key_reused, older, no_item; too_many
    (`MOST_OF_ITEM`, `MOST_OF_ATTEMPT`), too_late (`LATE_DAYS`)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Receipt:
    """What an answer's sender is told; equal for right and wrong answers, and for every repeat of one key."""

    client_seq: int
    late: bool
    left: float | None

    def plain(self) -> dict[str, object]:
        """As the page's script reads it."""
        return {"saved": True, "client_seq": self.client_seq, "late": self.late, "left": self.left}
