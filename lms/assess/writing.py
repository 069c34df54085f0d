"""One page at a time may write an attempt's answers; another one has to take over first."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Mapped

from lms.assess import stored_answers
from lms.assess.models import Writer
from lms.assess.receipt import ActRefused
from lms.database import db

_WRITER = select(Writer).where(Writer.attempt_id == bindparam("attempt")).order_by(Writer.epoch.desc()).limit(1)


class WrittenByOne:
    """What an attempt is by who writes it."""

    id: Mapped[int]

    def writer(self) -> Writer:
        """The page that may write now."""
        return db.session.scalars(_WRITER, {"attempt": self.id}).one()

    def last_seq(self) -> int:
        """The highest client_seq that the server holds in time, at least the base of the present writer."""
        return self.writer().last_seq(stored_answers.current_numbers(self.id).values())

    def take_over(self, tab: str, epoch: int | None = None) -> Writer:
        """Make `tab` the writer. `epoch`: only if that is still the present one, else ActRefused("other_tab")."""
        present = self.writer()
        if present.tab == tab:
            return present
        if epoch is not None and epoch != present.epoch:
            raise ActRefused("other_tab")
        writer = Writer(attempt_id=self.id, epoch=present.epoch + 1, tab=tab)
        db.session.add(writer)
        db.session.flush()
        return writer
