"""Is what the catalogue promises for a course really there?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lms.content.errors import Finding
from lms.content.model import Course, Library

TYPES_PER_COURSE = 6


def coverage_findings(library: Library) -> Iterator[Finding]:
    """Missing modules, claims nobody teaches or asks about, too few item types, no pre-test."""
    for plan in library.reference.catalogue.get("courses", ()):
        if course := library.courses.get(plan["id"]):
            yield from _modules(course, plan)
            yield from _claims(library, course, plan)
            yield from _bank(library, course)


def _modules(course: Course, plan: dict[str, Any]) -> Iterator[Finding]:
    for module in plan["modules"]:
        if module["id"] not in course.modules:
            yield Finding(course.path, 1, "coverage", f"module {module['id']} of the catalogue is missing")


def _claims(library: Library, course: Course, plan: dict[str, Any]) -> Iterator[Finding]:
    promised = {claim for module in plan["modules"] for claim in module["seed"]}
    taught = {claim for name in course.modules for claim in library.modules[name].seed}
    asked = {claim for item in library.items.values() if item.course == course.id for claim in item.seed}
    for claim in sorted(promised - taught):
        yield Finding(course.path, 1, "coverage", f"no module of {course.id} teaches the claim {claim}")
    for claim in sorted(promised & taught - asked):
        yield Finding(course.path, 1, "coverage", f"no item of {course.id} asks about the claim {claim}", "warning")


def _bank(library: Library, course: Course) -> Iterator[Finding]:
    types = {item.type for item in library.items.values() if item.course == course.id}
    if len(types) < TYPES_PER_COURSE:
        yield Finding(course.path, 1, "coverage", f"{len(types)} item types in use, expected {TYPES_PER_COURSE}")
    if not any(bank.pool == "pretest" and bank.course == course.id for bank in library.banks.values()):
        yield Finding(course.path, 1, "coverage", "the course has no pre-test")
