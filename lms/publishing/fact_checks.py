"""What people of an organisation found when they looked a platform fact up: it stands before the file's value until the
files bring a later date. The files stay as they are; `flask content facts --export` writes the checks into them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from sqlalchemy import select

from lms.content.fact_file import with_fact
from lms.content.reference_entries import Fact
from lms.database import audit, db
from lms.publishing.current_content import keep_apart
from lms.publishing.models import FactCheck
from lms.publishing.overlaid_facts import newest_checks, stands
from lms.publishing.rendering import render_published
from lms.publishing.shelf_version import next_version
from lms.publishing.viewer import content_of

FILE = "quizzes/reference/platform_facts.yaml"


def add_check(
    organisation_id: int, person_id: int, fact: Fact, value: str | int | None, as_of: dt.date, basis: str
) -> None:
    """Keep what was found; it holds for the organisation from the commit on, also on pages that show the fact."""
    next_version(organisation_id)
    keep_apart()
    db.session.add(
        FactCheck(
            organisation_id=organisation_id, fact=fact.id, value=value, as_of=as_of, basis=basis, created_by=person_id
        )
    )
    action = "fact_confirmed" if value == fact.value else "fact_changed"
    changes = {"fact": ["", fact.id], "value": [fact.value, value], "as_of": [_iso(fact.as_of), _iso(as_of)]}
    audit.append_entry(organisation_id, person_id, action, organisation_id, **changes)
    with content_of(organisation_id):
        render_published()


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def checks_of(organisation_id: int, fact: str) -> list[FactCheck]:
    """All checks of one fact, the newest first."""
    mine = select(FactCheck).where(FactCheck.organisation_id == organisation_id, FactCheck.fact == fact)
    return list(db.session.scalars(mine.order_by(FactCheck.id.desc())))


def exported(source: str, organisation_id: int) -> str:
    """The facts' file with the organisation's standing checks in it; every other byte stays."""
    for check in newest_checks(organisation_id).values():
        source = with_fact(source, FILE, check.fact, check.value, check.as_of, check.basis)
    return source


def notices(facts: Mapping[str, Fact], organisation_id: int | None) -> Iterator[str]:
    """What a load of these facts leaves to the checks of the organisation (None: of every one), what it overtakes."""
    for check in newest_checks(organisation_id).values():
        fact = facts.get(check.fact)
        if fact is None:
            yield f"fact {check.fact}: gone from the files; the check of {check.as_of} waits without effect"
        elif not stands(check, fact):
            yield f"fact {check.fact}: the file's date {fact.as_of} is later than the check of {check.as_of} and holds"
        elif (check.value, check.as_of, check.basis) != (fact.value, fact.as_of, fact.basis):
            yield (
                f"fact {check.fact}: the check of {check.as_of} ({check.value}) holds for organisation "
                f"{check.organisation_id} before the file's {fact.value} of {fact.as_of}; "
                "`flask content facts --export` writes it into the file"
            )
