"""Is what the catalogue promises for a course really there?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lms.content.errors import Finding
from lms.content.model import Course, Library
from lms.content.text import Text

TYPES_PER_COURSE = 6
NO_MODULE = Text(en="module {module} of the catalogue is missing", hy="ցանկի {module} մոդուլը չկա")
UNTAUGHT = Text(
    en="no module of {course} teaches the claim {claim}",
    hy="{course} դասընթացի ոչ մի մոդուլ չի ուսուցանում {claim} պնդումը",
)
UNASKED = Text(
    en="no item of {course} asks about the claim {claim}",
    hy="{course} դասընթացի ոչ մի հարց չի վերաբերում {claim} պնդմանը",
)
TYPES_USED = Text(en="{count} item types in use, expected {least}", hy="հարցերի {count} տեսակ կա, պետք է լինի {least}")
NO_PRETEST = Text(en="the course has no pre-test", hy="դասընթացը նախնական թեստ չունի")


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
            yield Finding.bilingual(course.path, 1, "coverage", NO_MODULE.filled(module=module["id"]))


def _claims(library: Library, course: Course, plan: dict[str, Any]) -> Iterator[Finding]:
    promised = {claim for module in plan["modules"] for claim in module["seed"]}
    taught = {claim for name in course.modules for claim in library.modules[name].seed}
    claims_of_items = {claim for item in library.items.values() if item.course == course.id for claim in item.seed}
    for claim in sorted(promised - taught):
        yield Finding.bilingual(course.path, 1, "coverage", UNTAUGHT.filled(course=course.id, claim=claim))
    for claim in sorted(promised & taught - claims_of_items):
        yield Finding.bilingual(course.path, 1, "coverage", UNASKED.filled(course=course.id, claim=claim), "warning")


def _bank(library: Library, course: Course) -> Iterator[Finding]:
    types = {item.type for item in library.items.values() if item.course == course.id}
    if len(types) < TYPES_PER_COURSE:
        yield Finding.bilingual(
            course.path, 1, "coverage", TYPES_USED.filled(count=str(len(types)), least=str(TYPES_PER_COURSE))
        )
    if not any(bank.pool == "pretest" and bank.course == course.id for bank in library.banks.values()):
        yield Finding.bilingual(course.path, 1, "coverage", NO_PRETEST)
