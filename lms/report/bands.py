"""One cell as a band on the level scale, and over time. Error is drawn: an interval is a band or an area."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache

from markupsafe import Markup

from lms.competency import LevelStatement
from lms.report.svg import TOP, bar, element, empty_bar, ink, line, picture, points_of, text

BAND_SIZE, BAND_LEFT, BAND_STEP = (300.0, 36.0), 8.0, 56.8  # step: from one level to the next
TIME_SIZE, TIME_LEFT, TIME_FOOT, TIME_STEP = (300.0, 118.0), 18.0, 94.0, 17
Moment = tuple[datetime, LevelStatement]


def band(
    cell: LevelStatement,
    label: str = "",
    required: int | None = None,
    standalone: bool = False,
) -> Markup:
    """One row of the band chart: scale 0..5, interval as a band, estimate as a dot, a role's level as a tick."""
    ticks = [] if required is None else [_upright(required, 2, 26, stroke_width=2, stroke_dasharray="3 2")]
    return picture(*BAND_SIZE, label, _band_scale(), *ticks, _bar(cell, standalone))


@cache
def _band_scale() -> str:
    """The same below every band."""
    grid = [_upright(level, 4, 24, stroke_opacity=0.18) for level in range(6)]
    return "".join([*grid, *map(_band_number, range(6))])


def _across(level: float) -> float:
    return BAND_LEFT + BAND_STEP * level


def _upright(level: int, top: float, bottom: float, **attributes: object) -> Markup:
    return line(_across(level), top, _across(level), bottom, **attributes)


def _band_number(level: int) -> Markup:
    return text(str(level), _across(level), 35, font_size=10.5, text_anchor="middle", opacity=0.8)


def _bar(cell: LevelStatement, standalone: bool) -> Markup:
    if not cell.known:
        return empty_bar(BAND_LEFT, _across(TOP))
    low, high, middle = (_across(level) for level in (cell.low, cell.high, cell.estimate))
    interval = bar(low, high, fill="currentColor", fill_opacity=0.35)
    estimate = element("circle", cx=middle, cy=14, r=6, fill="currentColor")
    return ink(cell.skill, interval, estimate, standalone=standalone)


def timeline(
    points: Sequence[Moment],
    skill: str,
    label: str,
    day: Callable[[datetime], str] = lambda moment: "",
    standalone: bool = False,
) -> Markup:
    """One cell over time: the interval as an area, the estimate as a line; dates run evenly from the first to the last,
    which `day` names below.

    Moments without an answer are left out; fewer than two leave an empty picture.
    """
    measured = [(moment, cell) for moment, cell in points if cell.known]
    grid = [_time_line(level) for level in range(6)]
    if len(measured) < 2:
        return picture(*TIME_SIZE, label, *grid)
    ends = _ends(day(measured[0][0]), day(measured[-1][0]))
    curve = ink(skill, *_curve(measured), standalone=standalone)
    return picture(*TIME_SIZE, label, *grid, *ends, curve)


def _up(level: float) -> float:
    return TIME_FOOT - TIME_STEP * level


def _time_line(level: int) -> Markup:
    axis = line(TIME_LEFT, _up(level), TIME_SIZE[0], _up(level), stroke_opacity=0.15)
    number = text(str(level), 4, _up(level) + 4, font_size=10, opacity=0.8)
    return element("g", axis, number)


def _ends(first: str, last: str) -> list[Markup]:
    width, height = TIME_SIZE
    return [
        text(first, TIME_LEFT, height - 4, font_size=11, opacity=0.8),
        text(last, width, height - 4, font_size=11, opacity=0.8, text_anchor="end"),
    ]


def _curve(measured: Sequence[Moment]) -> list[Markup]:
    """The interval as an area, the estimates as a line and as dots."""
    across = _times([moment for moment, _ in measured])

    def trace(levels: Sequence[float]) -> list[tuple[float, float]]:
        return [(x, _up(level)) for x, level in zip(across, levels, strict=True)]

    highs = trace([cell.high for _, cell in measured])
    lows = trace([cell.low for _, cell in measured])
    middle = trace([cell.estimate for _, cell in measured])
    return [
        element("polygon", points=points_of(highs + lows[::-1]), fill="currentColor", fill_opacity=0.22),
        element("polyline", points=points_of(middle), fill="none", stroke="currentColor", stroke_width=2),
        *[element("circle", cx=x, cy=y, r=3, fill="currentColor") for x, y in middle],
    ]


def _times(moments: Sequence[datetime]) -> list[float]:
    """Where each moment stands across the picture."""
    first, last = moments[0], moments[-1]
    span = (last - first).total_seconds() or 1.0
    width = TIME_SIZE[0] - TIME_LEFT - 16
    return [TIME_LEFT + 8 + width * (moment - first).total_seconds() / span for moment in moments]
