"""The pages of the work samples. Everything of a run is loaded through its person, whatever their roles."""

from __future__ import annotations

import secrets

from flask import Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms import evidence
from lms.database.transaction import transaction
from lms.identity.access import current_person, needs_person
from lms.lab import drawings, outcome, runs
from lms.lab.blueprint import bp, pages
from lms.lab.briefs import brief_of
from lms.lab.model.log import Form, Play
from lms.lab.models import LabRun
from lms.lab.screens import SCREENS
from lms.web.errors import wants_json
from lms.web.i18n import language
from lms.worklog.log import EntryRefused
from lms.worklog.pages import unsaved


@bp.get("/runs/<id:run_id>")
@needs_person
def play(run_id: int) -> ResponseReturnValue:
    run = pages.own(run_id)
    if run.finished_at:
        return pages.ended(run)
    stand, length = runs.play_of(run)
    step = request.args.get("step", stand.step, type=int)
    return _page(run, stand, length, step if 1 <= step <= stand.step else stand.step)


@bp.post("/runs/<id:run_id>/steps/<int:step>")
@needs_person
@transaction
def act(run_id: int, step: int) -> ResponseReturnValue:
    """One action of the log: a step's form saved, ended or undone, or a card bought."""
    run = pages.own(run_id, lock=True)
    name = "buy" if request.form.get("card") else request.form.get("act", "save")
    lacking = name == "next" and runs.play_of(run)[0].lacking_before(step)
    try:
        sending = runs.sent(runs.task_of(run), request.form, "save" if lacking else name, step)
    except ValueError:
        return unsaved("unreadable", 400) if wants_json() else abort(400)
    try:
        number = runs.take(run, sending)
    except EntryRefused as refused:
        return _refused(run, step, refused.reason)
    if wants_json():
        return jsonify(saved=True, number=number, finished=run.finished_at is not None)
    return pages.ended(run) if run.finished_at else _after(run, step, name, sending.action.form)


def _after(run: LabRun, step: int, name: str, form: Form) -> ResponseReturnValue:
    stand, length = runs.play_of(run)
    if name == "next" and (lacks := _lacks(run, stand, step, form)):
        return _page(run, stand, length, step, lacks), 422
    if name == "next":
        return pages.go_on(run, step=step + 1)
    anchor = {"buy": "cards", "undo": "main"}.get(name, "status")
    return pages.go_on(run, step=step, _anchor=anchor)


def _lacks(run: LabRun, stand: Play, step: int, form: Form) -> list[str]:
    missing = SCREENS[run.task].missing
    earlier = [_("Step %(step)s: %(lack)s", step=at, lack=missing(each)) for at, each in stand.lacking_before(step)]
    return earlier + [missing(each) for each in stand.missing(step, form)]


def _refused(run: LabRun, step: int, reason: str) -> ResponseReturnValue:
    """A page older than the log comes back with what the log holds; nothing of the log was lost."""
    stand, length = runs.play_of(run)
    if wants_json():
        return unsaved(reason, number=length, last=runs.last_key(run))
    if run.finished_at:
        return pages.ended(run)
    messages = [_("This plan went on in another window or on another device. Here is how it stands now.")]
    return _page(run, stand, length, step if step <= stand.step else stand.step, messages), 409


@bp.post("/runs/<id:run_id>/end")
@needs_person
@transaction
def end(run_id: int) -> ResponseReturnValue:
    """Close a run whose time is over; one that still has time goes on."""
    return pages.end(run_id, _("There is still time. The run goes on."))


def _page(run: LabRun, stand: Play, length: int, step: int, wrong: list[str] | None = None) -> str:
    task, screen = runs.task_of(run), SCREENS[run.task]
    if run.is_over():
        return render_template("lab/over.html", run=run, task=task)
    form = screen.first_form(stand, step)
    return render_template(
        screen.page,
        run=run,
        task=task,
        stand=stand,
        step=step,
        is_open=stand.is_open(step),
        form=form,
        one=lambda name: (form.get(name) or [""])[0],
        chosen=lambda name: form.get(name, []),
        length=length,
        last=runs.last_key(run),
        key=secrets.token_hex(12),
        wrong=wrong or [],
        left=run.minutes_left,
        **screen.step(run, stand, step, form),
    )


@bp.get("/runs/<id:run_id>/result")
@needs_person
def result(run_id: int) -> ResponseReturnValue:
    run = pages.own(run_id)
    if first := pages.before_result(run):
        return first
    runs.note_result_shown(run)
    task, screen, kept, stand = runs.task_of(run), SCREENS[run.task], outcome.read(run), runs.play_of(run)[0]
    before, steps = runs.run_before(run), outcome.steps(task, kept, language())
    return render_template(
        screen.result,
        run=run,
        task=task,
        found=kept,
        steps=steps,
        lessons=outcome.lessons(steps),
        earlier=outcome.read(before) if before else {},
        before=outcome.steps(task, outcome.read(before), language()) if before else None,
        counts=evidence.counts_as_evidence(current_person.id, task.work_name(run.brief), run.id),
        **screen.outcome(run, stand, kept),
    )


@bp.get("/runs/<id:run_id>/picture.svg")
@needs_person
def picture(run_id: int) -> ResponseReturnValue:
    """To share: how far each step went and nothing of the answers or of the person."""
    run = pages.own(run_id)
    if first := pages.before_result(run):
        return first
    task, brand = runs.task_of(run), brief_of(run.brief).brand.get(language()) if run.brief else ""
    shown = outcome.steps(task, outcome.read(run), language())
    lines = [line for line in (task.words.title.get(language()), brand) if line]
    drawn = drawings.share_picture(
        lines, [each.name for each in shown], [each.share for each in shown], _("Hmut"), language()
    )
    return Response(str(drawn), mimetype="image/svg+xml")
