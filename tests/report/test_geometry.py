"""Where things stand in the pictures: a reader who measures with a ruler gets the numbers of the matrix back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from math import cos, hypot, pi, sin
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from lms.competency import on_scale, state, state_matrix
from lms.psychometrics.evidence import Observation
from lms.psychometrics.items import ItemParameters
from lms.psychometrics.matrix import Matrix, matrix
from lms.report import bands, charts
from tests.framework import CUTS, RULES

SKILLS = {"platforms": ("platforms.selection",), "content": ("content.copy",), "analytics": ("analytics.goals",),
          "creativity": ("creativity.concept",)}  # fmt: skip
NAMES = {"platforms": "Հարթակներ", "content": "Բովանդակության ստեղծում", "analytics": "Analytics", "creativity": "Սա"}
SVG = "{http://www.w3.org/2000/svg}"
Place = tuple[float, float]


def known(*right: int) -> Matrix:
    """A matrix of the first len(right) skills, each with twenty answers of which so many are right."""
    seen = [
        Observation(subs[0], ItemParameters(1.5, (index / 10 - 1.0,)), int(index < count))
        for subs, count in zip(SKILLS.values(), right, strict=False)
        for index in range(20)
    ]
    return matrix(seen, SKILLS, RULES)


FOUR = known(4, 9, 13, 18)


def level_of(theta: float) -> float:
    """To the tenth that is reached, as it is written beside the picture."""
    return int(10 * on_scale(theta, CUTS)) / 10


def parts(drawing: str, name: str, group: str | None = None) -> list[Element]:
    root = ElementTree.fromstring(drawing)
    return [one for top in ([root] if group is None else groups(root, group)) for one in top.iter(SVG + name)]


def groups(root: Element, name: str) -> Iterator[Element]:
    return (one for one in root.iter(SVG + "g") if one.get("class") == name)


def points(polygon: Element) -> list[Place]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in polygon.attrib["points"].split())]


def number(part: Element, *names: str) -> tuple[float, ...]:
    return tuple(float(part.attrib[name]) for name in names)


@pytest.fixture
def rings() -> list[list[Place]]:
    """The radar's scale: five rings of corners, the innermost first."""
    empty = charts.radar(state_matrix(known()), NAMES)
    return sorted((points(ring) for ring in parts(empty, "polygon")), key=lambda ring: max(x for x, _ in ring))


def on_spoke(rings: list[list[Place]], spoke: int, level: float) -> Place:
    """The place of a level on a spoke, from the outer ring alone."""
    outer = rings[-1]
    middle = sum(x for x, _ in outer) / len(outer), sum(y for _, y in outer) / len(outer)
    return tuple(centre + (edge - centre) * level / 5 for centre, edge in zip(middle, outer[spoke], strict=True))  # type: ignore[return-value]


def test_rings_are_levels_one_to_five_and_the_first_spoke_points_up(rings: list[list[Place]]) -> None:
    middle = on_spoke(rings, 0, 0)
    radius = hypot(rings[-1][0][0] - middle[0], rings[-1][0][1] - middle[1])
    assert len(rings) == 5
    for level, ring in enumerate(rings, 1):
        for spoke, place in enumerate(ring):
            assert place == pytest.approx(on_spoke(rings, spoke, level), abs=0.2)
            angle = 2 * pi * spoke / len(SKILLS)  # clockwise from the top
            ideal = middle[0] + radius * level / 5 * sin(angle), middle[1] - radius * level / 5 * cos(angle)
            assert place == pytest.approx(ideal, abs=0.2)


def test_radar_marks_estimate_and_interval_at_their_levels(rings: list[list[Place]]) -> None:
    drawing = charts.radar(state_matrix(FOUR), NAMES)
    for spoke, skill in enumerate(SKILLS):
        cell = FOUR.cells[skill]
        (dot,) = parts(drawing, "circle", f"ink-{skill}")
        (band,) = parts(drawing, "line", f"ink-{skill}")
        level, low, high = (level_of(theta) for theta in (cell.theta, cell.low, cell.high))
        assert number(dot, "cx", "cy") == pytest.approx(on_spoke(rings, spoke, level), abs=0.2)
        assert number(band, "x1", "y1") == pytest.approx(on_spoke(rings, spoke, low), abs=0.2)
        assert number(band, "x2", "y2") == pytest.approx(on_spoke(rings, spoke, high), abs=0.2)


