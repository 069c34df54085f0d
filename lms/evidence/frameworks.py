"""The competency framework that people are judged by: the shipped one under their organisation's newest edition."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import g, has_request_context
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm.util import identity_key

from lms import publishing
from lms.competency import Framework, Overlay, checked, effective, overlay_data, overlay_of, read_framework
from lms.content.reference import FOLDER
from lms.database import audit, db
from lms.evidence.models import Evidence, FrameworkEdition
from lms.identity.models import Person
from lms.identity.tenant_guard import UNSCOPED
from lms.publishing.models import Revision

FILE = "skill_matrix.yaml"
ORIGIN = 200  # characters of an edition's column; the overlay holds every record whole
# Every matrix asks for these, so they are built once.
_HOMES = select(Person.id, Person.organisation_id).where(Person.id.in_(bindparam("people", expanding=True)))
_HOMES = _HOMES.execution_options(**UNSCOPED)
_NEWEST = (
    select(FrameworkEdition)
    .where(FrameworkEdition.organisation_id == bindparam("organisation"))
    .order_by(FrameworkEdition.number.desc())
    .limit(1)
)


@dataclass(frozen=True)
class JudgedBy:
    """What a piece of evidence was judged by: the revision of the shipped framework, the organisation's edition."""

    framework_revision_id: int | None
    edition_id: int | None


def framework(organisation_id: int | None = None) -> Framework:
    """The framework in force for an organisation; None: the shipped one."""
    shipped = publishing.reference().framework
    edition = newest_edition(organisation_id) if organisation_id else None
    return effective(shipped, overlay_in(edition)) if edition else shipped


def frameworks_of(person_ids: Iterable[int]) -> dict[int, Framework]:
    """The framework in force for each of the people; one query more for every organisation, not for every person."""
    wanted = list(person_ids)
    homes = _homes(wanted)
    in_force = {home: framework(home) for home in {homes.get(person) for person in wanted}}
    return {person: in_force[homes.get(person)] for person in wanted}


def newest_edition(organisation_id: int) -> FrameworkEdition | None:
    """The edition in force, asked for once a request."""
    if not has_request_context():
        return _newest(organisation_id)
    editions: dict[int, FrameworkEdition | None] = g.setdefault("framework_editions", {})
    if organisation_id not in editions:
        editions[organisation_id] = _newest(organisation_id)
    return editions[organisation_id]


def editions_of(organisation_id: int) -> Sequence[FrameworkEdition]:
    """Newest first."""
    return db.session.scalars(_editions(organisation_id)).all()


def add_edition(organisation_id: int, created_by: int | None, overlay: Overlay, reason: str) -> FrameworkEdition:
    """A new edition, in force from now on, and its entry in the audit trail; the caller commits. FrameworkError names
    what contradicts the shipped framework, ValueError an empty reason."""
    if not reason.strip():
        raise ValueError("an edition needs a reason")
    origin = checked(publishing.reference().framework, overlay).cuts.provenance[:ORIGIN]
    last = db.session.scalar(select(func.max(FrameworkEdition.number)).filter_by(organisation_id=organisation_id)) or 0
    edition = FrameworkEdition(
        organisation_id=organisation_id,
        number=last + 1,
        created_by=created_by,
        reason=reason.strip(),
        origin=origin,
        overlay=overlay_data(overlay),
    )
    db.session.add(edition)
    audit.append_entry(organisation_id, created_by, "edition_made", organisation_id, edition=[last, edition.number])
    g.pop("framework_editions", None)
    return edition


def overlay_in(edition: FrameworkEdition | None) -> Overlay:
    """What the edition lays over the shipped framework; nothing where there is none."""
    return _overlay(json.dumps(edition.overlay)) if edition else Overlay()


def judgement_of(person_id: int) -> JudgedBy:
    """What the person's answers are judged by now."""
    home = _homes([person_id]).get(person_id)
    return judgement_in(home) if home else JudgedBy(_shipped_revision(), None)


def judgement_in(organisation_id: int) -> JudgedBy:
    """What the answers of an organisation's people are judged by now."""
    edition = newest_edition(organisation_id)
    return JudgedBy(_shipped_revision(), edition.id if edition else None)


def as_judged(rows: Sequence[Evidence]) -> Framework | None:
    """The framework that the newest of the rows (oldest first) was judged by; None where it kept none."""
    newest = rows[-1] if rows else None
    if newest is None or newest.framework_revision_id is None:
        return None
    edition = _edition(newest.edition_id) if newest.edition_id else None
    return effective(_at_revision(newest.framework_revision_id), overlay_in(edition))


def version_data(organisation_id: int) -> Mapping[str, Any]:
    """What a document says about the framework it was issued under."""
    in_force, edition = framework(organisation_id), newest_edition(organisation_id)
    return {
        "version": in_force.version,
        "revision": _shipped_revision(),
        "edition": edition.number if edition else None,
        "origin": in_force.cuts.origin,
        "panels": [record.words for record in in_force.cuts.panels],
    }


def _homes(person_ids: Sequence[int]) -> dict[int, int]:
    """The organisation of each of the people, whom the caller has loaded through their owner."""
    present = {number: person for number in person_ids if (person := db.session.identity_map.get(_key(number)))}
    homes = {number: person.organisation_id for number, person in present.items()}  # who asks is there already
    if others := [number for number in person_ids if number not in homes]:
        homes |= {row.id: row.organisation_id for row in db.session.execute(_HOMES, {"people": others})}
    return homes


def _key(person_id: int) -> Any:
    return identity_key(Person, person_id)


def _edition(edition_id: int) -> FrameworkEdition | None:
    """An edition that a piece of evidence names; the caller has loaded the evidence through its owner."""
    return db.session.get(FrameworkEdition, edition_id, execution_options=UNSCOPED)


def _editions(organisation_id: int) -> Any:
    editions = select(FrameworkEdition).where(FrameworkEdition.organisation_id == organisation_id)
    return editions.order_by(FrameworkEdition.number.desc())


def _newest(organisation_id: int) -> FrameworkEdition | None:
    return db.session.scalar(_NEWEST, {"organisation": organisation_id})


def _shipped_revision() -> int | None:
    """Of the framework that `publishing.reference` holds."""
    return publishing.revision_of(FILE, "reference")


def _at_revision(revision_id: int) -> Framework:
    return _framework_in(db.session.get_one(Revision, revision_id).source)


@lru_cache(maxsize=8)
def _framework_in(source: bytes) -> Framework:
    return read_framework(source.decode(), f"{FOLDER}/{FILE}")


@lru_cache(maxsize=64)
def _overlay(text: str) -> Overlay:
    return overlay_of(json.loads(text))
