"""Those who answer what candidates contest: HR for everything, the item's authors for its questions, without a name."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from wtforms import SelectField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from lms import assess, clock, publishing
from lms.campaigns import Campaign, Candidate, letters
from lms.candidates.contests import LONGEST, words
from lms.candidates.models import Contest
from lms.content import questions
from lms.content.model import Item
from lms.content.questions import DeliveredItem
from lms.database import db
from lms.database.transaction import transaction
from lms.identity.access import current_person, needs
from lms.identity.actions import record_action
from lms.publishing.current_content import owners
from lms.publishing.models import Revision
from lms.web.forms import Form
from lms.web.i18n import language

ANSWERED = ("upheld", "refused")
SHOWN = 200  # on one page, what is open first
staff = needs("hr", "instructor")


class Reply(Form):
    status = SelectField(_l("Status"))
    answer = TextAreaField(_l("Answer to the candidate"), [Length(max=LONGEST)], render_kw={"rows": "3"})

    def validate_answer(self, field: TextAreaField) -> None:
        if self.status.data in ANSWERED and not (field.data or "").strip():
            raise ValidationError(_("Say why: the candidate reads it."))


@dataclass(frozen=True)
class ContestLine:
    """One contest. name: "" where it is not for the reader; key: of the question, "" for the result; shown: the
    question's text, None where the reader may not see it now."""

    contest: Contest
    name: str
    campaign: str
    key: str
    shown: DeliveredItem | None
    form: Reply


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/contests", view_func=contests)
    bp.add_url_rule("/contests/<id:contest_id>", view_func=answer, methods=["POST"])


@staff
def contests() -> ResponseReturnValue:
    return _page()


@staff
@transaction
def answer(contest_id: int) -> ResponseReturnValue:
    row = db.session.execute(_ours().where(Contest.id == contest_id)).one_or_none()
    if row is None:
        abort(404)
    (contest, candidate, campaign), form = row, _form(row[0])
    if not form.validate_on_submit():
        return _page(form, contest_id), 422
    before, contest.status = contest.status, form.status.data
    contest.answer, contest.answered_by = (form.answer.data or "").strip(), current_person.id
    contest.answered_at = clock.now()
    change = [words()[before], words()[contest.status]]
    record_action("contest_answered", contest.person_id, status=change)
    if contest.status in ANSWERED:
        letters.answer(campaign, candidate)
    flash(_("Saved. The candidate sees it."))
    return redirect(url_for("candidates.contests"), 303)


def _ours() -> Select[Contest, Candidate, Campaign]:
    """What the reader may answer: HR everything of the organisation, authors what is about questions they can read."""
    ours = select(Contest, Candidate, Campaign).join(Candidate, Candidate.id == Contest.candidate_id)
    ours = ours.join(Campaign, Campaign.id == Candidate.campaign_id)
    ours = ours.where(Contest.organisation_id == current_person.organisation_id, Campaign.preview_of.is_(None))
    if current_person.has_role("hr"):
        return ours
    readable = select(Revision.id).where(Revision.organisation_id.in_(owners()))
    return ours.where(Contest.revision_id.in_(readable))


def _page(refused: Reply | None = None, contest_id: int = 0) -> str:
    rows = db.session.execute(_ours().order_by(Contest.answered_at.is_not(None), Contest.id.desc()).limit(SHOWN)).all()
    lines = list(_lines([(contest, candidate, campaign) for contest, candidate, campaign in rows]))
    return render_template("candidates/contests.html", lines=lines, words=words(), refused=refused, wrong=contest_id)


def _lines(rows: list[tuple[Contest, Candidate, Campaign]]) -> Iterator[ContestLine]:
    open_questions = assess.open_questions(current_person.id)
    for contest, candidate, campaign in rows:
        item = publishing.find_item(contest.revision_id) if contest.revision_id else None
        shown = _shown(item) if item and not open_questions.hold(item) else None
        yield ContestLine(
            contest,
            _name(candidate, campaign),
            campaign.name,
            item.id if item else "",
            shown,
            _form(contest, fresh=True),
        )


def _name(candidate: Candidate, campaign: Campaign) -> str:
    """Authors learn no names, and HR none while the campaign is blind."""
    if not current_person.has_role("hr"):
        return ""
    return f"№ {candidate.id}" if campaign.blind else candidate.name


def _shown(item: Item) -> DeliveredItem:
    """The question with numbers of its own, not the candidate's."""
    drawn = questions.new_instance(item, zlib.crc32(item.id.encode()), publishing.reference())
    return questions.deliver(item, questions.in_authors_order(item, drawn), language(), publishing.links(item))


def _form(contest: Contest, fresh: bool = False) -> Reply:
    values = {"status": contest.status, "answer": contest.answer}
    form = Reply(formdata=None, data=values) if fresh else Reply()
    form.status.choices = [SelectChoice(name, text) for name, text in words().items() if name != "open"]
    for field in form:
        field.id = f"{field.name}-{contest.id}"
    return form
