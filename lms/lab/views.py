"""The pages of the Campaign Lab. Everything of a run is loaded through its person."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms import clock, evidence
from lms.database.transaction import transaction
from lms.identity.access import current_person, needs
from lms.lab import drawings, outcome, runs, screen
from lms.lab.briefs import NAMES, Brief, brief_of, segment_note, words
from lms.lab.missing import missing_words
from lms.lab.model import play as playing
from lms.lab.model.play import Form, Play
from lms.lab.models import LabRun
from lms.web.errors import wants_json
from lms.web.i18n import language

bp = Blueprint("lab", __name__, url_prefix="/lab")


@bp.get("/")
@needs("trainee")
def index() -> ResponseReturnValue:
    mine = runs.runs_of(current_person.id)
    since = clock.now() - evidence.PERIOD
    return render_template(
        "lab/index.html",
        briefs=[brief_of(name) for name in NAMES],
        running={run.brief: run for run in mine if run.finished_at is None},
        ended=[(run, brief_of(run.brief), outcome.read(run)) for run in mine if run.finished_at],
        practice={name for name in NAMES if evidence.counted_since(current_person.id, runs.work_name(name), since)},
        points=outcome.points,
        minutes=round(runs.MINUTES * current_person.extra_time),
    )


@bp.post("/briefs/<brief>/runs")
@needs("trainee")
@transaction
def begin(brief: str) -> ResponseReturnValue:
    if brief not in NAMES:
        abort(404)
    run = runs.begin(current_person, brief_of(brief))
    return redirect(url_for("lab.play", run_id=run.id), 303)


@bp.get("/runs/<id:run_id>")
@needs("trainee")
def play(run_id: int) -> ResponseReturnValue:
    run = runs.run_of(current_person.id, run_id)
    if run.finished_at:
        return redirect(url_for("lab.result", run_id=run.id), 303)
    stand, known = runs.play_of(run)
    step = request.args.get("step", stand.step, type=int)
    return _page(run, stand, known, step if 1 <= step <= stand.step else stand.step)


@bp.post("/runs/<id:run_id>/steps/<int:step>")
@needs("trainee")
@transaction
def act(run_id: int, step: int) -> ResponseReturnValue:
    """One action of the log: a step's form saved, ended or undone, or a card bought."""
    run = runs.run_of(current_person.id, run_id, lock=True)
    name = "buy" if request.form.get("card") else request.form.get("act", "save")
    try:
        given = runs.sent(request.form, name, step)
    except ValueError:
        return (jsonify(saved=False, error="unreadable"), 400) if wants_json() else abort(400)
    try:
        number = runs.take(run, given)
    except runs.Refused as refused:
        return _refused(run, step, refused.reason)
    if wants_json():
        return jsonify(saved=True, number=number, finished=run.finished_at is not None)
    if run.finished_at:
        return redirect(url_for("lab.result", run_id=run.id), 303)
    return _after(run, step, name, given.action.form)


def _after(run: LabRun, step: int, name: str, form: Form) -> ResponseReturnValue:
    stand, known = runs.play_of(run)
    if name == "next" and (lacks := playing.missing(step, form)):
        return _page(run, stand, known, step, missing_words(lacks)), 422
    if name == "next":
        return redirect(url_for("lab.play", run_id=run.id, step=step + 1), 303)
    anchor = {"buy": "cards", "undo": "main"}.get(name, "status")
    return redirect(url_for("lab.play", run_id=run.id, step=step, _anchor=anchor), 303)


def _refused(run: LabRun, step: int, reason: str) -> ResponseReturnValue:
    """A page older than the log comes back with what the log holds; nothing of the log was lost."""
    if wants_json():
        return jsonify(saved=False, error=reason), 409
    if run.finished_at:
        return redirect(url_for("lab.result", run_id=run.id), 303)
    stand, known = runs.play_of(run)
    told = [_("This plan went on in another window or on another device. Here is how it stands now.")]
    return _page(run, stand, known, step if step <= stand.step else stand.step, told), 409


@bp.post("/runs/<id:run_id>/end")
@needs("trainee")
@transaction
def end(run_id: int) -> ResponseReturnValue:
    """Close a run whose time is over; one that still has time goes on."""
    run = runs.run_of(current_person.id, run_id, lock=True)
    if run.finished_at is None and not runs.is_over(run):
        flash(_("There is still time. The run goes on."))
        return redirect(url_for("lab.play", run_id=run.id), 303)
    runs.finish(run)
    return redirect(url_for("lab.result", run_id=run.id), 303)


def _page(run: LabRun, stand: Play, known: int, step: int, wrong: list[str] | None = None) -> str:
    if runs.is_over(run):
        return render_template("lab/over.html", run=run, brief=brief_of(run.brief))
    brief, spoken = brief_of(run.brief), language()
    form = runs.form_of(stand, step)
    return render_template(
        "lab/step.html",
        run=run,
        brief=brief,
        stand=stand,
        step=step,
        is_open=stand.is_open(step),
        form=form,
        one=lambda name: (form.get(name) or [""])[0],
        chosen=lambda name: form.get(name, []),
        known=known,
        last=runs.last_key(run),
        key=secrets.token_hex(12),
        wrong=wrong or [],
        say=screen.say_in(spoken),
        named=lambda group: [(name, text.get(spoken)) for name, text in words()[group].items()],
        indexed=lambda texts: [(str(at), text) for at, text in enumerate(texts)],
        activities=playing.ACTIVITIES,
        left=max(0, round((run.deadline_at - clock.now()).total_seconds() / 60)),
        **_of_step(run, brief, stand, step, form),
    )


