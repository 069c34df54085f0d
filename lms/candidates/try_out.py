"""Trying things out before the test: one question of each type that will come. They come from practice, never from the
closed pool; what is answered is not kept, and nobody is told whether it was right."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from lms import assess, publishing
from lms.assess import marking
from lms.assess.page import AskedQuestion
from lms.campaigns import Campaign, Candidate
from lms.candidates import sitting_events
from lms.candidates.models import CandidateEvent
from lms.candidates.own_candidacy import own_candidacy
from lms.content import questions
from lms.content.model import Item
from lms.database import db
from lms.database.transaction import transaction
from lms.identity.access import needs_person
from lms.web.i18n import language

Form = Mapping[str, Sequence[str]]


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/candidate/trial", view_func=try_out, methods=["GET", "POST"])


def tried_items(campaign: Campaign) -> list[Item]:
    """The shortest practice question of each type that the campaign's tests may ask."""
    practice = [item for _, item in publishing.items("practice") if not item.set_id]
    shortest: dict[str, Item] = {}
    for item in sorted(practice, key=lambda item: (len(item.source), item.id)):
        shortest.setdefault(item.type, item)
    return [shortest[name] for name in questions.TYPES if name in shortest and name in _types(campaign)]


def _types(campaign: Campaign) -> set[str]:
    tests = [assess.Specification.read(part["rules"]) for part in campaign.parts if part["kind"] == "test"]
    return {
        item.type
        for test in tests
        for _, item in publishing.items(test.pool)
        if not test.blueprint or {item.sub, item.skill} & test.blueprint.keys()
    }


@needs_person
@transaction
def try_out() -> ResponseReturnValue:
    candidate, campaign = own_candidacy()
    items, place = tried_items(campaign), request.args.get("item", 1, type=int)
    if candidate.consent_at is None or not 1 <= place <= len(items):
        abort(404)
    form = request.form.to_dict(flat=False) if request.method == "POST" else {}
    question, outcome = _question(items[place - 1], place, form)
    if outcome == "received":
        _note(candidate, place)
    page = render_template("candidates/trial.html", q=question, said=outcome, place=place, count=len(items))
    return page, 422 if outcome == "empty" else 200


def _question(item: Item, place: int, form: Form) -> tuple[AskedQuestion, str]:
    """The question as a test would show it, and what became of the answer: "", "empty", "received"."""
    instance = questions.new_instance(item, zlib.crc32(f"trial/{item.id}".encode()), publishing.reference())
    shown = questions.deliver(item, instance, language(), publishing.links(item))
    value = marking.read(item, instance, form) if form else None
    outcome = "received" if value is not None else "empty" if request.method == "POST" else ""
    values = {name: list(entries) for name, entries in form.items()}
    return AskedQuestion(place, shown, values, ""), outcome


def _note(candidate: Candidate, place: int) -> None:
    mine = select(CandidateEvent.id).filter_by(person_id=candidate.person_id, kind="practised", position=place)
    if db.session.scalar(mine.limit(1)) is None:
        sitting_events.add_event(candidate, "practised", place)
