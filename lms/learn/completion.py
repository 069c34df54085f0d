"""A completed module and a finished course: what is said when it happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lms import clock, publishing
from lms.content.model import Course, Module
from lms.learn import reviews
from lms.learn.progress import Progress


@dataclass(frozen=True)
class Completion:
    """A completed module as one of its course's; back_at: when its first question comes back, None if none does."""

    course: Course
    passed: int
    modules: int
    back_at: datetime | None

    @property
    def last(self) -> bool:
        """Whether it finished the course."""
        return self.passed == self.modules

    @property
    def is_back(self) -> bool:
        """Whether a question of the module already waits to be gone over."""
        return self.back_at is not None and self.back_at <= clock.now()


def completion(module: Module, progress: Progress) -> Completion | None:
    """None while the module still asks for something."""
    if progress.modules[module.id].passed_at is None:
        return None
    course = publishing.library().courses[module.course]
    return Completion(course, progress.passed(course), len(course.modules), reviews.back_at(module.id, progress))


def finished_on(course: Course, progress: Progress) -> datetime | None:
    """When the last module of a finished course was completed."""
    moments = [progress.modules[name].passed_at for name in course.modules]
    passed = [moment for moment in moments if moment]
    return max(passed) if passed and len(passed) == len(moments) else None


def taught(course: Course) -> list[str]:
    """The sub-competencies that the course's modules are about, in their order."""
    modules = publishing.library().modules
    return list(dict.fromkeys(sub for name in course.modules for sub in modules[name].sub_competencies))


def next_course(course: Course, progress: Progress) -> Course | None:
    """The course to take after a finished one: one that builds on it, else any that is ready."""
    ready = [
        other
        for other in publishing.library().courses.values()
        if progress.ready_for(other) and not progress.finished(other)
    ]
    return min(ready, key=lambda other: course.id not in other.prerequisites, default=None)
