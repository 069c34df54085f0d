"""Letters to candidates, each in the candidate's language, put into the outbox with its cause. Callers commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from flask_babel import get_timezone
from sqlalchemy import Select, select

from lms import clock
from lms.background import mail
from lms.background.mail import OutboxMail
from lms.campaigns.candidacies import end_of, keep_open, link_token
from lms.campaigns.letter_texts import LetterWords, filled, words_of
from lms.campaigns.models import Campaign, Candidate
from lms.campaigns.parts import Part, minutes_of
from lms.competency import Framework
from lms.database import db
from lms.formats import format_day
from lms.identity.letters import absolute
from lms.identity.models import Organisation
from lms.web.visible_line import visible_line

READABLE = timedelta(days=30)  # after a letter about something to read, its link works at least


def link_of(token: str) -> str:
    """The candidate's address, which the room that leads candidates answers."""
    return absolute(f"/c/{token}")


def send(campaign: Campaign, candidate: Candidate, kind: str, parts: Sequence[Part] | None = None) -> str:
    """Put a letter of a kind into the outbox and return the candidate's link; a letter of before that still waits does
    not leave any more. parts: that the letter is about, the campaign's without."""
    link = link_of(link_token(candidate))
    organisation = db.session.get_one(Organisation, campaign.organisation_id)
    words = words_of(organisation.id, kind, candidate.language)
    values = values_of(campaign, organisation, candidate, link) | _length(parts)
    subject = visible_line(filled(words.subject, values))[:200]
    withdraw(candidate)
    letter = mail.post(
        organisation.id,
        candidate.email,
        subject,
        filled(words.body, values),
        useless_from=candidate.token_expires_at,
    )
    db.session.flush()
    candidate.letter_id = letter.id
    return link


def invite(campaign: Campaign, candidate: Candidate) -> str:
    candidate.invited_at = clock.now()
    return send(campaign, candidate, "invitation")


def remind(campaign: Campaign, candidate: Candidate) -> str:
    candidate.reminded_at = clock.now()
    return send(campaign, candidate, "reminder")


def ask(campaign: Campaign, candidate: Candidate, parts: Sequence[Part]) -> str:
    """For these parts more."""
    return send(campaign, candidate, "more", parts)


def release(campaign: Campaign, candidate: Candidate) -> str:
    """The own result may be read from now on, for a month at least."""
    candidate.released_at = candidate.released_at or clock.now()
    keep_open(candidate, clock.now() + READABLE)
    return send(campaign, candidate, "result")


def answer(campaign: Campaign, candidate: Candidate) -> str:
    """To something that the candidate contested."""
    keep_open(candidate, clock.now() + READABLE)
    return send(campaign, candidate, "answer")


def _length(parts: Sequence[Part] | None) -> dict[str, str]:
    return {"minutes": str(minutes_of(parts))} if parts else {}


def withdraw(candidate: Candidate) -> None:
    """A letter with the link that has not left yet is not sent any more."""
    letter = db.session.scalar(_letters(candidate.organisation_id, [candidate.letter_id or 0]))
    if letter and letter.sent_at is None:
        letter.useless_from = clock.now()


def states(candidates: Sequence[Candidate]) -> dict[int, OutboxMail]:
    """The newest letter of each candidate of one organisation, by the candidate's id."""
    if not candidates:
        return {}
    wanted = {candidate.letter_id: candidate.id for candidate in candidates if candidate.letter_id}
    letters = db.session.scalars(_letters(candidates[0].organisation_id, list(wanted)))
    return {wanted[letter.id]: letter for letter in letters}


def values_of(campaign: Campaign, organisation: Organisation, candidate: Candidate, link: str) -> dict[str, str]:
    """What stands for the placeholders in this candidate's letter."""
    return {
        "name": candidate.name or candidate.email,
        "organisation": organisation.name,
        "campaign": campaign.name,
        "role": role_name(campaign, candidate.language),
        "minutes": str(minutes_of(campaign.parts)),
        "until": moment_in(end_of(campaign, candidate), candidate.language),
        "link": link,
        "calendar": f"{link}/calendar.ics",
    }


def sample_values(organisation: Organisation, framework: Framework, language: str) -> dict[str, str]:
    """The same of an invented candidate and campaign."""
    role, link = framework.role(framework.role_or_usual(None)), link_of("…")
    title = role.name.get(language) if role else "SMM"
    return {
        "name": "Անի Պետրոսյան" if language == "hy" else "Ani Petrosyan",
        "organisation": organisation.name,
        "campaign": f"{title} 1",
        "role": title,
        "minutes": "25",
        "until": moment_in(clock.now() + timedelta(days=14), language),
        "link": link,
        "calendar": f"{link}/calendar.ics",
    }


def sample(words: LetterWords, values: Mapping[str, str]) -> tuple[str, str]:
    """Subject and text with the values put in."""
    return filled(words.subject, values), filled(words.body, values)


def role_name(campaign: Campaign, language: str) -> str:
    """The role as it was called when the campaign was made."""
    names = campaign.role_data.get("name") or {}
    return str(names.get(language) or names.get("hy") or campaign.role)


def moment_in(value: datetime, language: str) -> str:
    """A moment in the language of the letter's reader, whoever's request this is."""
    local = value.astimezone(get_timezone())
    return f"{format_day(local.date(), language)}, {local:%H:%M}"


def _letters(organisation_id: int, ids: Sequence[int]) -> Select[OutboxMail]:
    return select(OutboxMail).where(OutboxMail.organisation_id == organisation_id, OutboxMail.id.in_(ids))
