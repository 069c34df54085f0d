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
from lms.learn.progress import SECTIONS, progress_of
from lms.learn.specifications import CHECK
from lms.learn.steps import step_after
from lms.rating import tasks
from lms.web.errors import wants_json
from lms.web.i18n import language
from lms.web.validators import may_be_kept

_SECTION = re.compile(r'(?=<h2 id="([^"]*)")')
_QUESTION = re.compile(r'<div class="md-item" data-item="([^"]*)"></div>')
_MODEL = '<details class="md-model">'


@dataclass(frozen=True)
class Piece:
    """HTML, and the question that follows it, if one does."""

    html: str
    question: Embedded | None = None


@dataclass(frozen=True)
class Section:
    """A `##` section of the page. The model answer of a practice task is kept apart, since the person's own text comes
    before it."""

    anchor: str
    pieces: tuple[Piece, ...]
    model_html: str = ""


def sections(html: str, asked: Mapping[str, Embedded]) -> list[Section]:
    """A page cut at its `##` headings, and each part at its questions. Questions that are gone leave nothing."""
    return [
        Section(anchor, tuple(Piece(text, asked.get(key)) for text, key in pieces), model)
        for anchor, pieces, model in _cut(html)
    ]


@lru_cache(maxsize=256)
def _cut(html: str) -> list[tuple[str, list[tuple[str, str]], str]]:
    """Of each section its anchor, its pieces with the key of the question that follows, and the model answer."""
    starts = [(match.start(), match[1]) for match in _SECTION.finditer(html)]
    ends = [*(start for start, _ in starts[1:]), len(html)]
    found = []
    for (start, anchor), end in zip(starts, ends, strict=True):
        task, opens, model = html[start:end].partition(_MODEL)
        parts = [*_QUESTION.split(task), ""]  # html, key, html, key, …, html, no key
        found.append((anchor, list(zip(parts[::2], parts[1::2], strict=True)), opens + model))
    return found


@bp.get("/courses/<course>/<module>")
@needs("trainee")
def module(course: str, module: str) -> ResponseReturnValue:
    found_course = course_or_404(course)
    found = module_or_404(found_course, module)
    page = publishing.rendered(found.id, language())
    progress = progress_of(current_person.id)
    state = progress.modules[found.id]
    asked = embedded(current_person.id, page.embedded, language(), request.args.get("again", ""))
    work = practice.work_of(current_person.id, found.id)
    if work is None or not work.text:  # what somebody wrote lies in no browser's store
        may_be_kept()
    return render_template(
        "learn/module.html",
        person=current_person.id,
        course=found_course,
        module=found,
        text=found.languages.get(language()) or next(iter(found.languages.values())),
        page=page,
        sections=sections(page.html, asked),
        scripted=any(q.shown.scripted and not q.explanation for q in asked.values()),
        state=state,
        outdated=_outdated(found),
        neighbours=_neighbours(found_course.modules, found.id),
        title_of=title_of,
        task=of_practice(found.practice),
        written=tasks.of_practice(found.practice),
        work=work,
        questions=len(publishing.items(CHECK.pool, module=found.id)),
        test=CHECK,
        trials=assess.may_hold_trials(CHECK, found.id),
        running=assess.open_attempt(current_person.id, CHECK.name, found.id),
        completion=completion(found, progress),
        step=step_after(current_person.id, found, progress) if state.passed_at else None,
        empty=request.args.get("empty", ""),
    )


@bp.post("/modules/<module_id>/reading")
@needs("trainee")
@transaction
def reading(module_id: str) -> ResponseReturnValue:
    """Keep the place: `anchor` of the section on screen, `reached` sections so far; `done` marks the module as read."""
    found = module_by_id(module_id)
    row = db.session.scalar(select(Reading).filter_by(person_id=current_person.id, module=found.id))
    if row is None:
        row = Reading(person_id=current_person.id, module=found.id, anchor="", reached=0)
        db.session.add(row)
    anchor = request.form.get("anchor", "")
    if anchor in {known for _, known, _ in publishing.rendered(found.id, language()).headings}:
        row.anchor = anchor
    row.reached = max(row.reached, min(request.form.get("reached", 0, type=int), SECTIONS))
    row.updated_at = clock.now()
    if "done" in request.form:
        row.read_at, row.reached = row.read_at or clock.now(), SECTIONS
    return ("", 204) if wants_json() else redirect(address(found, "check"), 303)


@bp.post("/modules/<module_id>/answers/<key>")
@needs("trainee")
@transaction
def answer_embedded(module_id: str, key: str) -> ResponseReturnValue:
    found = module_by_id(module_id)
    if key not in publishing.rendered(found.id, language()).embedded:
        abort(404)
    try:
        answered = keep_answer(current_person.id, key, request.form.to_dict(flat=False))
    except ValueError:
        abort(400)
    except KeyError:
        abort(404)
    return redirect(address(found, f"item-{key}", None if answered else key), 303)


def _outdated(found: Module) -> list[Text]:
    """Where the profession has moved past a claim of the founding article that the module teaches."""
    claims = publishing.reference().seed
    return [note for key in found.seed if key in claims and (note := claims[key].outdated)]


def _neighbours(names: tuple[str, ...], name: str) -> tuple[Module | None, Module | None]:
    modules, place = publishing.library().modules, names.index(name)
    before = modules[names[place - 1]] if place else None
    after = modules[names[place + 1]] if place + 1 < len(names) else None
    return before, after
