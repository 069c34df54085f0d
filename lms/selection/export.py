"""The results of a campaign as a table for spreadsheets, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from lms.competency.statement import in_levels, tenths
from lms.report.spreadsheets import Value
from lms.selection.comparison import CandidateRow


def header(skills: Sequence[str], names: Mapping[str, str]) -> list[str]:
    ends = [f"{names[skill]}, {end}" for skill in skills for end in (_("lowest level"), _("highest level"))]
    whole = [_("Levels above the role, from"), _("Levels above the role, to")]
    ranks = [_("Best rank"), _("Worst rank")]
    return [_("Candidate"), _("Name"), _("Stage"), _("Result"), *whole, *ranks, _("Language"), _("Answers"), *ends]


def line(
    row: CandidateRow, skills: Sequence[str], bands: Mapping[str, str], stages: Mapping[str, str], cuts: Sequence[float]
) -> list[Value]:
    """One candidate. Levels are the ends of the intervals, never one number alone; empty where nothing is known."""
    gap, cells = row.gap, [row.matrix.cells[skill] for skill in skills]
    ends: list[Value] = [end if cell.n else None for cell in cells for end in (cell.low_level, cell.high_level)]
    whole: list[Value] = [tenths(in_levels(theta, cuts)) if row.ranks else None for theta in (gap.low, gap.high)]
    ranks = row.ranks or (None, None)
    who: list[Value] = [row.candidate.id, row.name, stages[row.candidate.stage], bands[row.band]]
    return [*who, *whole, *ranks, row.language, row.answers, *ends]
