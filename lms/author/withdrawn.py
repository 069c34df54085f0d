"""The page of an item that is on the shelf no more: since when, its last text, and that its answers stay."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from lms import evidence, publishing
from lms.author.shown_keys import shut, sides
from lms.content import questions
from lms.content.evidence_kinds import kind_names
from lms.database import db
from lms.evidence.models import Evidence
from lms.identity.access import current_person
from lms.identity.models import Person
from lms.web.i18n import language


def withdrawn_page(key: str) -> ResponseReturnValue:
    """404 for what never was, and for a closed item of somebody else's."""
    last = publishing.last_publication(key)
    item = publishing.find_item(last.revision_id) if last and last.withdrawn_at else None
    if last is None or item is None or not item.answerable:
        abort(404)
    if item.pool == "closed" and last.organisation_id != current_person.organisation_id:
        abort(404)
    return shut([item]) or render_template(
        "author/withdrawn.html",
        item=item,
        since=last.withdrawn_at,
        answers=_answers(key),
        kind=questions.TYPES[item.type],
        kind_name=kind_names(language())[item.type],
        sides=sides(item),
    )


def _answers(key: str) -> int:
    """How many people's first answers to it are evidence."""
    ours = Person.organisation_id == current_person.organisation_id
    counted = select(func.count(Evidence.id)).join(Person, Person.id == Evidence.person_id)
    return db.session.scalar(counted.where(ours, Evidence.item_key == key, evidence.counts())) or 0
