"""The comparison computed in full, by which what is kept and listed by pages is held."""

from __future__ import annotations

from collections.abc import Sequence

from lms.hiring.comparison import TeamRow, hold
from lms.identity.models import Person
from lms.psychometrics.profile import RoleProfile
from lms.psychometrics.ranking import rank_ranges


def compare(people: Sequence[Person], role: RoleProfile) -> list[TeamRow]:
    """Rows by falling estimate; those without enough evidence last, by name."""
    held = hold([person.id for person in people], role)
    ranks = rank_ranges(
        {key: (held_row.gap.low, held_row.gap.high) for key, held_row in held.items() if held_row.is_ranked}
    )
    rows = [TeamRow(person, held[person.id].statement, held[person.id].gap, ranks.get(person.id)) for person in people]
    return sorted(rows, key=lambda row: (row.ranks is None, row.ranks and -(row.gap.composite or 0), row.person.name))
