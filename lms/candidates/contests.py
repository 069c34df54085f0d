"""A candidate's word against a question or the whole result, and what is answered to it.

The question is named by its number in the candidate's own test; its text goes to nobody who could not read it anyway.
"""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from lms.assess import Attempt
from lms.campaigns import Candidate
from lms.candidates.models import Contest
from lms.candidates.own_candidacy import own_candidacy
from lms.database import db
from lms.database.transaction import transaction
from lms.identity.access import needs_person
from lms.web.forms import Form

MOST = 20  # of one candidate
LONGEST = 4_000


class Objection(Form):
    about = SelectField(_l("What is it about?"))
    text = TextAreaField(
        _l("What is wrong, in your words?"), [DataRequired(), Length(max=LONGEST)], render_kw={"rows": "5"}
    )


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/candidate/contest", view_func=contest, methods=["GET", "POST"])


def words() -> dict[str, str]:
    return {
        "open": _("not looked at yet"),
        "looked_at": _("being looked at"),
        "upheld": _("you were right"),
        "refused": _("it stays as it is"),
    }


@needs_person
@transaction
def contest() -> ResponseReturnValue:
    candidate, campaign = own_candidacy()
    if candidate.finished_at is None:
        abort(404)
    questions, form = _asked(candidate), Objection()
    form.about.choices = [SelectChoice("result", _("the result as a whole")), *_choices(questions)]
    mine = select(Contest).filter_by(candidate_id=candidate.id, person_id=candidate.person_id).order_by(Contest.id)
    rows = db.session.scalars(mine).all()
    if form.validate_on_submit() and len(rows) < MOST:
        _file(candidate, questions.get(form.about.data), (form.text.data or "").strip())
        flash(_("It is on its way. A person looks at it; the answer will stand here."))
        return redirect(url_for("candidates.contest"), 303)
    numbers = {revision: number for number, revision in questions.items()}
    page = render_template(
        "candidates/contest.html",
        form=form,
        rows=[(row, _number(numbers, row)) for row in rows],
        words=words(),
        full=len(rows) >= MOST,
        campaign=campaign,
    )
    return page, 422 if form.is_submitted() else 200


def _asked(candidate: Candidate) -> dict[str, int]:
    """The revision of every question of the ended tests by "test-question", both counted from one."""
    ended = Attempt.submitted_at.is_not(None)
    mine = select(Attempt).where(Attempt.person_id == candidate.person_id, ended).order_by(Attempt.id)
    return {
        f"{test}-{item.position}": item.revision_id
        for test, attempt in enumerate(db.session.scalars(mine).all(), 1)
        for item in attempt.items
    }


def _choices(questions: dict[str, int]) -> list[SelectChoice]:
    several = any(not key.startswith("1-") for key in questions)
    return [SelectChoice(key, _label(key, several)) for key in questions]


def _label(key: str, several: bool) -> str:
    test, _dash, number = key.partition("-")
    if several:
        return str(_("test %(test)s, question %(number)s", test=test, number=number))
    return str(_("question %(number)s", number=number))


def _number(numbers: dict[int, str], row: Contest) -> str:
    if row.revision_id is None:
        return str(_("the result as a whole"))
    several = any(not key.startswith("1-") for key in numbers.values())
    return _label(numbers[row.revision_id], several) if row.revision_id in numbers else ""


def _file(candidate: Candidate, revision_id: int | None, text: str) -> None:
    row = Contest(organisation_id=candidate.organisation_id, candidate_id=candidate.id, person_id=candidate.person_id)
    row.revision_id, row.text = revision_id, text
    db.session.add(row)
