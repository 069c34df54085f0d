"""People held against a role: by their estimate, each with the ranks that the answers leave open."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from lms import evidence
from lms.competency import MatrixStatement, state_matrix
from lms.identity.models import Person
from lms.psychometrics.matrix import Matrix
from lms.psychometrics.profile import RoleGap, RoleProfile, role_gap

Key = TypeVar("Key", bound=Hashable)
Ranks = tuple[int, int]  # best and worst


@dataclass(frozen=True)
class AgainstRole:
    """What somebody's matrix says for a role."""

    matrix: Matrix
    gap: RoleGap

    @property
    def statement(self) -> MatrixStatement:
        return state_matrix(self.matrix)

    @property
    def is_ranked(self) -> bool:
        return is_ranked(self.gap)


@dataclass(frozen=True)
class TeamRow:
    """ranks: best and worst rank that the intervals leave open, None where too little of the role is assessed."""

    person: Person
    matrix: MatrixStatement
    gap: RoleGap
    ranks: Ranks | None


def hold(people: Sequence[int], role: RoleProfile) -> dict[int, AgainstRole]:
    """Each of these people against the role, from all evidence of today."""
    return {key: AgainstRole(matrix, role_gap(matrix, role)) for key, matrix in evidence.matrices_of(people).items()}


def ranks_among(stored: Iterable[tuple[float, float]], gaps: Mapping[Key, RoleGap]) -> dict[Key, Ranks]:
    """As `rank_ranges` has it, of a few people among the (low, high) of all, theirs in it."""
    pairs = list(stored)
    lows, highs = (np.sort([pair[side] for pair in pairs]) for side in (0, 1))
    return {
        key: (
            len(lows) - int(np.searchsorted(lows, gap.high, "right")) + 1,
            len(highs) - int(np.searchsorted(highs, gap.low, "left")),
        )
        for key, gap in gaps.items()
        if is_ranked(gap)
    }


def is_ranked(gap: RoleGap) -> bool:
    """Enough is assessed: a composite over less than half of the role's weights says little about the role."""
    return gap.composite is not None and gap.assessed >= 0.5
