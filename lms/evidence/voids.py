"""Items that an organisation declared void: their evidence is kept and does not count. Rows are only added."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, ScalarSelect, Select, false, func, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from lms.database import db
from lms.evidence.models import Evidence, ItemVoid
from lms.identity.models import Person
from lms.publishing.models import Revision

MAX_REASON = 500


def counts() -> ColumnElement[bool]:
    """A condition on Evidence: its item is not void for the person's organisation."""
    person = aliased(Person)
    owner = select(person.organisation_id).where(person.id == Evidence.person_id).correlate(Evidence)
    newest = _newest(Evidence.item_key, Evidence.revision_id, owner.scalar_subquery()).correlate(Evidence)
    return not_(func.coalesce(newest.scalar_subquery(), false()))


def _newest(
    key: InstrumentedAttribute[str],
    revision_id: InstrumentedAttribute[int],
    owner: ScalarSelect[int],
) -> Select[bool]:
    """What the newest row about the revision, or about all of them, says."""
    row = aliased(ItemVoid)
    about = row.item_key == key, or_(row.revision_id.is_(None), row.revision_id == revision_id)
    return select(row.is_void).where(row.organisation_id == owner, *about).order_by(row.id.desc()).limit(1)


def voids_for(person_id: int) -> frozenset[int]:
    """Revisions of items that are void for the person's organisation."""
    owner = select(Person.organisation_id).where(Person.id == person_id).scalar_subquery()
    named = select(ItemVoid.item_key).where(ItemVoid.organisation_id == owner)
    newest = _newest(Revision.key, Revision.id, owner).correlate(Revision).scalar_subquery()
    found = select(Revision.id).where(Revision.kind == "item", Revision.key.in_(named), newest)
    return frozenset(db.session.scalars(found, execution_options={"unscoped": True}))


def void_rows(organisation_id: int, item_key: str) -> Sequence[ItemVoid]:
    """What the organisation said about an item, the newest first."""
    rows = select(ItemVoid).filter_by(organisation_id=organisation_id, item_key=item_key)
    return db.session.scalars(rows.order_by(ItemVoid.id.desc())).all()


def add_void(
    organisation_id: int, item_key: str, revision_id: int | None, is_void: bool, reason: str, created_by: int | None
) -> ItemVoid:
    """Say it; the caller commits. ValueError without a reason of 1 to MAX_REASON characters."""
    if not 1 <= len(reason) <= MAX_REASON:
        raise ValueError(f"give a reason of 1 to {MAX_REASON} characters")
    row = ItemVoid(organisation_id=organisation_id, item_key=item_key, revision_id=revision_id, is_void=is_void)
    row.reason, row.created_by = reason, created_by
    db.session.add(row)
    db.session.flush()
    return row
