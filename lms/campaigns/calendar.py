"""The last day of a link, as a file that calendars take (RFC 5545)."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, abort
from flask_babel import force_locale
from flask_babel import gettext as _

from lms import clock
from lms.campaigns.candidacies import by_token, campaign_of, end_of
from lms.campaigns.letters import link_of, role_name
from lms.database import db
from lms.identity.access import public
from lms.identity.models import Organisation
from lms.web.i18n import language

WIDTH = 73  # octets of a line before it is folded


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/c/<token>/calendar.ics", view_func=calendar)


@public
def calendar(token: str) -> Response:
    """Nothing is noted by it: the file may be fetched by a calendar again and again."""
    candidate = by_token(token) or abort(404)
    campaign = campaign_of(candidate)
    organisation = db.session.get_one(Organisation, candidate.organisation_id)
    with force_locale(candidate.language):
        title = _("Last day: assessment for %(role)s", role=role_name(campaign, candidate.language))
    until = end_of(campaign, candidate)
    text = event(f"candidate-{candidate.id}@hmut", until, f"{title} ({organisation.name})", link_of(token))
    headers = {"Content-Disposition": 'attachment; filename="hmut.ics"', "Content-Language": language()}
    return Response(text, content_type="text/calendar; charset=utf-8", headers=headers)


def event(uid: str, until: datetime, title: str, link: str) -> str:
    """The hour before the end, with an alarm a day earlier."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Hmut//Assessment//EN",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{clock.now():%Y%m%dT%H%M%SZ}",
        f"DTSTART:{until:%Y%m%dT%H0000Z}",
        f"DTEND:{until:%Y%m%dT%H%M%SZ}",
        f"SUMMARY:{_escaped(title)}",
        f"DESCRIPTION:{_escaped(link)}",
        f"URL:{link}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_escaped(title)}",
        "TRIGGER:-P1D",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """No line longer than 75 octets; a letter is not cut in two."""
    parts, width = [""], 0
    for sign in line:
        size = len(sign.encode())
        if width + size > WIDTH:
            parts, width = [*parts, ""], 0
        parts[-1] += sign
        width += size
    return "\r\n ".join(parts)
