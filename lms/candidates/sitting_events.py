"""What happens beside the answers: leaving the page, a paste (its length only), the network gone, another device.

The candidate has read before the test that it is noted. It is never a score, and there is never much of it.
"""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from lms import assess
from lms.campaigns.models import Candidate
from lms.candidates.models import CandidateEvent
from lms.candidates.own_candidacy import own_candidacy
from lms.database import db
from lms.database.transaction import transaction
from lms.identity.access import current_person, needs_person

MOST = 200  # of one candidate; what comes after says nothing new
AT_ONCE = 20  # of one request
SENT = ("left_page", "pasted", "offline")  # by the page's script; amount: seconds, characters, seconds
LARGEST = 1_000_000.0


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/candidate/notes/<id:attempt_id>", view_func=take_notes, methods=["POST"])


@needs_person
@transaction
def take_notes(attempt_id: int) -> ResponseReturnValue:
    """`note` fields "kind:question:amount"; what cannot be read is passed over, since no answer hangs on it."""
    candidate, _ = own_candidacy()
    attempt = assess.attempt_of(current_person.id, attempt_id)
    for line in request.form.getlist("note")[:AT_ONCE] if attempt.submitted_at is None else ():
        kind, position, amount = (*line.split(":"), "", "")[:3]
        if kind in SENT and position.isascii() and position.isdecimal() and len(position) < 4 and _is_number(amount):
            add_event(candidate, kind, int(position), min(float(amount), LARGEST))
    return "", 204


def _is_number(text: str) -> bool:
    whole, _, rest = text.partition(".")
    return len(text) < 12 and all(part.isascii() and part.isdecimal() for part in (whole, rest or "0"))


def add_event(
    candidate: Candidate, kind: str, position: int | None = None, amount: float | None = None, device: str = ""
) -> None:
    """Add one event, as long as there is room. The caller commits."""
    mine = select(func.count(CandidateEvent.id)).filter_by(candidate_id=candidate.id, person_id=candidate.person_id)
    if (db.session.scalar(mine) or 0) < MOST:
        event = CandidateEvent(candidate_id=candidate.id, person_id=candidate.person_id, kind=kind)
        event.position, event.amount, event.device = position, amount, device
        db.session.add(event)


def add_device(candidate: Candidate, device: str) -> None:
    """The browser that the link was opened in: the first, or another one than before."""
    opened = select(CandidateEvent.device).where(
        CandidateEvent.person_id == candidate.person_id, CandidateEvent.kind.in_(("opened", "device"))
    )
    before = set(db.session.scalars(opened))
    if device not in before:
        add_event(candidate, "device" if before else "opened", device=device)
