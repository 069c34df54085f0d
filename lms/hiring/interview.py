"""What to ask in the interview: one question for every critical minimum that is not met and every gap, with anchors.

The question and what people of each level do come from the skill matrix, so every candidate for a role hears the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from lms.competency import Framework
from lms.psychometrics.matrix import Matrix
from lms.psychometrics.profile import RoleGap, RoleProfile, SkillGap


@dataclass(frozen=True)
class InterviewQuestion:
    """About one sub-competency. why: "failed" | "open" (a critical minimum), "gap" | "unknown" (a skill); required: the
    level asked for; below, good, above: what people one level lower, at it and one higher do ("" at the ends)."""

    sub: str
    why: str
    required: int
    ask: str
    below: str
    good: str
    above: str


def guide(
    framework: Framework, matrix: Matrix, role: RoleProfile, gap: RoleGap, language: str
) -> list[InterviewQuestion]:
    """Critical minima first, failed before open; then every other skill with a gap by its sub-competency that is
    weakest, or least known where nothing is."""
    reasons = [(sub, "failed") for sub in gap.failed] + [(sub, "open") for sub in gap.open]
    covered = {_skill(sub) for sub, _why in reasons}
    others = [entry for entry in gap.gaps if entry.gap != 0 and entry.key not in covered]
    reasons += [(_weakest(matrix, entry), "unknown" if entry.gap is None else "gap") for entry in others]
    return [_question(framework, sub, why, role, language) for sub, why in reasons]


def _weakest(matrix: Matrix, entry: SkillGap) -> str:
    cells = [matrix.cells[sub] for sub in matrix.skills[entry.key]]
    return min(cells, key=lambda cell: (cell.theta if entry.gap is not None else -cell.sd, -cell.sd)).key


def _question(framework: Framework, sub: str, why: str, role: RoleProfile, language: str) -> InterviewQuestion:
    required = role.critical.get(sub) or role.required[_skill(sub)]
    ask = framework.sub_competencies[sub].interview.get(language)
    around = (required - 1, required, required + 1)
    return InterviewQuestion(sub, why, required, ask, *(framework.describe(sub, level, language) for level in around))


def _skill(sub: str) -> str:
    return sub.partition(".")[0]
