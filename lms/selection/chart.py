"""All candidates of a page in one drawing: what the role asks is the middle line, each interval a bar, its band a word.

It reads at the width of a phone: the name stands above the bar, not beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask_babel import gettext as _
from markupsafe import Markup

from lms.competency.statement import in_levels
from lms.report.svg import bar, element, line, picture, signed, text
from lms.selection.comparison import CandidateRow

WIDTH, ROW, TOP = 340.0, 40.0, 24.0
REACH = 2.6  # levels either side of what the role asks
SHAPES = {"meets": "0", "borderline": "4 3", "below": "1 3", "unknown": "1 3"}  # outlines, so that colour is not alone
COLOURS = {"meets": "good", "borderline": "care", "below": "bad", "unknown": "soft"}


def chart(
    rows: Sequence[CandidateRow], cuts: Sequence[float], called: Callable[[CandidateRow], str], bands: Mapping[str, str]
) -> Markup:
    height = TOP + ROW * len(rows) + 4
    parts = [_row(row, TOP + ROW * at, cuts, called(row), bands[row.band]) for at, row in enumerate(rows)]
    label = _("Everybody of this page against the role, the table below says the same in words")
    return picture(WIDTH, height, str(label), *_scale(height), *parts, kind="everybody")


def _scale(height: float) -> list[Markup]:
    numbers = [text(signed(k), _x(k), 12, text_anchor="middle", font_size=11) for k in (-2, -1, 0, 1, 2)]
    grid = [line(_x(k), 18, _x(k), height, stroke_opacity=0.14) for k in (-2, -1, 1, 2)]
    middle_line = line(_x(0), 18, _x(0), height, stroke_width=1.5, stroke_dasharray="3 2", stroke_opacity=0.7)
    return [*numbers, *grid, middle_line]


def _row(row: CandidateRow, y: float, cuts: Sequence[float], name: str, band: str) -> Markup:
    words = [
        text(name, 2, y + 12, font_size=12),
        text(band, WIDTH - 2, y + 12, text_anchor="end", font_size=11, class_="soft"),
    ]
    return element("g", *words, *(_bar(row, y + 18, cuts) if row.ranks else ()))


def _bar(row: CandidateRow, y: float, cuts: Sequence[float]) -> list[Markup]:
    gap = row.gap
    low, high, middle = (_x(in_levels(theta, cuts)) for theta in (gap.low, gap.high, gap.composite or 0.0))
    shape = {"stroke": "currentColor", "stroke_dasharray": SHAPES[row.band]}
    interval = bar(low, high, y, fill="currentColor", fill_opacity=0.25, **shape)
    dot = element("circle", cx=middle, cy=y + 6, r=5, fill="currentColor")
    return [element("g", interval, dot, class_=f"band-{COLOURS[row.band]}")]


def _x(levels: float) -> float:
    return WIDTH / 2 + (WIDTH / 2 - 14) / REACH * max(-REACH, min(REACH, levels))
