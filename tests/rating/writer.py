"""A trainee who writes and raters who rate, through the pages or the verbs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask.testing import FlaskClient

from lms.database import db
from lms.identity.models import Person
from lms.rating import desk, ratings, works
from lms.rating.models import RatedWork, Rater
from lms.rating.tasks import TASKS

REPLY = "Լուսինե, ցավում ենք, որ երեխան քնեց առանց մոմերի։ Մեքենան փչացել էր ժամը 15:00-ին։"
PAGE = "ab" * 12  # mark of a page


def name_raters(*people: Person) -> None:
    for person in people:
        db.session.add(Rater(person_id=person.id, organisation_id=person.organisation_id, named_by=1))
    db.session.flush()


def write(person: Person, task: str = "reply", text: str = REPLY, **asked: object) -> RatedWork:
    """A work that is handed in."""
    work = works.start(person, TASKS[task], "hy", **asked)  # type: ignore[arg-type]
    works.take(work, works.WorkDraft(whole(work, text), works.saves_of(work), PAGE, 1))
    assert not works.missing(work)
    works.finish(work)
    db.session.flush()
    return work


def whole(work: RatedWork, text: str) -> dict[str, list[str]]:
    """A form that lacks nothing."""
    fields = works.task_of(work).fields_of(works.variant_of(work))
    return {each.name: [next(iter(each.options), text)] for each in fields if not each.optional}


def scores(task: str, score: int, **other: int) -> dict[str, str]:
    """A rating as a page sends it: the same score everywhere, but where said otherwise."""
    return {f"score_{each.name}": str(other.get(each.name, score)) for each in TASKS[task].criteria}


def rate(person: Person, score: int, **other: int) -> RatedWork:
    """Take the next work and give it these scores."""
    rating = desk.take_next(person)
    assert rating is not None
    work = ratings.rated_work(rating)
    ratings.give(rating, works.task_of(work), scores(work.task, score, **other))
    ratings.settle(work)
    return work


def begin(client: FlaskClient, task: str = "reply", **form: str) -> str:
    """Begin by the page; the address of the work."""
    reply = client.post(f"/written/{task}/works", data=form)
    assert reply.status_code == 303
    return str(reply.headers["Location"])


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


def form(base: int = 0, seq: int = 1, writer: str = PAGE, **fields: str) -> Mapping[str, str]:
    return {"base": str(base), "seq": str(seq), "writer": writer, **fields}
