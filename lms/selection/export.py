"""The results of a campaign as a table for spreadsheets, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from lms.competency import LevelStatement
from lms.competency.statement import in_levels, tenths
from lms.report.spreadsheets import Value
from lms.selection.comparison import CandidateRow


def header(skills: Sequence[str], names: Mapping[str, str]) -> list[str]:
    headings = (_("level shown"), _("lowest level"), _("highest level"))
    levels = [f"{names[skill]}, {which}" for skill in skills for which in headings]
    whole = [_("Levels above the role, from"), _("Levels above the role, to")]
    ranks = [_("Best rank"), _("Worst rank")]
    return [_("Candidate"), _("Name"), _("Stage"), _("Result"), *whole, *ranks, _("Language"), _("Answers"), *levels]


def line(
    row: CandidateRow, skills: Sequence[str], bands: Mapping[str, str], stages: Mapping[str, str], cuts: Sequence[float]
) -> list[Value]:
    """One candidate. No level stands without the ends of its interval, those that the pages show; empty where nothing
    is known."""
    gap, statements = row.gap, row.statement.cells
    levels = [each for skill in skills for each in _levels(statements[skill])]
    whole: list[Value] = [tenths(in_levels(theta, cuts)) if row.ranks else None for theta in (gap.low, gap.high)]
    ranks = row.ranks or (None, None)
    who: list[Value] = [row.candidate.id, row.name, stages[row.candidate.stage], bands[row.band]]
    return [*who, *whole, *ranks, row.language, row.answers, *levels]


def _levels(statement: LevelStatement) -> list[Value]:
    """Beside one another as on the pages: 2 (2–5) where a cap holds the level down."""
    return [statement.level, *statement.ends] if statement.known else [None, None, None]
