"""What a person's evidence says of all skills at once: for their own page, and to begin another test from it."""

from __future__ import annotations

from lms.evidence.matrix import matrix_of
from lms.psychometrics.correlated_skills import correlated_estimates

SkillEstimates = dict[str, tuple[float, float]]  # mean and SD by skill


def estimates_of(person_id: int) -> SkillEstimates:
    """Every skill as the person's evidence of this moment leaves it, {} without any. It chooses questions and says when
    enough were asked; what is said of the person is then counted anew from all answers, so nothing counts twice."""
    measured = matrix_of(person_id)
    if not any(measured.cells[skill].n for skill in measured.skills):
        return {}
    return {cell.key: (cell.theta, cell.sd) for cell in correlated_estimates(measured).skills}
