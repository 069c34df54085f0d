"""The columns that every work and every entry of its log have."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms import clock
from lms.database import UTCDateTime

GRACE = timedelta(seconds=30)  # that an entry may be under way when the time ends


class Work:
    """One sitting of a person. give_back_url: the own page that asked for it and gets the person back, "" where it is
    the person's own; finished_by: "person" or "deadline". A class gives organisation_id and task their columns and
    adds language, "hy", "en" or, from before languages were kept, None."""

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int]
    task: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    give_back_url: Mapped[str] = mapped_column(String(200), default="")
    started_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    deadline_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_by: Mapped[str | None] = mapped_column(String(12))

    def is_over(self, at: datetime | None = None) -> bool:
        """The time is over, and even an entry sent at the last second would have arrived."""
        return (at or clock.now()) > self.deadline_at + GRACE

    @property
    def begun_in(self) -> str | None:
        """The language."""
        language: str | None = getattr(self, "language", None)
        return language

    @property
    def minutes_left(self) -> int:
        return max(0, round((self.deadline_at - clock.now()).total_seconds() / 60))


class LogEntry:
    """One entry of a work's log. number counts from 1 within the work; late: it came after the end, is kept and changes
    nothing. A class adds work_id and what was sent."""

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    received_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    late: Mapped[bool] = mapped_column(default=False)


def ends() -> tuple[CheckConstraint, ...]:
    """Constraints of a work's table."""
    return (
        CheckConstraint("finished_by IN ('person', 'deadline')", name="finisher_known"),
        CheckConstraint("(finished_at IS NULL) = (finished_by IS NULL)", name="end_has_both"),
    )
