"""The count of an organisation's shelf: whoever raises it holds the row until the commit."""

from __future__ import annotations

from lms.database import db
from lms.database.upsert import insert_for
from lms.publishing.models import ShelfVersion


def next_version(organisation_id: int) -> int:
    """The number after the one that is; from here to the commit nobody else publishes for the organisation."""
    first = insert_for(ShelfVersion).values(organisation_id=organisation_id, number=1)
    counted = first.on_conflict_do_update(
        index_elements=[ShelfVersion.organisation_id], set_={"number": ShelfVersion.number + 1}
    )
    return int(db.session.execute(counted.returning(ShelfVersion.number)).scalar_one())
