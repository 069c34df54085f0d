"""The matrix as pictures. Error is drawn: an interval is a band; a cell without enough evidence is an empty place.

The common scale is the level scale 0 to 5 of `competency.LevelStatement`, from which all numbers come.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from math import cos, pi, sin

from markupsafe import Markup, escape

from lms.competency import LevelStatement, MatrixStatement
from lms.report.svg import element, ink, line, picture, text

TOP = 5.0
SIZE, CENTRE_X, CENTRE_Y, RADIUS = (400.0, 396.0), 200.0, 198.0, 138.0


def radar(
    matrix: MatrixStatement,
    labels: Mapping[str, str],
    label: str = "",
    required: Mapping[str, int] | None = None,
    standalone: bool = False,
) -> Markup:
    """Six spokes. A thick stroke is the 90 % interval, a dot the estimate; without enough evidence a hollow ring.

    labels: skill -> name; label: the picture's name for those who do not see it; required: levels of a role, dashed.
    """
    skills = list(matrix.skills)
    angles = {skill: 2 * pi * index / len(skills) - pi / 2 for index, skill in enumerate(skills)}
    spokes = [_spoke(matrix.cells[skill], angles[skill], standalone) for skill in skills]
    names = [_name(skill, labels[skill], angles[skill], standalone) for skill in skills]
    shape = [_outline(matrix, angles), *([_role(required, angles)] if required else [])]
    return picture(*SIZE, label, _rings(angles), *shape, *spokes, *names, kind="radar")


def _at(angle: float, level: float) -> tuple[float, float]:
    return CENTRE_X + cos(angle) * RADIUS * level / TOP, CENTRE_Y + sin(angle) * RADIUS * level / TOP


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def _rings(angles: Mapping[str, float]) -> Markup:
    rings = [
        element("polygon", points=_points([_at(angle, level) for angle in angles.values()]), fill="none",
                stroke="currentColor", stroke_opacity=0.16 if level < TOP else 0.4)
        for level in range(1, 6)
    ]  # fmt: skip
    numbers = [
        text(str(level), CENTRE_X + 10, _at(-pi / 2, level)[1] + 14, font_size=11, opacity=0.75)
        for level in range(1, 6)
    ]
    return element("g", *rings, *numbers)


def _outline(matrix: MatrixStatement, angles: Mapping[str, float]) -> Markup:
    """The shape through the estimates, drawn only where every skill has one: a gap must not look like a zero."""
    cells = [matrix.cells[skill] for skill in angles]
    if not all(cell.enough for cell in cells):
        return Markup("")
    places = [_at(angles[cell.key], cell.estimate) for cell in cells]
    return element(
        "polygon",
        points=_points(places),
        fill="currentColor",
        fill_opacity=0.06,
        stroke="currentColor",
        stroke_opacity=0.5,
    )


def _role(required: Mapping[str, int], angles: Mapping[str, float]) -> Markup:
    places = [_at(angle, required.get(skill, 0)) for skill, angle in angles.items()]
    return element(
        "polygon", points=_points(places), fill="none", stroke="currentColor", stroke_width=1.5, stroke_dasharray="5 4"
    )


def _spoke(cell: LevelStatement, angle: float, standalone: bool) -> Markup:
    axis = line(CENTRE_X, CENTRE_Y, *_at(angle, TOP), stroke_opacity=0.18)
    if not cell.enough:
        x, y = _at(angle, 0.62)
        return element("g", axis, element("circle", cx=x, cy=y, r=5.5, fill="none", stroke="currentColor",
                                          stroke_dasharray="2 2", stroke_opacity=0.7))  # fmt: skip
    start, end = _at(angle, cell.low), _at(angle, cell.high)
    x, y = _at(angle, cell.estimate)
    band = line(*start, *end, stroke_width=11, stroke_linecap="round", stroke_opacity=0.35)
    return element(
        "g", axis, ink(cell.key, band, element("circle", cx=x, cy=y, r=6, fill="currentColor"), standalone=standalone)
    )


def _name(skill: str, name: str, angle: float, standalone: bool) -> Markup:
    """A skill's name beside the end of its spoke: above it in the upper half, below it in the lower one, and from the
    picture's edge inwards, so that long names of any type size stay inside. Broken in two where it is long."""
    side, upper = cos(angle), sin(angle) < 0
    anchor = "middle" if abs(side) < 0.2 else "end" if side > 0 else "start"
    x = {"middle": CENTRE_X, "end": SIZE[0], "start": 0.0}[anchor]
    words = name.split()
    rows = [words[0], " ".join(words[1:])] if len(name) > 12 and len(words) > 1 else [name]
    away = 13 if anchor == "middle" or (upper and len(rows) > 1) else 22  # a short last row fits closer to the ring
    y = _at(angle, TOP)[1] + (-away if upper else away)
    first = 1.15 * (1 - len(rows)) if upper else 0.8
    lines = [
        element("tspan", escape(row), x=x, dy=f"{first if index == 0 else 1.15:.2f}em")
        for index, row in enumerate(rows)
    ]
    drawn = element("text", *lines, x=x, y=y, text_anchor=anchor, fill="currentColor", font_size=15, font_weight=600)
    return ink(skill, drawn, standalone=standalone)


