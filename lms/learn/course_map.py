"""The map of courses: which builds on which, stage by stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms import publishing
from lms.config import LANGUAGES
from lms.learn.progress import Progress


@dataclass(frozen=True)
class CourseEntry:
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


def entries(progress: Progress, language: str) -> list[CourseEntry]:
    """The programme's courses in its order; those on the shelf with the person's state."""
    plan = publishing.reference().catalogue.get("courses", ())
    listed = [_planned(entry, progress, language) for entry in plan]
    named = {entry.id for entry in listed}
    return listed + [_written(name, progress, language) for name in publishing.library().courses if name not in named]


def _planned(entry: Mapping[str, Any], progress: Progress, language: str) -> CourseEntry:
    """A course of the plan: as it stands on the shelf, else as still to be written."""
    if entry["id"] in publishing.library().courses:
        return _written(entry["id"], progress, language)
    return CourseEntry(
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


def _written(name: str, progress: Progress, language: str) -> CourseEntry:
    library = publishing.library()
    course = library.courses[name]
    state = "ready" if progress.ready_for(course) else "later"
    if progress.begun(course):
        state = "done" if progress.finished(course) else "begun"
    return CourseEntry(
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


def stages(courses: Sequence[CourseEntry]) -> list[list[CourseEntry]]:
    """Courses by the longest way that leads to them: what needs nothing stands first, a course in a cycle last."""
    by_id = {entry.id: entry for entry in courses}
    depth: dict[str, int] = {}
    for _round in courses:
        for entry in courses:
            before = [name for name in entry.prerequisites if name in by_id]
            if all(name in depth for name in before):
                depth[entry.id] = 1 + max((depth[name] for name in before), default=-1)
    last = max(depth.values(), default=0)
    return [[entry for entry in courses if depth.get(entry.id, last) == stage] for stage in range(last + 1)]
