"""The result of an attempt: every answer explained, what it did to the matrix, what next."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import cast

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, Select, bindparam, func, select

from lms import assess, clock, evidence, publishing
from lms.assess import AttemptResult
from lms.assess.results import FULL, ItemResult
from lms.competency import state
from lms.database import db
from lms.evidence.models import Evidence
from lms.identity.access import current_person, needs
from lms.learn import reviews
from lms.learn.blueprint import bp
from lms.learn.completion import completion
from lms.learn.finished_attempts import fair_credit
from lms.learn.next_step import NextStep, course_step, module_step, next_step, step_after
from lms.learn.progress import Progress, progress_of
from lms.learn.sharpening import portrait
from lms.learn.specifications import CHECK, PRETEST, RESULT, REVIEW, SETTLE
from lms.learn.week import CellChange
from lms.psychometrics.matrix import Matrix, matrices
from lms.web.i18n import language


@dataclass(frozen=True)
class SortedAnswers:
    """The questions of a result as a person looks at them: what was not fully right first, the worst before."""

    wrong: tuple[ItemResult, ...]
    right: tuple[ItemResult, ...]


def by_use(items: Sequence[ItemResult]) -> SortedAnswers:
    wrong = sorted((item for item in items if item.credit < FULL), key=lambda item: (item.credit, item.position))
    return SortedAnswers(tuple(wrong), tuple(item for item in items if item.credit >= FULL))


@bp.get("/attempts/<id:attempt_id>/result")
@needs("trainee")
def result(attempt_id: int) -> ResponseReturnValue:
    attempt = assess.attempt_of(current_person.id, attempt_id)
    if attempt.submitted_at is None:
        return redirect(url_for("assess.sitting", attempt_id=attempt.id), 303)
    if assess.result_endpoint(attempt) != RESULT:  # somebody else's test: what is told of it is theirs to say
        return redirect(assess.result_address(attempt, current_person), 303)
    assess.note_result_shown(attempt)
    void = evidence.voids_for(current_person.id)
    outcome = _fair(assess.results(attempt, language()), void)
    progress = progress_of(current_person.id, void)
    after, changes = _changes(attempt, outcome)
    module = publishing.library().modules.get(outcome.subject) if outcome.purpose == CHECK.name else None
    passed = attempt.specification.passed(outcome.credit)
    return render_template(
        "learn/result.html",
        result=outcome,
        test=attempt.specification,
        answers=by_use(outcome.items),
        skills=after.skills,
        portrait=portrait(current_person.id, after) if attempt.adaptive else None,
        changes=changes,
        completion=completion(module, progress) if module and passed else None,
        next_review=_next_review(outcome, progress),
        evidence=db.session.scalar(_pieces(evidence.counts()), {"attempt": attempt.id}),
        void=void,
        names=evidence.framework().cell_names(language()),
        step=_step(outcome, progress),
        back=_back(outcome),
    )


@lru_cache(maxsize=8)
def _pieces(counting: ColumnElement[bool]) -> Select[int]:
    """How many answers of an attempt are evidence; built once, since every result asks for it."""
    return select(func.count(Evidence.id)).where(Evidence.attempt_id == bindparam("attempt"), counting)


def _fair(outcome: AttemptResult, void: Collection[int]) -> AttemptResult:
    """Without void items where that is better for the person."""
    credits = [item.credit for item in outcome.items]
    valid = [item.credit for item in outcome.items if item.revision_id not in void]
    return replace(outcome, credit=fair_credit(credits, valid))


def _changes(attempt: assess.Attempt, outcome: AttemptResult) -> tuple[Matrix, list[CellChange]]:
    """The matrix at the end, and the cells that the attempt's items belong to, without its evidence and with it: skills
    first, then their sub-competencies. What other tests brought meanwhile is no work of this one."""
    end = outcome.submitted_at
    observations = [(cast(Evidence, each.ref), each) for each in evidence.observations(current_person.id, end)]
    until_then = [(row, each) for row, each in observations if row.answered_at <= end]
    skills, rules = evidence.skills(), evidence.rules_for(current_person.id)
    earlier = [each for row, each in until_then if row.attempt_id != attempt.id]
    before, after = matrices([earlier, [each for _, each in until_then]], skills, rules)
    subs = {item.sub for item in outcome.items}
    keys = [skill for skill in after.skills if subs.intersection(after.skills[skill])]
    keys += [sub for skill in after.skills for sub in after.skills[skill] if sub in subs]
    changes = [CellChange(key, *(state(matrix.cells[key], rules.cuts) for matrix in (before, after))) for key in keys]
    return after, [change for change in changes if change.after.n > change.before.n]


def _next_review(outcome: AttemptResult, progress: Progress) -> datetime | None:
    """After a review, when the next question comes back."""
    queue = reviews.cards(progress) if outcome.purpose == REVIEW.name else []
    return queue[0].due_at if queue and queue[0].due_at > clock.now() else None


def _step(outcome: AttemptResult, progress: Progress) -> NextStep:
    """What next: the module or course that was sat as long as it asks for something, else the person's next thing."""
    library = publishing.library()
    step = None
    if outcome.purpose == CHECK.name and (module := library.modules.get(outcome.subject)):
        state = progress.modules[module.id]
        done = state.passed_at is not None
        step = step_after(current_person.id, module, progress) if done else module_step(state, module)
    elif outcome.purpose == PRETEST.name and outcome.subject in library.courses:
        step = course_step(library.courses[outcome.subject], progress)
    return step or next_step(current_person.id, progress)


def _back(outcome: AttemptResult) -> tuple[str, str] | None:
    """Where the attempt came from: (address, title)."""
    library = publishing.library()
    if outcome.purpose == CHECK.name and (module := library.modules.get(outcome.subject)):
        slug = library.courses[module.course].slug
        return url_for("learn.module", course=slug, module=module.slug), outcome.title
    if outcome.purpose == PRETEST.name and (course := library.courses.get(outcome.subject)):
        return url_for("learn.course", slug=course.slug), course.title.get(language())
    if outcome.purpose == SETTLE.name:
        return url_for("learn.matrix", _anchor="role"), outcome.title
    return (url_for("learn.review_queue"), outcome.title) if outcome.purpose == REVIEW.name else None
