"""The words of letters to candidates as HR changes them, with a look at the letter beside them."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import delete, select

from lms import clock
from lms.campaigns import letters
from lms.campaigns.blueprint import hr, own_framework
from lms.campaigns.letter_texts import KINDS, LetterWords, problems, words_of
from lms.campaigns.models import LetterText
from lms.config import LANGUAGES
from lms.database import db
from lms.database.transaction import transaction
from lms.identity.access import current_person


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/campaigns/letters", view_func=letter_texts)
    bp.add_url_rule("/campaigns/letters/<kind>/<spoken>", view_func=letter_text)
    bp.add_url_rule("/campaigns/letters/<kind>/<spoken>", view_func=save_letter_text, methods=["POST"])


@hr
def letter_texts() -> ResponseReturnValue:
    rows = db.session.scalars(select(LetterText).where(LetterText.organisation_id == current_person.organisation_id))
    own_texts = {(row.kind, row.language) for row in rows}
    return render_template("campaigns/letter_texts.html", kinds=kind_names(), own=own_texts)


@hr
def letter_text(kind: str, spoken: str) -> ResponseReturnValue:
    _known(kind, spoken)
    return _page(kind, spoken, words_of(current_person.organisation_id, kind, spoken))


@hr
@transaction
def save_letter_text(kind: str, spoken: str) -> ResponseReturnValue:
    """Keep the words, drop them for the house's, or only look at what was typed."""
    _known(kind, spoken)
    if request.form.get("do") == "drop":
        return _drop(kind, spoken)
    subject = " ".join(request.form.get("subject", "").split())[:200]
    body = request.form.get("body", "").replace("\r\n", "\n").strip()[:8000] + "\n"
    words, wrong = LetterWords(subject, body, is_own=True), list(problems(subject, body))
    if not subject or not body.strip():
        wrong.append(_("Subject and text must not be empty."))
    if wrong or request.form.get("do") != "save":
        return _page(kind, spoken, words, wrong), 422 if wrong else 200
    _keep(kind, spoken, words)
    flash(_("Saved. Letters from now on have these words."))
    return redirect(url_for("campaigns.letter_texts"), 303)


def _known(kind: str, spoken: str) -> None:
    if kind not in KINDS or spoken not in LANGUAGES:
        abort(404)


def _drop(kind: str, spoken: str) -> ResponseReturnValue:
    ours = LetterText.organisation_id == current_person.organisation_id
    db.session.execute(delete(LetterText).where(ours, LetterText.kind == kind, LetterText.language == spoken))
    flash(_("The house's words are back."))
    return redirect(url_for("campaigns.letter_texts"), 303)


def _keep(kind: str, spoken: str, words: LetterWords) -> None:
    key = (current_person.organisation_id, kind, spoken)
    row = db.session.get(LetterText, key) or LetterText(organisation_id=key[0], kind=kind, language=spoken)
    row.subject, row.body = words.subject, words.body
    row.changed_at, row.changed_by = clock.now(), current_person.id
    db.session.add(row)


def _page(kind: str, spoken: str, words: LetterWords, wrong: list[str] | None = None) -> str:
    values = letters.sample_values(current_person.organisation, own_framework(), spoken)
    return render_template(
        "campaigns/letter_text.html",
        code=spoken,
        label=kind_names()[kind],
        words=words,
        own=words.is_own,
        wrong=wrong or [],
        values=values,
        sample=letters.sample(words, values),
        placeholders=placeholder_names(),
    )


def kind_names() -> dict[str, str]:
    return {
        "invitation": _("Invitation"),
        "reminder": _("Reminder"),
        "more": _("More work asked for"),
        "result": _("Result released"),
        "answer": _("Objection answered"),
    }


def placeholder_names() -> dict[str, str]:
    return {
        "name": _("the candidate's name"),
        "organisation": _("your organisation"),
        "campaign": _("the campaign's name"),
        "role": _("the role"),
        "minutes": _("how long it takes"),
        "until": _("until when the link works"),
        "link": _("the candidate's own link"),
        "calendar": _("a file for their calendar"),
    }
