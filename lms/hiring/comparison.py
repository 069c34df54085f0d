"""People beside one another for a role: by their estimate, each with the ranks that the answers leave open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lms import evidence
from lms.competency import MatrixStatement, state_matrix
from lms.identity.models import Person
from lms.psychometrics.profile import RoleGap, RoleProfile, role_gap
from lms.psychometrics.ranking import rank_ranges


@dataclass(frozen=True)
class Row:
    """ranks: best and worst rank that the intervals leave open, None where too little of the role is assessed."""

    person: Person
    matrix: MatrixStatement
    gap: RoleGap
    ranks: tuple[int, int] | None


def compare(people: Sequence[Person], role: RoleProfile) -> list[Row]:
    """Rows by falling estimate; those without enough evidence last, by name."""
    matrices = evidence.matrices_of([person.id for person in people])
    gaps = {key: role_gap(matrix, role) for key, matrix in matrices.items()}
    assessed = {key: gap for key, gap in gaps.items() if is_ranked(gap)}
    ranks = rank_ranges({key: (gap.low, gap.high) for key, gap in assessed.items()})
    rows = [Row(person, state_matrix(matrices[person.id]), gaps[person.id], ranks.get(person.id)) for person in people]
    return sorted(rows, key=lambda row: (row.ranks is None, row.ranks and -(row.gap.composite or 0), row.person.name))


def is_ranked(gap: RoleGap) -> bool:
    """Enough is assessed: a composite over less than half of the role's weights says little about the role."""
    return gap.composite is not None and gap.assessed >= 0.5
