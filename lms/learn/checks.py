"""Beginning what is sat: the check of a module, the pre-test of a course, a review."""

from __future__ import annotations

import secrets

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms import assess, clock, evidence, publishing
from lms.database.transaction import transaction
from lms.identity.access import current_person, needs
from lms.learn import reviews
from lms.learn.blueprint import bp, course_or_404, in_both, module_by_id, title_of, titles
from lms.learn.item_sampling import draw
from lms.learn.progress import progress_of
from lms.learn.steps import next_step
from lms.web.i18n import moment

SECONDS_AN_ITEM = 120.0
_rng = secrets.SystemRandom()


@bp.post("/modules/<module_id>/checks")
@needs("trainee")
@transaction
def begin_check(module_id: str) -> ResponseReturnValue:
    """A new check, or the one that is open. Ten minutes lie between two checks of a module."""
    module = module_by_id(module_id)
    bank = publishing.items("practice", module=module.id) or abort(404)
    running = assess.open_attempt(current_person.id, "check", module.id)
    opens_at = progress_of(current_person.id).modules[module.id].opens_at()
    if opens_at and not running:
        flash(_("The next check of this module opens at %(time)s.", time=moment(opens_at)), "error")
        course = publishing.library().courses[module.course]
        return redirect(url_for("learn.module", course=course.slug, module=module.slug, _anchor="check"), 303)
    chosen = draw(bank, evidence.seen_keys(current_person.id), _rng)
    return _sit("check", module.id, titles(module), chosen, SECONDS_AN_ITEM)


@bp.post("/courses/<slug>/pretests")
@needs("trainee")
@transaction
def begin_pretest(slug: str) -> ResponseReturnValue:
    """The pre-test can be sat once: afterwards its answers are known."""
    course = course_or_404(slug)
    pool = publishing.items("pretest", course=course.id) or abort(404)
    if course.id in progress_of(current_person.id).pretests:
        return redirect(url_for("learn.course", slug=course.slug), 303)
    chosen = draw(pool, (), _rng, len(pool), len(pool))
    name = in_both(lambda: _("Pre-test"))
    title = {code: f"{course.title.get(code)} · {word}" for code, word in name.items()}
    return _sit("pretest", course.id, title, chosen, SECONDS_AN_ITEM)


@bp.get("/reviews")
@needs("trainee")
def review_queue() -> ResponseReturnValue:
    progress = progress_of(current_person.id)
    queue = reviews.cards(progress)
    return render_template(
        "learn/reviews.html",
        due=[card for card in queue if card.due_at <= clock.now()],
        later=[card for card in queue if card.due_at > clock.now()],
        modules=publishing.library().modules,
        title_of=title_of,
        step=next_step(current_person.id, progress),
    )


@bp.post("/reviews")
@needs("trainee")
@transaction
def begin_review() -> ResponseReturnValue:
    """A review of the items that are due, at most ten, without a time limit."""
    due = reviews.due(progress_of(current_person.id))[: reviews.A_SITTING]
    numbers = [number for card in due if (number := publishing.revision_of(card.item))]
    if not numbers and not assess.open_attempt(current_person.id, "review", "reviews"):
        flash(_("Nothing is due for review today."))
        return redirect(url_for("learn.review_queue"), 303)
    return _sit("review", "reviews", in_both(lambda: _("Review")), numbers, None)


def _sit(
    purpose: str, subject: str, title: dict[str, str], chosen: list[int], seconds: float | None
) -> ResponseReturnValue:
    limit = seconds * len(chosen) if seconds else None
    attempt = assess.start(current_person, purpose, subject, title, chosen, limit)
    return redirect(url_for("assess.sitting", attempt_id=attempt.id), 303)