def band(cell: LevelStatement, label: str = "", required: int | None = None, standalone: bool = False) -> Markup:
    """One row of the band chart: scale 0..5, interval as a band, estimate as a dot, a role's level as a tick."""
    width, height, left, step = 300.0, 36.0, 8.0, 56.8
    grid = [line(left + step * level, 4, left + step * level, 24, stroke_opacity=0.18) for level in range(6)]
    numbers = [
        text(str(level), left + step * level, 35, font_size=10.5, text_anchor="middle", opacity=0.8)
        for level in range(6)
    ]
    tick = (
        []
        if required is None
        else [line(left + step * required, 2, left + step * required, 26, stroke_width=2, stroke_dasharray="3 2")]
    )
    return picture(width, height, label, *grid, *numbers, *tick, *_bar(cell, left, step, standalone))


def _bar(cell: LevelStatement, left: float, step: float, standalone: bool) -> list[Markup]:
    if not cell.enough:
        return [element("rect", x=left, y=8, width=step * TOP, height=12, rx=6, fill="none", stroke="currentColor",
                        stroke_dasharray="3 4", stroke_opacity=0.5)]  # fmt: skip
    low, high, middle = (left + step * level for level in (cell.low, cell.high, cell.estimate))
    bar = element(
        "rect", x=low, y=8, width=max(high - low, 2.0), height=12, rx=6, fill="currentColor", fill_opacity=0.35
    )
    return [ink(cell.skill, bar, element("circle", cx=middle, cy=14, r=6, fill="currentColor"), standalone=standalone)]


def timeline(
    points: Sequence[tuple[datetime, LevelStatement]],
    skill: str,
    label: str,
    day: Callable[[datetime], str] = lambda moment: "",
    standalone: bool = False,
) -> Markup:
    """One cell over time: the interval as an area, the estimate as a line; dates run evenly from the first to the last,
    which `day` names below.

    Moments without enough evidence are left out; fewer than two leave an empty picture.
    """
    known = [(moment, cell) for moment, cell in points if cell.enough]
    width, height, left, foot = 300.0, 118.0, 18.0, 94.0
    grid = [
        element("g", line(left, foot - 17 * level, width, foot - 17 * level, stroke_opacity=0.15),
                text(str(level), 4, foot - 17 * level + 4, font_size=10, opacity=0.8))
        for level in range(6)
    ]  # fmt: skip
    if len(known) < 2:
        return picture(width, height, label, *grid)
    first, last = known[0][0], known[-1][0]
    span = (last - first).total_seconds() or 1.0
    across = [left + 8 + (width - left - 16) * (moment - first).total_seconds() / span for moment, _ in known]

    def trace(levels: Sequence[float]) -> list[tuple[float, float]]:
        return [(x, foot - 17 * level) for x, level in zip(across, levels, strict=True)]

    area = trace([cell.high for _, cell in known]) + trace([cell.low for _, cell in known])[::-1]
    middle = trace([cell.estimate for _, cell in known])
    shape = element("polygon", points=_points(area), fill="currentColor", fill_opacity=0.22)
    curve = element("polyline", points=_points(middle), fill="none", stroke="currentColor", stroke_width=2)
    dots = [element("circle", cx=x, cy=y, r=3, fill="currentColor") for x, y in middle]
    ends = [
        text(day(first), left, height - 4, font_size=11, opacity=0.8),
        text(day(last), width, height - 4, font_size=11, opacity=0.8, text_anchor="end"),
    ]
    return picture(width, height, label, *grid, *ends, ink(skill, shape, curve, *dots, standalone=standalone))


def shares(parts: Sequence[tuple[str, float, bool]], label: str = "") -> Markup:
    """Bars of shares 0..1, one a row: (name, share, right); the right one is solid, the others hollow."""
    rows = []
    for index, (name, share, right) in enumerate(parts):
        y = 4.0 + 22 * index
        bar = element("rect", x=28, y=y, width=max(200 * share, 1.0), height=14, rx=3, stroke="currentColor",
                      fill="currentColor", fill_opacity=0.8 if right else 0.15)  # fmt: skip
        rows += [text(name, 0, y + 12, font_weight=600), bar, text(f"{share:.0%}", 236, y + 12)]
    return picture(280.0, 6.0 + 22 * len(parts), label, *rows)
