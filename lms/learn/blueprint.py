"""The room's blueprint and what its pages share."""

from __future__ import annotations

from typing import Any, NoReturn

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from lms import publishing
from lms.config import LANGUAGES
from lms.content.model import Course, Module

bp = Blueprint("learn", __name__)


def course_or_404(slug: str) -> Course:
    """The course at this address; a former address leads to the present one."""
    courses = publishing.library().courses.values()
    return next((course for course in courses if course.slug == slug), None) or _moved_course(slug)


def module_or_404(course: Course, slug: str) -> Module:
    modules = publishing.library().modules
    return next((modules[name] for name in course.modules if modules[name].slug == slug), None) or _moved(course, slug)


def _moved_course(slug: str) -> NoReturn:
    course = publishing.course_once_at(slug)
    abort(_same_page_at(slug, course.slug) if course else 404)


def _moved(course: Course, slug: str) -> NoReturn:
    module = publishing.module_once_at(course, slug)
    abort(_same_page_at(slug, module.slug) if module else 404)


def _same_page_at(former: str, slug: str) -> Response:
    """Kept by no browser for good, since a slug may come back to its first owner."""
    arguments = (request.view_args or {}).items()
    values: dict[str, Any] = {name: slug if value == former else value for name, value in arguments}
    return redirect(url_for(request.endpoint or "", **values), 307)


def module_address(course: str, module: str, anchor: str | None = None) -> str:
    """The page of a module, both named by their slugs."""
    return url_for("learn.module", course=course, module=module, _anchor=anchor)


def address(module: Module, anchor: str, empty: str | None = None) -> str:
    """The module's page at an anchor; `empty` names a question that was sent without an answer."""
    course = publishing.library().courses[module.course]
    return url_for("learn.module", course=course.slug, module=module.slug, empty=empty, _anchor=anchor)


def module_by_id(name: str) -> Module:
    return publishing.library().modules.get(name) or abort(404)


def course_slugs() -> dict[str, str]:
    return {course.id: course.slug for course in publishing.library().courses.values()}


def title_of(module: Module, language: str) -> str:
    """The module's title, in the language that exists."""
    return module.text(language).title


def titles(module: Module) -> dict[str, str]:
    return {language: title_of(module, language) for language in LANGUAGES}
