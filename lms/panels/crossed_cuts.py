"""A cut that reaches the cut of the level next to it can't be taken over; that is told while it can still be mended."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lms.panels import ratings
from lms.panels.blueprint import framework_of
from lms.panels.models import Panel, PanelJudge
from lms.panels.panel_items import parameters_of
from lms.panels.result import LEAST_JUDGES
from lms.psychometrics.panel_cut import cut_of

DIGITS = 2  # of a cut that is taken over


def crossed(panel: Panel, theta: float) -> int | None:
    """The level next to the panel's whose cut in force theta reaches; None where levels would rise."""
    return framework_of(panel).cuts.beyond(panel.level, round(theta, DIGITS))


def crossed_by_judge(panel: Panel, judge: PanelJudge) -> int | None:
    """By the judge's own values as they stand, once every item has one."""
    values = {**ratings.ratings_of(judge, 1), **ratings.ratings_of(judge, panel.round)}
    return crossed(panel, _cut(panel, [_row(values)])) if len(values) == len(panel.items) else None


def crossed_by_panel(panel: Panel, judges: Sequence[PanelJudge]) -> int | None:
    """By the values of all who handed in, as they stand; nothing is told of fewer than three."""
    _, last = ratings.whole(panel, judges)
    return crossed(panel, _cut(panel, last)) if len(last) >= LEAST_JUDGES else None


def _row(values: ratings.Given) -> list[int]:
    return [values[place] for place in sorted(values)]


def _cut(panel: Panel, rows: Sequence[Sequence[int]]) -> float:
    return cut_of(parameters_of(panel), np.array(rows, float).mean(axis=0) / 100)