def _of_step(run: LabRun, brief: Brief, stand: Play, step: int, form: Form) -> dict[str, Any]:
    return {1: _research, 2: _strategy, 3: _content, 4: _publishing, 5: _dialogue, 6: _analysis, 7: _repetition}[step](
        run, brief, stand, form
    )


def _research(run: LabRun, brief: Brief, stand: Play, _form: Form) -> dict[str, Any]:
    spoken = language()
    groups = sorted(enumerate(text.get(spoken) for text in brief.segments), key=lambda each: each[1])
    return {
        "cards": screen.cards(run, brief, stand, spoken),
        "groups": [(str(at), name) for at, name in groups],
        "note": segment_note(),
        "main": screen.main_platform(run, spoken),
    }


def _strategy(run: LabRun, brief: Brief, _stand: Play, form: Form) -> dict[str, Any]:
    kpis = sorted((name, text.get(language())) for name, _kind, text in brief.kpis)
    return {"kpis": kpis, "planned": playing.week_hours(form), "before": screen.visits_before(run), **_lists(brief)}


def _lists(brief: Brief) -> dict[str, Any]:
    """Choices of a post that are the same in every run."""
    return {
        "topics": [(str(at), text.get(language())) for at, text in enumerate(brief.topics)],
        "efforts": [(effort, effort) for effort in playing.EFFORTS],
        "hours": [(hour, f"{hour}:00") for hour in playing.SLOT_FIELDS["hour"]],
    }


def _content(_run: LabRun, brief: Brief, _stand: Play, form: Form) -> dict[str, Any]:
    return {"posts": screen.posts(brief, form, language()), "work": playing.work(form), **_lists(brief)}


def _publishing(run: LabRun, brief: Brief, stand: Play, form: Form) -> dict[str, Any]:
    posts = screen.posts(brief, stand.form(3), language())
    drawn = screen.week(form, language(), _("The week as planned"))
    return {"posts": posts, "tags": screen.tags(run, brief), "week": drawn, **_lists(brief)}


def _dialogue(run: LabRun, brief: Brief, _stand: Play, _form: Form) -> dict[str, Any]:
    inbox = screen.inbox(run, brief, language())
    names = [(str(at), _("Message %(number)s", number=at + 1)) for at in range(len(inbox))]
    return {"inbox": inbox, "message_names": names}


def _analysis(run: LabRun, brief: Brief, stand: Play, _form: Form) -> dict[str, Any]:
    return {"results": screen.results(run, brief, stand, language())}


def _repetition(_run: LabRun, brief: Brief, stand: Play, form: Form) -> dict[str, Any]:
    before = screen.week(stand.form(4), language(), _("The first week"))
    drawn = screen.week(form, language(), _("The next week"))
    return {"before": before, "week": drawn, "work": playing.work(form), **_lists(brief)}


@bp.get("/runs/<id:run_id>/result")
@needs("trainee")
def result(run_id: int) -> ResponseReturnValue:
    run = runs.run_of(current_person.id, run_id)
    if run.finished_at is None:
        return redirect(url_for("lab.play", run_id=run.id), 303)
    brief, found, spoken = brief_of(run.brief), outcome.read(run), language()
    stand = runs.play_of(run)[0]
    earlier = [each for each in runs.runs_of(current_person.id) if each.id < run.id and each.brief == run.brief]
    before = next((each for each in earlier if each.finished_at), None)
    return render_template(
        "lab/result.html",
        run=run,
        brief=brief,
        found=found,
        steps=outcome.steps(found, spoken),
        losses=outcome.loss_words(found, spoken),
        factors=playing.FACTORS,
        strong=outcome.strong_plan(run, spoken) if found["losses"] else [],
        points=outcome.points,
        weeks=[
            screen.week(stand.form(4), spoken, _("The first week")),
            screen.week(stand.form(7), spoken, _("The next week")),
        ],
        before=outcome.steps(outcome.read(before), spoken) if before else None,
        counts=evidence.counts_as_evidence(current_person.id, runs.work_name(run.brief), run.id),
        say=screen.say_in(spoken),
    )


@bp.get("/runs/<id:run_id>/picture.svg")
@needs("trainee")
def picture(run_id: int) -> ResponseReturnValue:
    """To share: how far each step went and nothing of the answers or of the person."""
    run = runs.run_of(current_person.id, run_id)
    if run.finished_at is None:
        return redirect(url_for("lab.play", run_id=run.id), 303)
    found = outcome.steps(outcome.read(run), language())
    title = f"{_('Campaign Lab')} · {brief_of(run.brief).brand.get(language())}"
    drawn = drawings.share_picture(title, [each.name for each in found], [each.share for each in found], _("Hmut"))
    return Response(str(drawn), mimetype="image/svg+xml")


@bp.get("/losses")
@needs("instructor")
def losses() -> ResponseReturnValue:
    """Where the organisation's people lose most, by step."""
    return render_template("lab/losses.html", losses=outcome.step_losses(current_person.organisation_id, language()))
