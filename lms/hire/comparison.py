"""People beside one another for a role. Overlapping intervals share a rank: the data do not tell them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lms import record
from lms.people.models import Person
from lms.score.matrix import Matrix
from lms.score.profile import Role, RoleGap, bands, role_gap


@dataclass(frozen=True)
class Row:
    """rank: 1 is the highest band, None where nothing can be said yet."""

    person: Person
    matrix: Matrix
    gap: RoleGap
    rank: int | None


def compare(people: Sequence[Person], role: Role) -> list[Row]:
    """Rows by rank, those without enough evidence last, by name within a rank."""
    matrices = {person.id: record.matrix_of(person.id) for person in people}
    gaps = {person.id: role_gap(matrices[person.id], role) for person in people}
    known = {
        key: (gap.low, gap.high) for key, gap in gaps.items() if gap.composite is not None and not _too_little(gap)
    }
    ranks = bands(known)
    rows = [Row(person, matrices[person.id], gaps[person.id], ranks.get(person.id)) for person in people]
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.person.name))


def _too_little(gap: RoleGap) -> bool:
    """A composite over less than half of the role's weights says little about the role."""
    return gap.assessed < 0.5
