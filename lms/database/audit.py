"""Who changed what about people and settings: rows that are only added, each sealed with the one before it.

An entry holds ids and roles, no names or addresses, so that a person's data can go while the chain stays. The database
itself refuses to change or delete an entry; whoever switches that off breaks the chain, and `flask audit check` says
where. Entries cut off at the end are found by a seal that was written down elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from lms import clock
from lms.database import Model, UTCDateTime, db
from lms.database.upsert import store_together

BEGINNING = "0" * 64  # what the first entry of an organisation is sealed with


class AuditEntry(Model):
    """actor: a person's id, empty for an operator's command. number counts from one within the organisation."""

    __tablename__ = "audit_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[int]  # id of the person, the invitation or the organisation that the action is about
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    seal: Mapped[str] = mapped_column(String(64))
    __table_args__ = (
        UniqueConstraint("organisation_id", "number"),
        CheckConstraint("number >= 1", name="number_counts_from_one"),
    )

    def sealed_with(self, previous: str) -> str:
        """SHA-256 over the previous seal and everything this entry says."""
        sealed = [
            previous,
            self.organisation_id,
            self.number,
            self.at.isoformat(),
            self.actor,
            self.action,
            self.subject,
        ]
        return hashlib.sha256(json.dumps([*sealed, self.detail], sort_keys=True).encode()).hexdigest()


def append_entry(organisation_id: int, actor: int | None, action: str, subject: int, **detail: Any) -> None:
    """Add an entry; it commits with what it tells of. Writers of one organisation take turns until then."""
    append_entries(organisation_id, actor, action, [subject], **detail)


def append_entries(
    organisation_id: int, actor: int | None, action: str, subjects: Sequence[int], **detail: Any
) -> None:
    """An entry for each subject of one act."""
    db.session.flush()
    home = db.metadata.tables["organisation"].c.id
    db.session.execute(select(home).where(home == organisation_id).with_for_update(key_share=True))
    last = db.session.scalars(_entries(organisation_id).order_by(AuditEntry.number.desc()).limit(1)).first()
    number, seal = (last.number, last.seal) if last else (0, BEGINNING)
    entries = []
    for subject in subjects:
        number += 1
        entry = AuditEntry(organisation_id=organisation_id, number=number, at=clock.now(), actor=actor)
        entry.action, entry.subject, entry.detail = action, subject, detail
        entry.seal = seal = entry.sealed_with(seal)
        entries.append(entry)
    store_together(entries)


def newest(organisation_id: int, before: int | None = None, limit: int = 100) -> list[AuditEntry]:
    """The newest entries first, of those numbered below `before`."""
    entries = _entries(organisation_id).order_by(AuditEntry.number.desc()).limit(limit)
    return list(db.session.scalars(entries.where(AuditEntry.number < before) if before else entries))


def broken_at(organisation_id: int, noted_seal: str = "") -> int | None:
    """The number of the first entry that is missing or not as it was sealed, None when all hold. With `noted_seal`, a
    seal that was written down before, the number after the last when no entry bears it."""
    number, seal, met = 1, BEGINNING, not noted_seal
    for entry in db.session.scalars(_entries(organisation_id).order_by(AuditEntry.number)).yield_per(500):
        if entry.number != number or entry.seal != entry.sealed_with(seal):
            return number
        number, seal, met = number + 1, entry.seal, met or entry.seal == noted_seal
    return None if met else number


def _entries(organisation_id: int) -> Any:
    return select(AuditEntry).where(AuditEntry.organisation_id == organisation_id)
