"""The reader: a module's page, where the person is in it, questions in the text, the practice task."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from lms import assess, clock, publishing
from lms.content.model import Module
from lms.content.text import Text
from lms.database import db
from lms.database.transaction import transaction
from lms.identity.access import current_person, needs
from lms.lab.tasks import of_practice
from lms.learn import practice
from lms.learn.blueprint import address, bp, course_or_404, module_by_id, module_or_404, title_of
from lms.learn.completion import completion
from lms.learn.embedded import Embedded, embedded, keep_answer
from lms.learn.models import Reading
from lms.learn.next_step import step_after
from lms.learn.progress import SECTIONS, progress_of
from lms.learn.specifications import CHECK
from lms.rating import tasks
from lms.web.errors import wants_json
from lms.web.i18n import language
from lms.web.kept_pages import may_be_kept

_SECTION = re.compile(r'(?=<h2 id="([^"]*)")')
_QUESTION = re.compile(r'<div class="md-item" data-item="([^"]*)"></div>')
_MODEL = '<details class="md-model">'


@dataclass(frozen=True)
class ReaderPiece:
    """HTML, and the question that follows it, if one does."""

    html: str
    question: Embedded | None = None


@dataclass(frozen=True)
class ReaderSection:
    """A `##` section of the page. The model answer of a practice task is kept apart, since the person's own text comes
    before it."""

    anchor: str
    pieces: tuple[ReaderPiece, ...]
    model_html: str = ""


def sections(html: str, embedded_questions: Mapping[str, Embedded]) -> list[ReaderSection]:
    """A page cut at its `##` headings, and each part at its questions. Questions that are gone leave nothing."""
    return [
        ReaderSection(anchor, tuple(ReaderPiece(text, embedded_questions.get(key)) for text, key in pieces), model)
        for anchor, pieces, model in _cut(html)
    ]


@lru_cache(maxsize=256)
def _cut(html: str) -> list[tuple[str, list[tuple[str, str]], str]]:
    """Of each section its anchor, its pieces with the key of the question that follows, and the model answer."""
    starts = [(match.start(), match[1]) for match in _SECTION.finditer(html)]
    ends = [*(start for start, _ in starts[1:]), len(html)]
    cut = []
    for (start, anchor), end in zip(starts, ends, strict=True):
        task, opens, model = html[start:end].partition(_MODEL)
        parts = [*_QUESTION.split(task), ""]  # html, key, html, key, …, html, no key
        cut.append((anchor, list(zip(parts[::2], parts[1::2], strict=True)), opens + model))
    return cut


@bp.get("/courses/<course>/<module>")
@needs("trainee")
def module(course: str, module: str) -> ResponseReturnValue:
    found_course = course_or_404(course)
    this_module = module_or_404(found_course, module)
    page = publishing.rendered(this_module.id, language())
    progress = progress_of(current_person.id)
    state = progress.modules[this_module.id]
    embedded_questions = embedded(current_person.id, page.embedded, language(), request.args.get("again", ""))
    work = practice.work_of(current_person.id, this_module.id)
    if work is None or not work.text:  # what somebody wrote lies in no browser's store
        may_be_kept()
    return render_template(
        "learn/module.html",
        person=current_person.id,
        course=found_course,
        module=this_module,
        text=this_module.text(language()),
        page=page,
        sections=sections(page.html, embedded_questions),
        scripted=any(q.shown.scripted and not q.explanation for q in embedded_questions.values()),
        state=state,
        outdated=_outdated(this_module),
        neighbours=_neighbours(found_course.modules, this_module.id),
        title_of=title_of,
        task=of_practice(this_module.practice),
        written=tasks.of_practice(this_module.practice),
        work=work,
        questions=len(publishing.items(CHECK.pool, module=this_module.id)),
        test=CHECK,
        trials=assess.may_hold_trials(CHECK, this_module.id),
        running=assess.open_attempt(current_person.id, CHECK.name, this_module.id),
        completion=completion(this_module, progress),
        step=step_after(current_person.id, this_module, progress) if state.passed_at else None,
        empty=request.args.get("empty", ""),
    )


@bp.post("/modules/<module_id>/reading")
@needs("trainee")
@transaction
def reading(module_id: str) -> ResponseReturnValue:
    """Keep the place: `anchor` of the section on screen, `reached` sections so far; `done` marks the module as read."""
    module = module_by_id(module_id)
    row = db.session.scalar(select(Reading).filter_by(person_id=current_person.id, module=module.id))
    if row is None:
        row = Reading(person_id=current_person.id, module=module.id, anchor="", reached=0)
        db.session.add(row)
    anchor = request.form.get("anchor", "")
    if anchor in {heading for _, heading, _ in publishing.rendered(module.id, language()).headings}:
        row.anchor = anchor
    row.reached = max(row.reached, min(request.form.get("reached", 0, type=int), SECTIONS))
    row.updated_at = clock.now()
    if "done" in request.form:
        row.read_at, row.reached = row.read_at or clock.now(), SECTIONS
    return ("", 204) if wants_json() else redirect(address(module, "check"), 303)


@bp.post("/modules/<module_id>/answers/<key>")
@needs("trainee")
@transaction
def answer_embedded(module_id: str, key: str) -> ResponseReturnValue:
    module = module_by_id(module_id)
    if key not in publishing.rendered(module.id, language()).embedded:
        abort(404)
    try:
        answered = keep_answer(current_person.id, key, request.form.to_dict(flat=False))
    except ValueError:
        abort(400)
    except KeyError:
        abort(404)
    return redirect(address(module, f"item-{key}", None if answered else key), 303)


def _outdated(module: Module) -> list[Text]:
    """Where the profession has moved past a claim of the founding article that the module teaches."""
    claims = publishing.reference().seed
    return [note for key in module.seed if key in claims and (note := claims[key].outdated)]


def _neighbours(names: tuple[str, ...], name: str) -> tuple[Module | None, Module | None]:
    modules, place = publishing.library().modules, names.index(name)
    before = modules[names[place - 1]] if place else None
    after = modules[names[place + 1]] if place + 1 < len(names) else None
    return before, after
