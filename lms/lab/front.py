"""The front of the work samples: what can be played, runs or has ended; where an organisation's people lose most."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from lms import clock, evidence
from lms.database.transaction import transaction
from lms.identity.access import current_person, needs
from lms.lab import offers, outcome, runs
from lms.lab.blueprint import bp, pages
from lms.lab.briefs import brief_of
from lms.lab.tasks import CAMPAIGN, CAMPAIGN_LONG, SHORT, TASKS
from lms.web.i18n import language


@bp.get("/")
@needs("trainee")
def index() -> ResponseReturnValue:
    mine = [run for run in runs.runs_of(current_person.id) if not run.give_back_url]
    since = clock.now() - evidence.PERIOD
    names = [(task.name, brief) for task in TASKS.values() for brief in task.briefs]
    return render_template(
        "lab/index.html",
        briefs=[brief_of(name) for name in TASKS[CAMPAIGN].briefs],
        short=SHORT,
        long=TASKS[CAMPAIGN_LONG],
        offers=offers.for_person(current_person),
        running={(run.task, run.brief): run for run in mine if run.finished_at is None},
        ended=[(run, TASKS[run.task], outcome.read(run)) for run in mine if run.finished_at],
        practice={
            (task, brief)
            for task, brief in names
            if evidence.counted_since(current_person.id, TASKS[task].work_name(brief), since)
        },
        brand=lambda brief: brief_of(brief).brand.get(language()),
        points=outcome.points,
        minutes=lambda task: round(TASKS[task].limit * current_person.extra_time),
    )


@bp.post("/briefs/<brief>/runs")
@needs("trainee")
@transaction
def begin(brief: str) -> ResponseReturnValue:
    return _begin(CAMPAIGN_LONG if request.form.get("length") == "long" else CAMPAIGN, brief)


@bp.post("/tasks/<task>/runs")
@needs("trainee")
@transaction
def begin_task(task: str) -> ResponseReturnValue:
    return _begin(task, "")


def _begin(name: str, brief: str) -> ResponseReturnValue:
    task = TASKS.get(name)
    if task is None or brief not in task.briefs:
        abort(404)
    run = runs.start(current_person, task, brief=brief, language=language())
    return pages.go_on(run)


@bp.get("/losses")
@needs("instructor")
def losses() -> ResponseReturnValue:
    """Where the organisation's people lose most, by task and step."""
    lost = [(task, outcome.step_losses(current_person.organisation_id, task, language())) for task in TASKS.values()]
    return render_template("lab/losses.html", tasks=[(task, losses) for task, losses in lost if losses])
