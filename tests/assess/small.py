"""A small bank of every kind of control, with a canary in every key and explanation; nothing of it is published."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from sqlalchemy import select

from lms import publishing
from lms.assess import Attempt, Specification, start
from lms.content import questions
from lms.content.banks import parse_bank
from lms.database import db
from lms.identity.models import Person
from lms.learn.specifications import CHECK
from lms.publishing.models import Revision
from lms.publishing.publish import shipped_owner

CANARY = "canarykey"
TITLE = {"hy": "Փորձնական ստուգում", "en": "A small check"}
HEAD = "---\nbank: practice/small\npool: practice\n---\n\n# Small\n\n"
TAB = "p-tests"


def _item(key: str, kind: str, body: str, extra: str = "") -> str:
    block = f"```yaml\ntype: {kind}\nsub: content.copy\nbloom: understand\nlevel: 2\np: 0.6\n{extra}```\n"
    return f"## {key}\n\n{block}\n### hy\n\n{body}\n### en\n\n{body}\n"


def _options(marks: str) -> str:
    lines = (f"- [{mark}] Option {place}\n  > {CANARY} feedback {place}\n" for place, mark in enumerate(marks, 1))
    return "".join(lines) + f"\n> {CANARY} in general\n"


ITEMS = {
    "one": _item("one", "single", "Which one is right?\n\n" + _options("x   ")),
    "two": _item("two", "multiple", "Which ones are right?\n\n" + _options("xx  ")),
    "three": _item("three", "ordering", f"In which order?\n\n1. First\n2. Second\n3. Third\n\n> {CANARY} order\n"),
    "four": _item(
        "four", "matching", f"What belongs together?\n\n- Up => Rise\n- Down => Fall\n- In => Enter\n\n> {CANARY}\n"
    ),
    "five": _item("five", "short", f"Which word?\n\n- = {CANARY}\n\n> {CANARY} word\n"),
    "six": _item(
        "six",
        "judgement",
        "What do you do?\n\n"
        + "".join(f"- ({rating}) Act {n}\n  > {CANARY} {n}\n" for n, rating in enumerate((4.6, 3.1, 2.2, 1.3), 1)),
    ),
    "seven": _item("seven", "single", "A second one?\n\n" + _options(" x  ")),
    "eight": _item("eight", "single", "A third one?\n\n" + _options("  x ")),
}
PICTURE = _item("picture", "single", '![Two bars](figures/bars.svg "Two bars")\n\nWhich bar?\n\n' + _options("x   "))


def shelve() -> dict[str, int]:
    """Store the items as revisions and return them by key."""
    bank = parse_bank(HEAD + "".join(ITEMS.values()), "quizzes/practice/small.md")
    owner = shipped_owner()
    rows = [_revision(owner, "bank", bank.path, bank.head)]
    rows += [_revision(owner, "item", item.id, item.source) for item in bank.items]
    db.session.add_all(rows)
    db.session.flush()
    return {row.key: row.id for row in rows[1:]}


def _revision(owner: int, kind: str, key: str, source: str) -> Revision:
    digest = hashlib.sha256(source.encode()).hexdigest()
    return Revision(
        organisation_id=owner,
        kind=kind,
        key=key,
        path="quizzes/practice/small.md",
        sha256=digest,
        source=source.encode(),
    )


def timed(test: Specification = CHECK, seconds: float | None = None) -> Specification:
    """The test with so many seconds for the whole; None: without a limit."""
    return replace(test, seconds=seconds, item_seconds=None)


def begin(
    person: Person, *keys: str, test: Specification = CHECK, seconds: float | None = None, subject: str = "C1.1"
) -> Attempt:
    """A committed attempt over these items (all when none is named); `TAB` writes."""
    revisions = {
        row.key: row.id for row in db.session.scalars(select(Revision).filter_by(path="quizzes/practice/small.md"))
    }
    revisions = revisions or shelve()
    attempt = start(person, timed(test, seconds), subject, TITLE, [revisions[key] for key in keys or ITEMS], seed=7)
    attempt.take_over(TAB)
    db.session.commit()
    return attempt


def right(attempt: Attempt, position: int) -> dict[str, list[str]]:
    """The form of a fully right answer to a single-choice item: found by trying, since letters mean nothing."""

    item = attempt.items[position - 1]
    question = publishing.item(item.revision_id)
    for letter in "abcd":
        form = {"answer": [letter]}
        value = questions.read_form(question, item.instance, form)
        if questions.mark(question, item.instance, value).credit == 1:
            return form
    raise AssertionError(position)


def wrong(attempt: Attempt, position: int) -> dict[str, list[str]]:
    good = right(attempt, position)["answer"][0]
    return {"answer": [next(letter for letter in "abcd" if letter != good)]}
