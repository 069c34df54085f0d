"""The pages of whoever rates, and of the administrator who names raters."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lms.database import audit, db, one_or_404
from lms.database.transaction import transaction
from lms.identity.access import current_person, needs
from lms.identity.models import Membership, Person
from lms.rating import checks, desk, files, ratings, works
from lms.rating.blueprint import bp
from lms.rating.models import RatedWork, Rater, WorkRating
from lms.rating.tasks import TASKS
from lms.web.i18n import language
from lms.web.security import row_number

STAFF = desk.MAY_BE_RATERS


@bp.get("/rating/")
@needs(*STAFF)
def queue() -> ResponseReturnValue:
    """What waits, for raters and for whoever wants to know."""
    return render_template(
        "rating/queue.html",
        tasks=TASKS,
        waiting=desk.waiting(current_person),
        is_rater=desk.is_rater(current_person),
        in_hand=desk.in_hand(current_person),
        for_me=desk.number_for(current_person),
        given=desk.number_given(current_person),
    )


@bp.post("/rating/next")
@needs(*STAFF)
@transaction
def take_next() -> ResponseReturnValue:
    if not desk.is_rater(current_person):
        abort(403)
    rating = desk.take_next(current_person)
    if rating is None:
        flash(_("Nothing waits for you. What you rated already waits for the other rater."))
        return redirect(url_for("rating.queue"), 303)
    return redirect(url_for("rating.rate", rating_id=rating.id), 303)


@bp.route("/rating/ratings/<id:rating_id>", methods=["GET", "POST"])
@needs(*STAFF, "trainee")
@transaction
def rate(rating_id: int) -> ResponseReturnValue:
    """The work without its author, beside the rubric; a whole rating stands from then on."""
    rating = ratings.rating_of(current_person, rating_id, lock=request.method == "POST")
    if rating.counts and not desk.is_rater(current_person):
        abort(403)
    work = ratings.rated_work(rating, lock=request.method == "POST")
    if rating.given_at:
        return _given(rating, work)
    if request.method == "GET":
        return _page(rating, work)
    return _give(rating, work)


def _give(rating: WorkRating, work: RatedWork) -> ResponseReturnValue:
    task = works.task_of(work)
    if lacks := ratings.unscored(task, request.form):
        return _page(rating, work, lacks), 422
    try:
        ratings.give(rating, task, request.form)
    except ValueError:
        abort(413)
    if rating.counts:
        ratings.settle(work)
        flash(_("Thank you. The rating is kept."))
        return redirect(url_for("rating.queue"), 303)
    return redirect(url_for("rating.rate", rating_id=rating.id), 303)


def _page(rating: WorkRating, work: RatedWork, lacks: list[str] | None = None) -> str:
    task, variant, form = works.task_of(work), works.variant_of(work), works.form_of(work)
    return render_template(
        "rating/rate.html",
        rating=rating,
        work=work,
        task=task,
        variant=variant,
        fields=task.fields_of(variant),
        form=form,
        files=files.files_of(work),
        notes=checks.notes(task, variant, form, work.language),
        leaned_on=checks.unsound(variant, form),
        lacks=lacks or [],
        sent=request.form,
        most=ratings.MAX_NOTE,
    )


def _given(rating: WorkRating, work: RatedWork) -> ResponseReturnValue:
    """A rater's own rating is past; a colleague who practises sees the raters' scores beside their own."""
    if rating.counts:
        return redirect(url_for("rating.queue"), 303)
    return render_template(
        "rating/compared.html",
        rating=rating,
        task=works.task_of(work),
        raters=[row for row in ratings.ratings_of(work) if row.given_at] if work.settled_at else [],
        shown=_pairs(rating, work),
    )


def _pairs(rating: WorkRating, work: RatedWork) -> list[tuple[str, str, list[str]]]:
    """(criterion, the colleague's anchor, the raters' anchors) in the language of the page."""
    rows = [row for row in ratings.ratings_of(work) if row.given_at] if work.settled_at else []
    return [
        (
            each.title.get(language()),
            each.anchors[rating.scores[each.name]].get(language()),
            sorted({each.anchors[row.scores[each.name]].get(language()) for row in rows}),
        )
        for each in works.task_of(work).criteria
    ]


@bp.route("/rating/raters", methods=["GET", "POST"])
@needs("administrator")
@transaction
def raters() -> ResponseReturnValue:
    """Staff of the organisation and who of them rates; a button names somebody or ends it."""
    if request.method == "POST":
        _name(request.form.get("person", 0, type=row_number))
        return redirect(url_for("rating.raters"), 303)
    staff = select(Membership.person_id).where(Membership.role.in_(STAFF))
    here = Person.organisation_id == current_person.organisation_id, Person.active
    ours = select(Person).where(Person.id.in_(staff), *here)
    return render_template(
        "rating/raters.html",
        staff=db.session.scalars(ours.order_by(Person.name).limit(200)).all(),
        named=desk.raters(current_person.organisation_id),
    )


def _name(person_id: int) -> None:
    ours = select(Person).filter_by(id=person_id, organisation_id=current_person.organisation_id, active=True)
    person: Person = one_or_404(ours)
    if not person.has_role(*STAFF):
        abort(404)
    row = db.session.scalar(select(Rater).filter_by(person_id=person.id))
    if row is None:
        db.session.add(Rater(person_id=person.id, organisation_id=person.organisation_id, named_by=current_person.id))
    else:
        db.session.delete(row)
    change = {"rater": [bool(row), row is None]}
    audit.append_entry(person.organisation_id, current_person.id, "person_changed", person.id, **change)
