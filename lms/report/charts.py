"""The matrix as a radar. Error is drawn: an interval is a band; a cell without an answer is an empty place."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import cos, pi, sin

from markupsafe import Markup, escape

from lms.competency import LevelStatement, MatrixStatement
from lms.report.svg import TOP, element, ink, line, picture, points_of, text

SIZE, CENTRE_X, CENTRE_Y, RADIUS = (400.0, 396.0), 200.0, 198.0, 138.0


def radar(
    matrix: MatrixStatement,
    labels: Mapping[str, str],
    label: str = "",
    required: Mapping[str, int] | None = None,
    standalone: bool = False,
) -> Markup:
    """Six spokes. A thick stroke is the 90 % interval, a dot the estimate; without an answer a hollow ring.

    labels: skill -> name; label: the picture's name for those who do not see it; required: levels of a role, dashed.
    """
    skills = list(matrix.skills)
    angles = {skill: 2 * pi * index / len(skills) - pi / 2 for index, skill in enumerate(skills)}
    spokes = [_spoke(matrix.cells[skill], angles[skill], standalone) for skill in skills]
    names = [_name(skill, labels[skill], angles[skill], standalone) for skill in skills]
    shape = [_outline(matrix, angles), *([_role(required, angles)] if required else [])]
    return picture(*SIZE, label, _rings(tuple(angles.values())), *shape, *spokes, *names, kind="radar")


def _at(angle: float, level: float) -> tuple[float, float]:
    return CENTRE_X + cos(angle) * RADIUS * level / TOP, CENTRE_Y + sin(angle) * RADIUS * level / TOP


@lru_cache(maxsize=16)
def _rings(angles: tuple[float, ...]) -> Markup:
    """The same on every radar of so many spokes."""
    rings = [_ring(angles, level) for level in range(1, 6)]
    numbers = [_ring_number(level) for level in range(1, 6)]
    return element("g", *rings, *numbers)


def _ring(angles: tuple[float, ...], level: int) -> Markup:
    return element(
        "polygon",
        points=points_of([_at(angle, level) for angle in angles]),
        fill="none",
        stroke="currentColor",
        stroke_opacity=0.16 if level < TOP else 0.4,
    )


def _ring_number(level: int) -> Markup:
    _, y = _at(-pi / 2, level)
    return text(str(level), CENTRE_X + 10, y + 14, font_size=11, opacity=0.75)


def _outline(matrix: MatrixStatement, angles: Mapping[str, float]) -> Markup:
    """The shape through the estimates, drawn only where every skill has one: a gap must not look like a zero."""
    cells = [matrix.cells[skill] for skill in angles]
    if not all(cell.known for cell in cells):
        return Markup("")
    places = [_at(angles[cell.key], cell.estimate) for cell in cells]
    return element(
        "polygon",
        points=points_of(places),
        fill="currentColor",
        fill_opacity=0.06,
        stroke="currentColor",
        stroke_opacity=0.5,
    )


def _role(required: Mapping[str, int], angles: Mapping[str, float]) -> Markup:
    places = [_at(angle, required.get(skill, 0)) for skill, angle in angles.items()]
    return element(
        "polygon",
        points=points_of(places),
        fill="none",
        stroke="currentColor",
        stroke_width=1.5,
        stroke_dasharray="5 4",
    )


def _spoke(cell: LevelStatement, angle: float, standalone: bool) -> Markup:
    axis = line(CENTRE_X, CENTRE_Y, *_at(angle, TOP), stroke_opacity=0.18)
    if not cell.known:
        return element("g", axis, _hollow_ring(*_at(angle, 0.62)))
    start = _at(angle, cell.low)
    end = _at(angle, cell.high)
    interval = line(*start, *end, stroke_width=11, stroke_linecap="round", stroke_opacity=0.35)
    estimate = _dot(*_at(angle, cell.estimate))
    return element("g", axis, ink(cell.key, interval, estimate, standalone=standalone))


def _dot(x: float, y: float, r: float = 6) -> Markup:
    return element("circle", cx=x, cy=y, r=r, fill="currentColor")


def _hollow_ring(x: float, y: float) -> Markup:
    """Where there is no answer."""
    return element(
        "circle",
        cx=x,
        cy=y,
        r=5.5,
        fill="none",
        stroke="currentColor",
        stroke_dasharray="2 2",
        stroke_opacity=0.7,
    )


@lru_cache(maxsize=256)
def _name(skill: str, name: str, angle: float, standalone: bool) -> Markup:
    """A skill's name beside the end of its spoke: above it in the upper half, below it in the lower one, and from the
    picture's edge inwards, so that long names of any type size stay inside. Broken in two where it is long."""
    rows = _rows(name)
    anchor, x = _anchor(cos(angle))
    upper = sin(angle) < 0
    away = 13 if anchor == "middle" or (upper and len(rows) > 1) else 22  # a short last row fits closer to the ring
    y = _at(angle, TOP)[1] + (-away if upper else away)
    first = 1.15 * (1 - len(rows)) if upper else 0.8
    steps = [first, *[1.15] * (len(rows) - 1)]
    lines = [element("tspan", escape(row), x=x, dy=f"{step:.2f}em") for row, step in zip(rows, steps, strict=True)]
    drawn = element("text", *lines, x=x, y=y, text_anchor=anchor, fill="currentColor", font_size=15, font_weight=600)
    return ink(skill, drawn, standalone=standalone)


def _rows(name: str) -> list[str]:
    words = name.split()
    if len(name) <= 12 or len(words) == 1:
        return [name]
    return [words[0], " ".join(words[1:])]


def _anchor(side: float) -> tuple[str, float]:
    """How a name is anchored, and where: side is -1 at the left, 1 at the right."""
    if abs(side) < 0.2:
        return "middle", CENTRE_X
    return ("end", SIZE[0]) if side > 0 else ("start", 0.0)
