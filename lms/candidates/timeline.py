"""What happened while a candidate sat the tests, in words, each with an innocent explanation. Never a score, never a
verdict: nothing here is added up or held against a limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from lms.assess import Attempt
from lms.assess.stored_answers import current_answers
from lms.campaigns.models import Candidate
from lms.candidates.models import CandidateEvent
from lms.database import db
from lms.formats import format_number
from lms.web.i18n import language

FAST = timedelta(seconds=3)  # after the answer before; nobody reads a question in that time, but may know the answer


@dataclass(frozen=True)
class Moment:
    """text: what was noted; innocent: a usual reason for it."""

    at: datetime
    kind: str
    text: str
    innocent: str


def timeline(candidate: Candidate) -> list[Moment]:
    """In order of time, in the reader's language."""
    mine = select(CandidateEvent).filter_by(candidate_id=candidate.id, person_id=candidate.person_id)
    events = db.session.scalars(mine.order_by(CandidateEvent.id)).all()
    moments = [_moment(event.at, event.kind, event.position, event.amount, event.device) for event in events]
    return sorted([*moments, *_fast_answers(candidate)], key=lambda moment: moment.at)


def _fast_answers(candidate: Candidate) -> Iterator[Moment]:
    """Answers that came within moments of the one before, from the times that the server keeps anyway."""
    mine = select(Attempt).where(Attempt.person_id == candidate.person_id, Attempt.subject.startswith("campaign:"))
    for attempt in db.session.scalars(mine.order_by(Attempt.id)).all():
        before = attempt.started_at
        for position, response in sorted(current_answers(attempt.id).items()):
            if timedelta(0) <= response.received_at - before < FAST:
                seconds = (response.received_at - before).total_seconds()
                yield _moment(response.received_at, "fast_answer", position, seconds)
            before = response.received_at


def _moment(at: datetime, kind: str, position: int | None, amount: float | None, device: str = "") -> Moment:
    number = format_number(amount or 0, language(), 0)
    sentences = {
        "opened": _("Opened the link (%(device)s)", device=device or _("unknown browser")),
        "device": _("Opened the link in another browser (%(device)s)", device=device or _("unknown browser")),
        "left_page": _("Left the page at question %(n)s for %(seconds)s s", n=position, seconds=number),
        "returned": _("Came back to the page at question %(n)s", n=position),
        "pasted": _("Pasted a text of %(length)s characters at question %(n)s", length=number, n=position),
        "fast_answer": _("Answered question %(n)s within %(seconds)s s", n=position, seconds=number),
        "offline": _("The network was gone at question %(n)s for %(seconds)s s", n=position, seconds=number),
        "online": _("The network came back at question %(n)s", n=position),
        "practised": _("Tried out question type %(n)s before the test", n=position),
    }
    return Moment(at, kind, sentences[kind], innocent_reasons()[kind])


def innocent_reasons() -> dict[str, str]:
    """For each kind a reason that has nothing to do with cheating."""
    return {
        "opened": _("This is how everybody begins."),
        "device": _("People begin on a phone and go on at a computer, or the battery was empty."),
        "left_page": _("A call, a message, somebody at the door, or the screen went dark by itself."),
        "returned": _("They went on where they were."),
        "pasted": _("They wrote the text elsewhere first, or moved a part of their own answer."),
        "fast_answer": _("They knew the answer at once, or passed over a question they could not answer."),
        "offline": _("Mobile networks break off; the answers waited in the browser and arrived later."),
        "online": _("Mobile networks break off; the answers waited in the browser and arrived later."),
        "practised": _("They followed our advice."),
    }
