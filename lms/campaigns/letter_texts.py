"""The words of letters to candidates: the house's, or an organisation's own with placeholders that are checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask_babel import force_locale
from flask_babel import gettext as _

from lms.campaigns.models import LetterText
from lms.database import db

KINDS = ("invitation", "reminder", "more", "result", "answer")
PLACEHOLDERS = ("name", "organisation", "campaign", "role", "minutes", "until", "link", "calendar")
NEEDED = "link"  # a letter without it leads nowhere
BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class LetterWords:
    """A letter before names are put in; is_own: the organisation wrote it."""

    subject: str
    body: str
    is_own: bool = False


def words_of(organisation_id: int, kind: str, language: str) -> LetterWords:
    """The organisation's own letter where it has written one, else the house's."""
    row = db.session.get(LetterText, (organisation_id, kind, language))
    return LetterWords(row.subject, row.body, is_own=True) if row else of_the_house(kind, language)


def of_the_house(kind: str, language: str) -> LetterWords:
    with force_locale(language):
        subject, body = _subjects()[kind], _bodies()[kind]
    return LetterWords(subject, body)


def filled(text: str, values: Mapping[str, str]) -> str:
    """Every known placeholder replaced, the rest as it stands; a value's own braces are not looked at."""
    return BRACES.sub(lambda brace: values.get(brace[1], brace[0]), text)


def problems(subject: str, body: str) -> Iterator[str]:
    """What is wrong with a letter's words, a sentence each."""
    unknown = [name for name in BRACES.findall(subject + body) if name not in PLACEHOLDERS]
    for name in dict.fromkeys(unknown):
        yield _("There is no placeholder {%(name)s}.", name=name)
    if set("{}") & set(BRACES.sub("", subject + body)):
        yield _("A brace stands alone: a placeholder is written like {name}.")
    if f"{{{NEEDED}}}" not in body:
        yield _("The link is missing: put {link} where the candidate shall press.")
    if f"{{{NEEDED}}}" in subject:
        yield _("The link belongs in the text and not in the subject.")


def _subjects() -> dict[str, str]:
    return {
        "invitation": _("{organisation} invites you: {role}"),
        "reminder": _("Still open until {until}: {role}"),
        "more": _("One more piece of work: {role}"),
        "result": _("Your result: {role}"),
        "answer": _("An answer to what you contested: {role}"),
    }


def _bodies() -> dict[str, str]:
    return {
        "invitation": _(
            "Hello {name},\n\n{organisation} asks you to an assessment for the role “{role}”. It takes about "
            "{minutes} minutes, works on a phone or a computer, and needs no account and no password.\n\n"
            "Your own link:\n{link}\n\nIt works until {until}. Opening it starts nothing: first you read what is "
            "measured, what is stored and who decides. The same link brings you back to where you were, on another "
            "device too.\n\nThe last day for your calendar: {calendar}\n\n{organisation}\n"
        ),
        "reminder": _(
            "Hello {name},\n\nyour assessment for the role “{role}” is still open until {until}. It takes about "
            "{minutes} minutes; what you have answered so far is kept.\n\nYour link:\n{link}\n\nIf you do not want "
            "to go on, you need not do anything.\n\n{organisation}\n"
        ),
        "result": _(
            "Hello {name},\n\nyour result of the assessment for the role “{role}” can be read now:\n{link}\n\n"
            "There you also find what to learn next, and how to contest a question or the result.\n\n{organisation}\n"
        ),
        "more": _(
            "Hello {name},\n\nthank you for your assessment for the role “{role}”. Before they decide, the people of "
            "{organisation} would like to see a little more of your work: about {minutes} minutes, until {until}.\n\n"
            "Your link is the same as before:\n{link}\n\nOpening it starts nothing.\n\n{organisation}\n"
        ),
        "answer": _(
            "Hello {name},\n\nthere is an answer to what you contested in the assessment for the role “{role}”. You "
            "read it here:\n{link}\n\n{organisation}\n"
        ),
    }