def test_the_outline_goes_through_the_estimates_and_the_role_through_its_levels(rings: list[list[Place]]) -> None:
    required = {"platforms": 3, "content": 2, "analytics": 4}
    corners = [points(one) for one in parts(charts.radar(state_matrix(FOUR), NAMES, required=required), "polygon")]
    estimates = [level_of(FOUR.cells[skill].theta) for skill in SKILLS]
    for levels in (estimates, [required.get(skill, 0) for skill in SKILLS]):
        wanted = [on_spoke(rings, spoke, level) for spoke, level in enumerate(levels)]
        assert any(found == [pytest.approx(place, abs=0.2) for place in wanted] for found in corners)


def test_names_stand_inside_the_picture_and_apart_from_one_another() -> None:
    drawing = charts.radar(state_matrix(FOUR), NAMES)
    _, _, width, height = (float(part) for part in ElementTree.fromstring(drawing).attrib["viewBox"].split())
    names = [one for one in parts(drawing, "text") if one.get("font-weight") == "600"]
    assert [" ".join(one.itertext()) for one in names] == list(NAMES.values())
    boxes = [box for one in names for box in lines(one)]
    assert len(boxes) == 5, "the long name stands in two lines"
    for left, top, right, bottom in boxes:
        assert left >= 0 and right <= width and top >= 0 and bottom <= height
    for index, one in enumerate(boxes):
        assert not any(overlap(one, other) for other in boxes[index + 1 :])


def lines(text: Element) -> Iterator[tuple[float, float, float, float]]:
    """Roughly what each line of a text covers, a letter being .62 of its size wide: left, top, right, bottom."""
    x, y, size = number(text, "x", "y", "font-size")
    for line in text:
        y += float(line.attrib["dy"].removesuffix("em")) * size
        width = 0.62 * size * len(line.text or "")
        left = x - {"start": 0.0, "middle": width / 2, "end": width}[text.attrib["text-anchor"]]
        yield left, y - 0.8 * size, left + width, y + 0.2 * size


def overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def test_a_band_stands_on_its_numbered_scale() -> None:
    cell = FOUR.cells["content"]
    drawing = bands.band(state(cell, CUTS), required=4)
    scale = {int(one.text or ""): number(one, "x")[0] for one in parts(drawing, "text")}
    assert {round(b - a, 3) for a, b in pairwise(scale[level] for level in range(6))} == {round(scale[1] - scale[0], 3)}

    def across(theta: float) -> float:
        return scale[0] + level_of(theta) * (scale[1] - scale[0])

    (bar,) = parts(drawing, "rect")
    assert number(bar, "x")[0] == pytest.approx(across(cell.low), abs=0.2)
    assert sum(number(bar, "x", "width")) == pytest.approx(across(cell.high), abs=0.2)
    assert number(parts(drawing, "circle")[0], "cx")[0] == pytest.approx(across(cell.theta), abs=0.2)
    dashed = [one for one in parts(drawing, "line") if one.get("stroke-dasharray")]
    assert [number(one, "x1", "x2") for one in dashed] == [pytest.approx((scale[4], scale[4]), abs=0.2)]
    assert {number(one, "x1")[0] for one in parts(drawing, "line")} >= set(scale.values())


def test_a_timeline_keeps_the_distances_between_days_and_levels() -> None:
    days = [datetime(2026, 3, day, tzinfo=UTC) for day in (1, 2, 11)]
    cells = [known(0, right).cells["content"] for right in (6, 14, 17)]
    drawing = bands.timeline([(day, state(cell, CUTS)) for day, cell in zip(days, cells, strict=True)], "content", "x")
    scale = {int(one.text or ""): one for one in parts(drawing, "text") if (one.text or "").isdigit()}
    dots = [number(one, "cx", "cy") for one in parts(drawing, "circle")]
    (first, _), (second, _), (last, _) = dots
    assert (second - first) / (last - first) == pytest.approx(0.1, abs=0.01)
    step = number(scale[0], "y")[0] - number(scale[1], "y")[0]
    levels = [level_of(cell.theta) for cell in cells]
    assert (dots[0][1] - dots[2][1]) / step == pytest.approx(levels[2] - levels[0], abs=0.02)
    (area,) = parts(drawing, "polygon")
    highs, lows = points(area)[:3], points(area)[:2:-1]
    for cell, dot, high, low in zip(cells, dots, highs, lows, strict=True):
        assert high[0] == low[0] == pytest.approx(dot[0], abs=0.1)
        spread = level_of(cell.high) - level_of(cell.low)
        assert (low[1] - high[1]) / step == pytest.approx(spread, abs=0.02)
