"""Courses, banks and items for those who write them."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms import shelf
from lms.author.overview import course_lines, findings, item_lines
from lms.i18n import language
from lms.library import questions
from lms.people.access import current_person, needs
from lms.record.naming import cell_names, kind_names
from lms.record.statistics import fared

rooms = Blueprint("author", __name__, url_prefix="/content")


@rooms.get("")
@needs("instructor")
def courses() -> ResponseReturnValue:
    library = shelf.library()
    lines = {course.id: course_lines(course) for course in library.courses.values()}
    return render_template("author/courses.html", library=library, lines=lines, findings=findings())


@rooms.get("/banks/<path:path>")
@needs("instructor")
def bank(path: str) -> ResponseReturnValue:
    found = shelf.library().banks.get(path) or abort(404)
    lines = item_lines(found, fared(current_person.organisation_id))
    return render_template(
        "author/bank.html", bank=found, lines=lines, types=kind_names(), names=cell_names(language())
    )


@rooms.get("/items/<key>")
@needs("instructor")
def item(key: str) -> ResponseReturnValue:
    """The item as a person meets it, in both languages, with its key and feedback beside it."""
    found = shelf.library().items.get(key)
    if found is None or not found.answerable:
        abort(404)
    instance = questions.new_instance(found, 1, shelf.reference())
    sides = {
        code: (questions.deliver(found, instance, code), questions.explain(found, instance, None, code))
        for code in ("hy", "en")
    }
    statistics = fared(current_person.organisation_id).get(key)
    parameters = questions.starting_parameters(found)
    return render_template(
        "author/item.html",
        item=found,
        sides=sides,
        fared=statistics,
        parameters=parameters,
        types=kind_names(),
        thinking=_thinking(),
        names=cell_names(language()),
    )


def _thinking() -> dict[str, str]:
    return {
        "remember": _("to remember"),
        "understand": _("to understand"),
        "apply": _("to apply"),
        "analyse": _("to analyse"),
        "evaluate": _("to evaluate"),
        "create": _("to create"),
    }
