"""The result of an attempt: every answer explained, what it did to the matrix, what next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from lms import assess, evidence, publishing
from lms.assess import Result
from lms.competency import LevelStatement, state
from lms.database import db
from lms.evidence.models import Evidence
from lms.identity.access import current_person, needs
from lms.learn.blueprint import bp
from lms.learn.progress import PASS, PAUSE, TEST_OUT, progress_of
from lms.learn.steps import Step, course_step, module_step, next_step
from lms.psychometrics.matrix import matrix
from lms.web.i18n import language

MARKS = {"check": PASS, "pretest": TEST_OUT}


@dataclass(frozen=True)
class Change:
    """A cell before and after the attempt."""

    key: str
    before: LevelStatement
    after: LevelStatement


@bp.get("/attempts/<id:attempt_id>/result")
@needs("trainee")
def result(attempt_id: int) -> ResponseReturnValue:
    attempt = assess.attempt_of(current_person.id, attempt_id)
    if attempt.submitted_at is None:
        return redirect(url_for("assess.sitting", attempt_id=attempt.id), 303)
    found = assess.results(attempt, language())
    return render_template(
        "learn/result.html",
        result=found,
        pass_mark=MARKS.get(found.purpose),
        changes=_changes(attempt, found),
        evidence=db.session.scalar(select(func.count(Evidence.id)).filter_by(attempt_id=attempt.id)),
        names=evidence.framework().cell_names(language()),
        step=_step(found),
        back=_back(found),
        pause=int(PAUSE.total_seconds() // 60),
    )


def _changes(attempt: assess.Attempt, found: Result) -> list[Change]:
    """The cells that the attempt's items belong to, without its evidence and with it: skills first, then their
    sub-competencies. What other tests brought meanwhile is no work of this one."""
    known = [(cast(Evidence, each.ref), each) for each in evidence.observations(current_person.id, found.submitted_at)]
    seen = [(row, each) for row, each in known if row.answered_at <= found.submitted_at]
    skills, rules = evidence.skills(), evidence.rules_for(current_person.id)
    after = matrix([each for _, each in seen], skills, rules)
    others = [each for row, each in seen if row.attempt_id != attempt.id]
    before = matrix(others, skills, rules)
    subs = {item.sub for item in found.items}
    keys = [skill for skill in after.skills if subs.intersection(after.skills[skill])]
    keys += [sub for skill in after.skills for sub in after.skills[skill] if sub in subs]
    changes = [Change(key, *(state(made.cells[key], rules.cuts) for made in (before, after))) for key in keys]
    return [change for change in changes if change.after.n > change.before.n]


def _step(found: Result) -> Step:
    """What next: the module or course that was sat as long as it asks for something, else the person's next thing."""
    progress, library = progress_of(current_person.id), publishing.library()
    step = None
    if found.purpose == "check" and found.subject in library.modules:
        state = progress.modules[found.subject]
        step = None if state.passed_at else module_step(state, library.modules[found.subject])
    elif found.purpose == "pretest" and found.subject in library.courses:
        step = course_step(library.courses[found.subject], progress)
    return step or next_step(current_person.id, progress)


def _back(found: Result) -> tuple[str, str] | None:
    """Where the attempt came from: (address, title)."""
    library = publishing.library()
    if found.purpose == "check" and (module := library.modules.get(found.subject)):
        slug = library.courses[module.course].slug
        return url_for("learn.module", course=slug, module=module.slug), found.title
    if found.purpose == "pretest" and (course := library.courses.get(found.subject)):
        return url_for("learn.course", slug=course.slug), course.title.get(language())
    return (url_for("learn.review_queue"), found.title) if found.purpose == "review" else None
