"""Questions that a person answered and what they answered, in words; never the key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from lms import publishing
from lms.assess import Attempt
from lms.assess.models import AttemptItem
from lms.assess.stored_answers import current_answers
from lms.content import questions
from lms.content.questions import Field
from lms.database import db
from lms.learn.models import EmbeddedAnswer
from lms.privacy.subject import Subject

Form = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Answered:
    """One question: the test's title or the module text's name, its text, and the answer that counts ("" for none)."""

    place: str
    question: str
    answer: str
    at: datetime | None


def answered(subject: Subject, language: str) -> list[Answered]:
    """All of them, the oldest test first, then those in the text of modules."""
    return [*_of_tests(subject, language), *_of_texts(subject, language)]


def _of_tests(subject: Subject, language: str) -> Iterator[Answered]:
    attempts = select(Attempt).where(Attempt.person_id == subject.id).order_by(Attempt.id)
    for attempt in db.session.scalars(attempts).all():
        answers = current_answers(attempt.id)
        for item in attempt.items:
            response = answers.get(item.position)
            form, at = (response.value, response.received_at) if response else ({}, None)
            yield _answered(attempt.title_in(language), item, form, at, language)


def _of_texts(subject: Subject, language: str) -> Iterator[Answered]:
    rows = select(EmbeddedAnswer).where(EmbeddedAnswer.person_id == subject.id).order_by(EmbeddedAnswer.id)
    for row in db.session.scalars(rows).all():
        yield _answered(str(_("In the text of a module")), row, row.value, row.answered_at, language)


def _answered(
    place: str, row: AttemptItem | EmbeddedAnswer, form: Form, at: datetime | None, language: str
) -> Answered:
    item = publishing.find_item(row.revision_id)
    if item is None:
        return Answered(place, str(row.revision_id), _raw(form), at)
    shown = questions.deliver(item, row.instance, language)
    stem = " ".join(_plain(html) for html in (shown.stimulus_html, shown.stem_html) if html)
    texts = [words for field in shown.fields if (words := _words(field, form))]
    return Answered(place, stem, "; ".join(texts), at)


def _words(field: Field, form: Form) -> str:
    """What the person put into one control, with the control's own name before it where it has one."""
    labels = {value: _plain(label) for value, label in field.options}
    choices = [labels.get(value, value) for value in form.get(field.name, ()) if value]
    ranks = {value: form[name][0] for value in labels if (name := f"{field.name}.{value}") in form and form[name]}
    choices += [
        f"{place}. {labels[value]}" for value, place in sorted(ranks.items(), key=lambda rank: rank[1].zfill(3))
    ]
    label = _plain(field.label_html)
    return f"{label}: {', '.join(choices)}" if label and choices else ", ".join(choices)


def _raw(form: Form) -> str:
    return "; ".join(f"{name}: {', '.join(values)}" for name, values in form.items())


def _plain(html: Any) -> str:
    return str(Markup(html).striptags())  # noqa: S704  read, never shown as HTML
