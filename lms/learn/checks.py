"""Beginning what is sat: the check of a module, the pre-test of a course, a placement, a review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms import assess, clock, publishing
from lms.assess import Specification
from lms.database.transaction import transaction
from lms.identity.access import current_person, needs
from lms.learn import reviews
from lms.learn.blueprint import bp, course_or_404, module_by_id, title_of, titles
from lms.learn.next_step import next_step, review_step
from lms.learn.progress import check_opens_at, progress_of
from lms.learn.specifications import CHECK, PLACEMENT, PRETEST, REVIEW
from lms.web.i18n import moment


@bp.post("/modules/<module_id>/checks")
@needs("trainee")
@transaction
def begin_check(module_id: str) -> ResponseReturnValue:
    """A new check, or the one that is open. Ten minutes lie between two checks of a module."""
    module = module_by_id(module_id)
    opens_at = check_opens_at(current_person.id, module.id)
    if opens_at and not assess.open_attempt(current_person.id, CHECK.name, module.id):
        flash(_("The next check of this module opens at %(time)s.", time=moment(opens_at)), "check-error")
        course = publishing.library().courses[module.course]
        return redirect(url_for("learn.module", course=course.slug, module=module.slug, _anchor="check"), 303)
    return sit(CHECK, module.id, titles(module))


@bp.post("/courses/<slug>/pretests")
@needs("trainee")
@transaction
def begin_pretest(slug: str) -> ResponseReturnValue:
    """The pre-test can be sat once: afterwards its answers are known."""
    course = course_or_404(slug)
    if course.id in progress_of(current_person.id).pretests:
        return redirect(url_for("learn.course", slug=course.slug), 303)
    title = {code: f"{course.title.get(code)} · {word}" for code, word in PRETEST.title.items()}
    return sit(PRETEST, course.id, title)


@bp.post("/placements")
@needs("trainee")
@transaction
def place() -> ResponseReturnValue:
    """Begin, or go on with, "find my level"."""
    return sit(PLACEMENT, PLACEMENT.name)


@bp.get("/reviews")
@needs("trainee")
def review_queue() -> ResponseReturnValue:
    progress = progress_of(current_person.id)
    queue, now = reviews.cards(progress), clock.now()
    due = [card for card in queue if card.due_at <= now]
    return render_template(
        "learn/reviews.html",
        due=_by_module(due),
        questions=len(due),
        most=REVIEW.most,
        later=reviews.rounds([card for card in queue if card.due_at > now]),
        modules=publishing.library().modules,
        title_of=title_of,
        step=review_step(progress) or next_step(current_person.id, progress),
    )


def _by_module(due: Sequence[reviews.ReviewCard]) -> dict[str, int]:
    """How many questions of each module are due, since when does not matter."""
    return dict(Counter(card.module for card in due))


@bp.post("/reviews")
@needs("trainee")
@transaction
def begin_review() -> ResponseReturnValue:
    """A review of the items that are due, at most ten, without a time limit."""
    due = reviews.due(progress_of(current_person.id))
    if not due and not assess.open_attempt(current_person.id, REVIEW.name, reviews.SUBJECT):
        flash(_("Nothing is due for review today."))
        return redirect(url_for("learn.review_queue"), 303)
    return sit(REVIEW, reviews.SUBJECT)


def sit(test: Specification, subject: str, title: Mapping[str, str] | None = None) -> ResponseReturnValue:
    """To the questions of a new attempt, or of the one that is open."""
    attempt = assess.begin(current_person, test.name, subject, title)
    return redirect(url_for("assess.sitting", attempt_id=attempt.id), 303)
