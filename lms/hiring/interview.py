"""What to ask in the interview: one question for every critical minimum that is not met and every gap, with anchors.

The question and what people of each level do come from the skill matrix, so every candidate for a role hears the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from lms import publishing
from lms.evidence.competency_labels import descriptor
from lms.psychometrics.matrix import Matrix
from lms.psychometrics.profile import RoleGap, RoleProfile, SkillGap


@dataclass(frozen=True)
class Question:
    """About one sub-competency. why: "failed" | "open" (a critical minimum), "gap" | "unknown" (a skill); required: the
    level asked for; below, good, above: what people one level lower, at it and one higher do ("" at the ends)."""

    sub: str
    why: str
    required: int
    ask: str
    below: str
    good: str
    above: str


def guide(matrix: Matrix, role: RoleProfile, gap: RoleGap, language: str) -> list[Question]:
    """Critical minima first, failed before open; then every other skill with a gap by its sub-competency that is
    weakest, or least known where nothing is."""
    found = [_question(sub, "failed", role, language) for sub in gap.failed]
    found += [_question(sub, "open", role, language) for sub in gap.open]
    covered = {_skill(question.sub) for question in found}
    for entry in gap.gaps:
        if entry.gap != 0 and entry.key not in covered:
            why = "unknown" if entry.gap is None else "gap"
            found.append(_question(_weakest(matrix, entry), why, role, language))
    return found


def _weakest(matrix: Matrix, entry: SkillGap) -> str:
    cells = [matrix.cells[sub] for sub in matrix.skills[entry.key]]
    return min(cells, key=lambda cell: (cell.theta if entry.level is not None else -cell.sd, -cell.sd)).key


def _question(sub: str, why: str, role: RoleProfile, language: str) -> Question:
    required = role.critical.get(sub) or role.required[_skill(sub)]
    ask = publishing.reference().matrix.sub_competencies[sub].get("interview", {}).get(language, "")
    below, good, above = (descriptor(sub, level, language) for level in (required - 1, required, required + 1))
    return Question(sub, why, required, str(ask), below, good, above)


def _skill(sub: str) -> str:
    return sub.partition(".")[0]
