"""What the page of a running attempt shows: plain values, questions without keys, and the tokens of its forms."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from lms import publishing
from lms.assess import marking, stored_answers
from lms.assess.answer_form import PostedAnswer
from lms.assess.attempt import Attempt
from lms.assess.attempts import PLAIN
from lms.assess.models import Form, Writer
from lms.assess.specification import Specification
from lms.content import questions
from lms.content.questions import DeliveredItem


@dataclass(frozen=True)
class AskedQuestion:
    """One question with what was answered so far, and the idempotency key of its form."""

    position: int
    shown: DeliveredItem
    values: Form
    key: str

    def value(self, name: str) -> str:
        """What a single-valued control holds."""
        return next(iter(self.values.get(name, ())), "")


@dataclass(frozen=True)
class TestSheet:
    """The whole page. test: what it is sat by; length: questions of the test, about so many where it is adaptive;
    trials: so many of them count for nothing; current: the question shown first, None for the end; questions: those
    that stand on the page, places: position of each and whether it is answered; alone: only the current question
    stands there, as for forms without a script; writer: who may write, seq: number of the next answer; left: seconds
    or None; extra: minutes given beyond the usual limit; saved_at: when the newest of the shown answers arrived."""

    id: int
    title: str
    test: Specification
    length: int
    trials: int
    questions: tuple[AskedQuestion, ...]
    places: tuple[tuple[int, bool], ...]
    alone: bool
    current: int | None
    writer: Writer
    seq: int
    left: float | None
    extra: int
    saved_at: datetime | None
    over: bool
    paused: bool

    @property
    def tab(self) -> str:
        """What a form without a script sends; "" where a script holds the attempt."""
        return self.writer.tab if self.writer.tab.startswith(PLAIN) else ""

    @property
    def open(self) -> tuple[int, ...]:
        """Positions without an answer."""
        return tuple(position for position, answered in self.places if not answered)


def sheet(
    attempt: Attempt,
    language: str,
    wanted: str | None = None,
    typed: dict[int, Form] | None = None,
    alone: bool = False,
    after: int = 0,
) -> TestSheet:
    """The page's content. wanted: "3", "end" or None for the first open question behind `after`, else the first open
    one; typed: unsaved values to show; alone: without the other questions."""
    rows, test = stored_answers.asked(attempt.id), attempt.specification
    reachable = rows if test.revisit else rows[-1:]
    places = _places(reachable)
    current = _current(places, wanted, after)
    if not current and wanted != "end" and not test.revisit:
        current = reachable[-1].position
    on_page = [row for row in reachable if not alone or row.position == current]
    writer = Writer(epoch=rows[0].epoch, tab=rows[0].tab)
    return TestSheet(
        id=attempt.id,
        title=attempt.title_in(language),
        test=test,
        length=_length(attempt, len(rows)),
        trials=len(attempt.trials or {}),
        questions=tuple(_question(row, typed or {}, language) for row in on_page),
        places=places,
        alone=alone,
        current=current,
        writer=writer,
        seq=writer.last_seq(row.client_seq for row in rows if row.client_seq) + 1,
        left=attempt.time_left(),
        extra=attempt.extra_minutes(),
        saved_at=max((row.received_at for row in rows if row.received_at), default=None),
        over=attempt.is_over(),
        paused=attempt.is_paused,
    )


def _length(attempt: Attempt, drawn: int) -> int:
    test = attempt.specification
    return test.most + len(attempt.trials or {}) if test.adaptive else len(attempt.bank or range(drawn))


def next_open(attempt: Attempt, after: int) -> int | None:
    """The next question without an answer, looking forward from `after` and then from the start; None: all answered."""
    return _current(_places(stored_answers.asked(attempt.id)), None, after)


def is_contradiction(attempt: Attempt, posted: PostedAnswer) -> bool:
    """Whether the form takes one option for two that exclude each other; the script of a page keeps them apart."""
    item = next((item for item in attempt.items if item.position == posted.position), None)
    if item is None:
        return False
    question = publishing.item(item.revision_id)
    return questions.contradicts(question, marking.read(question, item.instance, posted.value))


def _places(rows: Sequence[Row[Any]]) -> tuple[tuple[int, bool], ...]:
    """(position, whether it is answered) of rows of `stored_answers.asked`."""
    return tuple((row.position, bool(row.value) and _is_readable(row)) for row in rows)


def _is_readable(row: Row[Any]) -> bool:
    return marking.read(publishing.item(row.revision_id), row.instance, row.value) is not None


def _question(row: Row[Any], typed: dict[int, Form], language: str) -> AskedQuestion:
    question = publishing.item(row.revision_id)
    delivered = questions.deliver(question, row.instance, language, publishing.links(question))
    return AskedQuestion(row.position, delivered, typed.get(row.position, row.value or {}), secrets.token_urlsafe(18))


def _current(places: Sequence[tuple[int, bool]], wanted: str | None, after: int) -> int | None:
    if wanted == "end":
        return None
    asked_for = next((position for position, _ in places if str(position) == wanted), None)
    unanswered = [position for position, answered in places if not answered]
    behind = next((position for position in unanswered if position > after), None)
    return asked_for or behind or next(iter(unanswered), None)
