"""The time of an attempt: the deadline is stored once, pauses and extensions are rows, the rest is always derived."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from lms import clock
from lms.assess.models import Extension, Pause
from lms.database import UTCDateTime

GRACE = 30  # seconds that an answer may be under way when the time ends


class Timed:
    """What an attempt is by the clock. `submitted_at` is its end, None while it runs."""

    started_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    deadline_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    grace: Mapped[int] = mapped_column(default=GRACE)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @declared_attr
    def pauses(cls) -> Mapped[list[Pause]]:
        return relationship(order_by=Pause.id, cascade="all, delete-orphan")

    @declared_attr
    def extensions(cls) -> Mapped[list[Extension]]:
        return relationship(order_by=Extension.id, cascade="all, delete-orphan")

    def ends_at(self, at: datetime | None = None) -> datetime | None:
        """When the time ends, seen from `at` (now): while paused it moves on with the clock. None: no limit."""
        if self.deadline_at is None:
            return None
        at = at or clock.now()
        paused = sum(
            (max(timedelta(0), (pause.ended_at or at) - pause.started_at) for pause in self.pauses), timedelta(0)
        )
        return self.deadline_at + paused + self._extra()

    def _extra(self) -> timedelta:
        return timedelta(seconds=sum(extra.seconds for extra in self.extensions))

    def extra_minutes(self) -> int:
        """Time given beyond the limit, to tell the person; 0 without a limit."""
        return round(self._extra().total_seconds() / 60)

    def time_left(self, at: datetime | None = None) -> float | None:
        """Seconds until the time ends, never below 0, never more than the whole; None: no limit."""
        at = max(at or clock.now(), self.started_at)  # a clock that was put back gives nobody more time
        ends = self.ends_at(at)
        return None if ends is None else max(0.0, (ends - at).total_seconds())

    def is_over(self, at: datetime | None = None) -> bool:
        """True when even an answer sent at the last second would have arrived."""
        at = at or clock.now()
        ends = self.ends_at(at)
        return ends is not None and at > ends + timedelta(seconds=self.grace)

    @property
    def is_paused(self) -> bool:
        return any(pause.ended_at is None for pause in self.pauses)

    def pause(self) -> None:
        """Stop the clock; nothing happens when it stands still already, or when the time is over."""
        if self.submitted_at is None and not self.is_paused and not self.is_over():
            self.pauses.append(Pause(started_at=clock.now()))

    def resume(self) -> None:
        for pause in self.pauses:
            pause.ended_at = pause.ended_at or max(clock.now(), pause.started_at)  # a clock may have been put back

    def extend(self, seconds: int, reason: str = "") -> None:
        """Give more time to an attempt that is not finished."""
        if self.submitted_at is None:
            self.extensions.append(Extension(seconds=seconds, reason=reason))
