"""The map of courses: which builds on which. The picture stands above a list that says the same."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from lms import shelf
from lms.learn.progress import Progress
from lms.report.svg import element, picture, text

BOX_WIDTH, BOX_HEIGHT, GAP, STEP = 196.0, 66.0, 24.0, 104.0
LETTERS = 20  # of a title's line in a box


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
    plan = shelf.reference().catalogue.get("courses", ())
    listed = [_planned(entry, progress, language) for entry in plan]
    named = {entry.id for entry in listed}
    return listed + [_written(name, progress, language) for name in shelf.library().courses if name not in named]


def _planned(entry: Mapping[str, Any], progress: Progress, language: str) -> Entry:
    """A course of the plan: as it stands on the shelf, else as still to be written."""
    if entry["id"] in shelf.library().courses:
        return _written(entry["id"], progress, language)
    return Entry(
        id=entry["id"],
        slug="",
        title=entry["title"][language],
        about=entry["about"][language],
        level=entry["level"],
        minutes=sum(module["minutes"] for module in entry["modules"]),
        modules=len(entry["modules"]),
        passed=0,
        prerequisites=tuple(entry["prerequisites"]),
        state="planned",
    )


def _written(name: str, progress: Progress, language: str) -> Entry:
    library = shelf.library()
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
    for _ in courses:
        for entry in courses:
            before = [name for name in entry.prerequisites if name in known]
            if all(name in depth for name in before):
                depth[entry.id] = 1 + max((depth[name] for name in before), default=-1)
    last = max(depth.values(), default=0)
    return [[entry for entry in courses if depth.get(entry.id, last) == row] for row in range(last + 1)]


def drawing(courses: Sequence[Entry]) -> Markup:
    """The map from top to bottom; decoration, since the list beside it says the same in words."""
    table = rows(courses)
    width = max(len(row) for row in table) * (BOX_WIDTH + GAP) - GAP if courses else BOX_WIDTH
    places = {
        entry.id: ((width - len(row) * (BOX_WIDTH + GAP) + GAP) / 2 + column * (BOX_WIDTH + GAP), level * STEP)
        for level, row in enumerate(table)
        for column, entry in enumerate(row)
    }
    pairs = [(before, entry.id) for entry in courses for before in entry.prerequisites if before in places]
    ways = [_way(places[before], places[after]) for before, after in pairs]
    boxes = [_box(entry, *places[entry.id]) for entry in courses]
    return picture(width + 4, (len(table) - 1) * STEP + BOX_HEIGHT + 4, "", *ways, *boxes)


def _way(start: tuple[float, float], end: tuple[float, float]) -> Markup:
    (x1, y1), (x2, y2) = (start[0] + BOX_WIDTH / 2, start[1] + BOX_HEIGHT), (end[0] + BOX_WIDTH / 2, end[1])
    middle = (y1 + y2) / 2
    path = f"M{x1:.0f} {y1:.0f}C{x1:.0f} {middle:.0f} {x2:.0f} {middle:.0f} {x2:.0f} {y2:.0f}"
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
