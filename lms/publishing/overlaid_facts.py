"""Platform facts as an organisation sees them: those of the files, under what its people found later."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import msgspec
from sqlalchemy import func, select

from lms.content.model import Library, ModuleText
from lms.content.reference_entries import Fact
from lms.database import db
from lms.publishing.models import FactCheck


def newest_checks(organisation_id: int | None) -> Mapping[tuple[int, str], FactCheck]:
    """The newest check of each fact by organisation and fact; None: of every organisation."""
    newest = select(func.max(FactCheck.id)).group_by(FactCheck.organisation_id, FactCheck.fact)
    if organisation_id is not None:
        newest = newest.where(FactCheck.organisation_id == organisation_id)
    rows = db.session.scalars(select(FactCheck).where(FactCheck.id.in_(newest)).order_by(FactCheck.id))
    return {(row.organisation_id, row.fact): row for row in rows}


def stands(check: FactCheck, fact: Fact) -> bool:
    """A check holds until the files bring a later date."""
    return fact.as_of is None or check.as_of >= fact.as_of


def overlaid(library: Library, organisation_id: int | None) -> tuple[Library, frozenset[str]]:
    """The library with the organisation's checks in its facts, and the ids of these facts."""
    checks = newest_checks(organisation_id) if organisation_id is not None else {}
    facts = library.reference.facts
    changed = {
        check.fact: msgspec.structs.replace(facts[check.fact], value=check.value, as_of=check.as_of, basis=check.basis)
        for check in checks.values()
        if check.fact in facts and stands(check, facts[check.fact])
    }
    if not changed:
        return library, frozenset()
    reference = dataclasses.replace(library.reference, facts={**facts, **changed})
    return dataclasses.replace(library, reference=reference), frozenset(changed)


def shows_fact(text: ModuleText, facts: frozenset[str]) -> bool:
    """Whether one of these facts may stand in the text."""
    return any(f"{{{{fact:{name}}}}}" in text.body for name in facts)
