"""One module that anybody may read before an account; its questions in the text are marked, nothing is kept."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from lms import publishing
from lms.content import questions
from lms.content.model import Module
from lms.database.transaction import transaction
from lms.identity.access import public
from lms.learn.blueprint import bp
from lms.learn.embedded import Embedded
from lms.learn.reader import sections
from lms.web.i18n import language
from lms.web.kept_pages import may_be_kept

Form = Mapping[str, Sequence[str]]


def open_module() -> Module | None:
    """The first module of the first course, None where there is no course."""
    library = publishing.library()
    names = (name for course in library.courses.values() for name in course.modules)
    return library.modules.get(next(names, ""))


@bp.get("/try")
@public
def try_module() -> ResponseReturnValue:
    may_be_kept()
    return _page("", {})


@bp.post("/try/<key>")
@public
@transaction
def try_question(key: str) -> ResponseReturnValue:
    """The page with this question explained. The key is no secret: such a question is in no test."""
    try:
        return _page(key, request.form.to_dict(flat=False))
    except ValueError:
        abort(400)


def _page(answered: str, form: Form) -> ResponseReturnValue:
    module = open_module() or abort(404)
    page = publishing.rendered(module.id, language())
    if answered and answered not in page.embedded:
        abort(404)
    numbers = {key: publishing.revision_of(key) for key in page.embedded}
    embedded_questions = {
        key: _question(place, key, number, form if key == answered else {})
        for place, (key, number) in enumerate(numbers.items(), 1)
        if number
    }
    return render_template(
        "learn/try.html",
        module=module,
        course=publishing.library().courses[module.course],
        text=module.text(language()),
        page=page,
        sections=sections(page.html, embedded_questions),
        empty=answered if answered and embedded_questions[answered].explanation is None else "",
        scripted=any(q.shown.scripted and not q.explanation for q in embedded_questions.values()),
    )


def _question(place: int, key: str, number: int, form: Form) -> Embedded:
    """The same order and numbers for every visitor, since there is nobody to remember others for."""
    item = publishing.item(number)
    instance = questions.new_instance(item, zlib.crc32(f"visitor/{key}".encode()), publishing.reference())
    links = publishing.links(item)
    value = questions.read_form(item, instance, form) if form else None
    explanation = None if value is None else questions.explain(item, instance, value, language(), links)
    return Embedded(place, key, questions.deliver(item, instance, language(), links), form, explanation)
