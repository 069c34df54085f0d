"""The map of courses: which builds on which. The picture stands above a list that says the same."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from lms import publishing
from lms.config import LANGUAGES
from lms.learn.progress import Progress
from lms.report.svg import element, picture, text

BOX_WIDTH, BOX_HEIGHT, GAP, STEP, LANE = 196.0, 66.0, 24.0, 108.0, 12.0
LETTERS = 20  # of a title's line in a box
Spot = tuple[str, int]  # a course in its row, or the lane of its way through a later row


@dataclass(frozen=True)
class Entry:
    """A course of the programme. slug is empty while it is not written; state: done, begun, ready, later or planned."""

    id: str
    slug: str
    title: str
    about: str
    level: int
    minutes: int
    modules: int
    passed: int
    prerequisites: tuple[str, ...]
    state: str


def entries(progress: Progress, language: str) -> list[Entry]:
    """The programme's courses in its order; those on the shelf with the person's state."""
    plan = publishing.reference().catalogue.get("courses", ())
    listed = [_planned(entry, progress, language) for entry in plan]
    named = {entry.id for entry in listed}
    return listed + [_written(name, progress, language) for name in publishing.library().courses if name not in named]


def _planned(entry: Mapping[str, Any], progress: Progress, language: str) -> Entry:
    """A course of the plan: as it stands on the shelf, else as still to be written."""
    if entry["id"] in publishing.library().courses:
        return _written(entry["id"], progress, language)
    return Entry(
        id=entry["id"],
        slug="",
        title=entry["title"].get(language) or entry["title"][LANGUAGES[0]],
        about=entry["about"].get(language) or entry["about"][LANGUAGES[0]],
        level=entry["level"],
        minutes=sum(module["minutes"] for module in entry["modules"]),
        modules=len(entry["modules"]),
        passed=0,
        prerequisites=tuple(entry["prerequisites"]),
        state="planned",
    )


def _written(name: str, progress: Progress, language: str) -> Entry:
    library = publishing.library()
    course = library.courses[name]
    state = "ready" if progress.ready_for(course) else "later"
    if progress.begun(course):
        state = "done" if progress.finished(course) else "begun"
    return Entry(
        id=name,
        slug=course.slug,
        title=course.title.get(language),
        about=course.about.get(language),
        level=course.level,
        minutes=sum(library.modules[module].minutes for module in course.modules),
        modules=len(course.modules),
        passed=progress.passed(course),
        prerequisites=course.prerequisites,
        state=state,
    )


def rows(courses: Sequence[Entry]) -> list[list[Entry]]:
    """Courses by the longest way that leads to them: what needs nothing stands first, a course in a cycle last."""
    known = {entry.id: entry for entry in courses}
    depth: dict[str, int] = {}
    for _round in courses:
        for entry in courses:
            before = [name for name in entry.prerequisites if name in known]
            if all(name in depth for name in before):
                depth[entry.id] = 1 + max((depth[name] for name in before), default=-1)
    last = max(depth.values(), default=0)
    return [[entry for entry in courses if depth.get(entry.id, last) == row] for row in range(last + 1)]


def drawing(courses: Sequence[Entry], label: str, address: Callable[[str], str]) -> Markup:
    """The map from top to bottom. A course on the shelf links to its address; the list beside the map says the same in
    words."""
    table = rows(courses)
    level = {entry.id: row for row, line in enumerate(table) for entry in line}
    pairs = [(before, entry.id) for entry in courses for before in entry.prerequisites if before in level]
    ways = list(dict.fromkeys(way for pair in pairs for way in _ways(*pair, level)))
    places = _places(table, ways)
    left = min((places[entry.id, level[entry.id]] for entry in courses), default=0.0) - BOX_WIDTH / 2
    right = max(places.values(), default=0.0) + BOX_WIDTH / 2
    lines = [_line(places[start] - left, start[1], places[end] - left, end[1]) for start, end in ways]
    lanes = [_lane(places[spot] - left, spot[1]) for spot in _lanes(ways, level)]
    boxes = [
        element("a", box, href=address(one.slug)) if one.slug else box
        for one in courses
        for box in [_box(one, places[one.id, level[one.id]] - left - BOX_WIDTH / 2, level[one.id] * STEP)]
    ]
    height = (len(table) - 1) * STEP + BOX_HEIGHT + 4
    return picture(right - left, height, label, *lines, *lanes, *boxes, role="group")


def _lanes(ways: Sequence[tuple[Spot, Spot]], level: Mapping[str, int]) -> list[Spot]:
    """Each once and always in the same order: the same map is the same bytes in every process."""
    return list(dict.fromkeys(end for _, end in ways if level[end[0]] != end[1]))


def _ways(before: str, after: str, level: Mapping[str, int]) -> Iterator[tuple[Spot, Spot]]:
    """From row to row; a way that passes a row takes a lane of its own between the boxes, marked by where it began."""
    for row in range(level[before], level[after]):
        yield (before, row), (after if row + 1 == level[after] else before, row + 1)


def _places(table: Sequence[Sequence[Entry]], ways: Sequence[tuple[Spot, Spot]]) -> dict[Spot, float]:
    """Middles of boxes and lanes, round zero, each as far as may be below what leads to it."""
    places: dict[Spot, float] = {}
    for row, line in enumerate(table):
        boxes = [(entry.id, row) for entry in line]
        lanes = {end for _, end in ways if end[1] == row} - set(boxes)
        above = {spot: [places[start] for start, end in ways if end == spot] for spot in (*boxes, *sorted(lanes))}
        ordered = sorted(above, key=lambda spot: sum(above[spot]) / max(len(above[spot]), 1))
        widths = [LANE if spot in lanes else BOX_WIDTH for spot in ordered]
        x = -(sum(widths) + GAP * (len(widths) - 1)) / 2
        for spot, width in zip(ordered, widths, strict=True):
            places[spot] = x + width / 2
            x += width + GAP
    return places


def _line(x1: float, row1: int, x2: float, row2: int) -> Markup:
    y1, y2 = row1 * STEP + BOX_HEIGHT, row2 * STEP
    middle = (y1 + y2) / 2
    return _stroke(f"M{x1:.0f} {y1:.0f}C{x1:.0f} {middle:.0f} {x2:.0f} {middle:.0f} {x2:.0f} {y2:.0f}")


def _lane(x: float, row: int) -> Markup:
    return _stroke(f"M{x:.0f} {row * STEP:.0f}V{row * STEP + BOX_HEIGHT:.0f}")


def _stroke(path: str) -> Markup:
    return element("path", d=path, fill="none", stroke="currentColor", stroke_opacity=0.35, stroke_width=1.5)


def _box(entry: Entry, x: float, y: float) -> Markup:
    lines = textwrap.wrap(entry.title, LETTERS)[:3]
    top = y + BOX_HEIGHT / 2 - 9 * (len(lines) - 1) + 5
    words = [
        text(line, x + BOX_WIDTH / 2, top + 18 * number, text_anchor="middle", font_size=14)
        for number, line in enumerate(lines)
    ]
    frame = element("rect", x=x + 1, y=y + 1, width=BOX_WIDTH - 2, height=BOX_HEIGHT - 2, rx=10, class_="map-box")
    return element("g", frame, *words, class_=f"map-{entry.state}")
