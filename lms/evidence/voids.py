"""Items that an organisation declared void: their evidence is kept and does not count. Rows are only added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    false,
    func,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from lms.database import Model, db
from lms.evidence.models import Evidence, ItemVoid
from lms.identity.models import Person
from lms.publishing.models import Revision

MAX_REASON = 500


@dataclass(frozen=True)
class VoidVerdict:
    """What an organisation says of an item. revision_id: None for all revisions."""

    organisation_id: int
    key: str
    revision_id: int | None
    is_void: bool


_supposed: ContextVar[VoidVerdict | None] = ContextVar("supposed", default=None)


@contextmanager
def supposing(verdict: VoidVerdict) -> Iterator[None]:
    """Inside, everything is computed as if the organisation had said so last; nothing is written and no lock taken."""
    token = _supposed.set(verdict)
    try:
        yield
    finally:
        _supposed.reset(token)


def counts() -> ColumnElement[bool]:
    """A condition on Evidence: its item is not void for the person's organisation."""
    return _counts(_supposed.get())


@lru_cache(maxsize=8)
def _counts(supposed: VoidVerdict | None) -> ColumnElement[bool]:
    """Every page asks for it, so it is built once."""
    person = aliased(Person)
    owner = select(person.organisation_id).where(person.id == Evidence.person_id).correlate(Evidence)
    return not_(_is_void(Evidence, Evidence.item_key, Evidence.revision_id, owner.scalar_subquery(), supposed))


def voids_for(person_id: int) -> frozenset[int]:
    """Revisions of items that are void for the person's organisation."""
    voids = _void_revisions(_supposed.get())
    return frozenset(db.session.scalars(voids, {"person": person_id}, execution_options={"unscoped": True}))


@lru_cache(maxsize=8)
def _void_revisions(supposed: VoidVerdict | None) -> Select[int]:
    owner = select(Person.organisation_id).where(Person.id == bindparam("person")).scalar_subquery()
    named: ColumnElement[bool] = Revision.key.in_(select(ItemVoid.item_key).where(ItemVoid.organisation_id == owner))
    if supposed:
        named = or_(named, Revision.key == supposed.key)
    void = _is_void(Revision, Revision.key, Revision.id, owner, supposed)
    return select(Revision.id).where(Revision.kind == "item", named, void)


def _is_void(
    of: type[Model],
    key: InstrumentedAttribute[str],
    revision_id: InstrumentedAttribute[int],
    owner: ScalarSelect[int],
    supposed: VoidVerdict | None,
) -> ColumnElement[bool]:
    """What the newest row about the revision, or about all of them, says; `of`: the table that the columns are of."""
    row = aliased(ItemVoid)
    about = row.item_key == key, or_(row.revision_id.is_(None), row.revision_id == revision_id)
    newest = select(row.is_void).where(row.organisation_id == owner, *about).order_by(row.id.desc()).limit(1)
    verdict = func.coalesce(newest.correlate(of).scalar_subquery(), false())
    if supposed is None:
        return verdict
    meant = and_(key == supposed.key, owner == supposed.organisation_id)
    if supposed.revision_id is not None:
        meant = and_(meant, revision_id == supposed.revision_id)
    return case((meant, literal(supposed.is_void)), else_=verdict)


def void_rows(organisation_id: int, item_key: str) -> Sequence[ItemVoid]:
    """What the organisation said about an item, the newest first."""
    rows = select(ItemVoid).filter_by(organisation_id=organisation_id, item_key=item_key)
    return db.session.scalars(rows.order_by(ItemVoid.id.desc())).all()


def add_void(verdict: VoidVerdict, reason: str, created_by: int | None) -> ItemVoid:
    """Say it; the caller commits. ValueError without a reason of 1 to MAX_REASON characters."""
    if not 1 <= len(reason) <= MAX_REASON:
        raise ValueError(f"give a reason of 1 to {MAX_REASON} characters")
    row = ItemVoid(organisation_id=verdict.organisation_id, item_key=verdict.key, revision_id=verdict.revision_id)
    row.is_void, row.reason, row.created_by = verdict.is_void, reason, created_by
    db.session.add(row)
    db.session.flush()
    return row
