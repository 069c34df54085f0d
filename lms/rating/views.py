"""The pages of whoever writes: the tasks, the form that keeps every keystroke, the result. All loaded through them."""

from __future__ import annotations

import secrets

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.database.transaction import transaction
from lms.identity.access import current_person, needs, needs_person
from lms.identity.models import Person
from lms.lab.offers import TaskOffer
from lms.rating import desk, files, result, works
from lms.rating.blueprint import bp
from lms.rating.checks import Form
from lms.rating.models import RatedWork
from lms.rating.tasks import TASKS
from lms.web.errors import wants_json
from lms.web.i18n import language
from lms.worklog.log import EntryRefused
from lms.worklog.pages import Pages, unsaved

pages = Pages(works.LOG, "rating.write", "rating.work_result", "work_id")


@bp.get("/written/")
@needs("trainee")
def index() -> ResponseReturnValue:
    mine = works.works_of(current_person.id)
    return render_template(
        "rating/index.html",
        tasks=TASKS,
        running={work.task: work for work in mine if work.finished_at is None},
        ended=[work for work in mine if work.finished_at],
        counts={name: works.may_count(current_person.id, task) for name, task in TASKS.items()},
        minutes=lambda task: round(task.limit * current_person.extra_time),
    )


def offered(person: Person) -> list[TaskOffer]:
    """The written tasks as they stand on the page of all work samples."""
    running = {work.task for work in works.works_of(person.id) if work.finished_at is None}
    return [
        TaskOffer(
            task.title.get(language()),
            task.lead.get(language()),
            task.minutes,
            0 if task.portfolio else round(task.limit * person.extra_time),
            name in running,
            url_for("rating.index", _anchor=name),
        )
        for name, task in TASKS.items()
    ]


@bp.post("/written/<written_task>/works")
@needs("trainee")
@transaction
def begin(written_task: str) -> ResponseReturnValue:
    task = TASKS.get(written_task) or abort(404)
    work = works.start(current_person, task, language(), practice="practice" in request.form and not task.portfolio)
    return pages.go_on(work)


@bp.get("/written/works/<id:work_id>")
@needs_person
def write(work_id: int) -> ResponseReturnValue:
    work = pages.own(work_id)
    return pages.ended(work) if work.finished_at else _form(work)


def _form(work: RatedWork, wrong: list[str] | None = None, refused: Form | None = None) -> str:
    """refused: what a page sent that another one had overtaken; it is shown, so that it is not lost."""
    task, variant = works.task_of(work), works.variant_of(work)
    if work.is_over():
        return render_template("rating/over.html", work=work, task=task)
    return render_template(
        "rating/write.html",
        work=work,
        task=task,
        variant=variant,
        fields=task.fields_of(variant),
        form=works.form_of(work),
        known=works.saves_of(work),
        writer=secrets.token_hex(12),
        wrong=wrong or [],
        refused=refused,
        left=work.minutes_left,
        files=files.files_of(work) if task.portfolio else [],
        accepted=files.ACCEPTED,
        most_files=files.MOST,
    )


@bp.post("/written/works/<id:work_id>")
@needs_person
@transaction
def save(work_id: int) -> ResponseReturnValue:
    """Keep the form as it stands; `hand_in` hands it in."""
    work = pages.own(work_id, lock=True)
    try:
        sent = works.draft(work, request.form)
    except ValueError:
        return unsaved("unreadable", 400) if wants_json() else abort(400)
    try:
        number = works.take(work, sent)
    except EntryRefused as refused:
        return _refused(work, refused.reason, sent.form)
    if wants_json():
        return jsonify(saved=True, number=number, finished=work.finished_at is not None)
    return _after(work)


def _refused(work: RatedWork, reason: str, sent: Form) -> ResponseReturnValue:
    if wants_json():
        return unsaved(reason, number=works.saves_of(work))
    return pages.ended(work) if work.finished_at else (_form(work, refused=sent), 409)


def _after(work: RatedWork) -> ResponseReturnValue:
    if "hand_in" not in request.form and work.finished_at is None:
        flash(_("Saved. You can go on as long as there is time."))
        return pages.go_on(work)
    if work.finished_at is None and (lacks := works.missing(work)):
        return _form(work, [field.label.get(language()) for field in lacks]), 422
    works.finish(work)
    return pages.ended(work)


@bp.post("/written/works/<id:work_id>/end")
@needs_person
@transaction
def end(work_id: int) -> ResponseReturnValue:
    """Close a work whose time is over; one that still has time goes on."""
    return pages.end(work_id, _("There is still time. The work goes on."))


@bp.get("/written/works/<id:work_id>/result")
@needs_person
def work_result(work_id: int) -> ResponseReturnValue:
    work = pages.own(work_id)
    if first := pages.before_result(work):
        return first
    return render_template(
        "rating/result.html",
        work=work,
        task=works.task_of(work),
        variant=works.variant_of(work),
        fields=works.task_of(work).fields_of(works.variant_of(work)),
        form=works.form_of(work),
        files=files.files_of(work),
        raters=result.raters_of(work),
        found=result.of_work(work, language()) if work.settled_at else None,
        counted=result.is_evidence(work),
    )


@bp.post("/written/works/<id:work_id>/share")
@needs("trainee")
@transaction
def share(work_id: int) -> ResponseReturnValue:
    """Let colleagues practise rating on this text, or stop it."""
    work = pages.own(work_id, lock=True)
    if work.finished_at is None or work.give_back_url or works.task_of(work).portfolio or not works.form_of(work):
        abort(404)
    work.shared = "share" in request.form
    flash(_("Colleagues may now practise on this text. Your name is not shown.") if work.shared else _("Taken back."))
    return redirect(url_for("rating.work_result", work_id=work.id), 303)


@bp.post("/written/colleagues")
@needs("trainee")
@transaction
def colleague() -> ResponseReturnValue:
    """A trainee's door to the desk: practice, never evidence."""
    rating = desk.take_shared(current_person)
    if rating is None:
        flash(_("No colleague's text is waiting at the moment."))
        return redirect(url_for("rating.index"), 303)
    return redirect(url_for("rating.rate", rating_id=rating.id), 303)
