"""The room's blueprint and what its pages share."""

from __future__ import annotations

from flask import Blueprint, abort, url_for

from lms import publishing
from lms.config import LANGUAGES
from lms.content.model import Course, Module

bp = Blueprint("learn", __name__)


def course_or_404(slug: str) -> Course:
    return next((course for course in publishing.library().courses.values() if course.slug == slug), None) or abort(404)


def module_or_404(course: Course, slug: str) -> Module:
    modules = publishing.library().modules
    return next((modules[name] for name in course.modules if modules[name].slug == slug), None) or abort(404)


def module_address(course: str, module: str, anchor: str | None = None) -> str:
    """The page of a module, both named by their slugs."""
    return url_for("learn.module", course=course, module=module, _anchor=anchor)


def module_by_id(name: str) -> Module:
    return publishing.library().modules.get(name) or abort(404)


def course_slugs() -> dict[str, str]:
    return {course.id: course.slug for course in publishing.library().courses.values()}


def title_of(module: Module, language: str) -> str:
    """The module's title, in the language that exists."""
    return (module.languages.get(language) or next(iter(module.languages.values()))).title


def titles(module: Module) -> dict[str, str]:
    return {language: title_of(module, language) for language in LANGUAGES}
