"""The desk: two blind raters, a third where they differ, evidence once, and nobody meets their own or another's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from lms import clock, evidence
from lms.database import db
from lms.demo import people, replies
from lms.demo import ratings as demo
from lms.evidence.work import work_observations
from lms.identity.models import Membership
from lms.rating import agreement, checks, desk, ratings, result, rubric, works
from lms.rating.models import RatedWork, WorkRating, WorkSave
from lms.rating.tasks import TASKS
from tests.cast import Cast
from tests.rating import writer

People = Callable[[str], FlaskClient]


@pytest.fixture
def staff(app: Flask, cast: Cast) -> Cast:
    """Instructor, HR person and, as third, the administrator with HR's role are named as raters."""
    with app.app_context():
        db.session.add(Membership(person_id=cast.administrator, role="hr"))
        db.session.commit()
        writer.name_raters(*(cast.person(name) for name in ("instructor", "hr", "administrator")))
        db.session.commit()
    return cast


@pytest.mark.both_engines
def test_two_raters_who_agree_give_evidence(context: Flask, staff: Cast) -> None:
    work = writer.write(staff.person("trainee"))
    writer.rate(staff.person("instructor"), 3)
    assert work.settled_at is None
    assert desk.take_next(staff.person("instructor")) is None, "nobody rates a work twice"
    assert [desk.number_for(staff.person(name)) for name in ("instructor", "hr")] == [0, 1], "it waits for another one"
    writer.rate(staff.person("hr"), 2)
    assert work.settled_at is not None
    rows = evidence.work_rows([staff.trainee])
    assert {row.sub: row.category for row in rows} == dict.fromkeys(TASKS["reply"].sub_competencies, 3)
    assert all(row.provisional and row.human_raters == 2 and row.kind == "reply" for row in rows)
    assert desk.take_next(staff.person("administrator")) is None, "a settled work waits for nobody"
    assert evidence.matrix_of(staff.trainee).cells["communication.reviews"].n == 1
    found = result.of_work(work, "en")
    assert [each.score for each in found] == [2.5] * 5
    assert len(found[0].anchors) == 2
    assert result.is_evidence(work)


@pytest.mark.parametrize("name", ["caption", "ideas", "audience"])
def test_each_task_reaches_its_sub_competencies(context: Flask, staff: Cast, name: str) -> None:
    writer.write(staff.person("trainee"), name)
    for player in ("instructor", "hr"):
        writer.rate(staff.person(player), 2)
    rows = evidence.work_rows([staff.trainee])
    assert {row.sub: row.category for row in rows} == dict.fromkeys(TASKS[name].sub_competencies, 2)


def test_a_portfolio_piece_opens_level_five_where_its_author_says(context: Flask, staff: Cast) -> None:
    work = works.start(staff.person("trainee"), TASKS["portfolio"], "hy")
    form = writer.whole(work, "text") | {"sub": ["content.video"], "link": ["http://example.am/film"]}
    works.take(work, works.WorkDraft(form, 0, writer.PAGE, 1))
    assert [field.name for field in works.missing(work)] == ["link"], "https only"
    works.take(work, works.WorkDraft(form | {"link": ["https://example.am/film?a=1"]}, 1, writer.PAGE, 2))
    assert works.missing(work) == []
    works.finish(work)
    for player in ("instructor", "hr"):
        writer.rate(staff.person(player), 3)
    (row,) = evidence.work_rows([staff.trainee])
    assert (row.sub, row.category, row.portfolio, row.human_raters) == ("content.video", 3, True, 2)
    (seen,) = work_observations([row], clock.now(), frozenset({row.sub}))
    assert seen.portfolio
    assert seen.human_raters == 2
    assert works.may_count(staff.trainee, TASKS["portfolio"])


def test_raters_two_points_apart_bring_a_third(context: Flask, staff: Cast) -> None:
    work = writer.write(staff.person("trainee"))
    writer.rate(staff.person("instructor"), 2, channel=0)
    writer.rate(staff.person("hr"), 2)
    assert work.settled_at is None
    assert not evidence.work_rows([staff.trainee])
    assert [desk.number_for(staff.person(name)) for name in ("hr", "administrator")] == [0, 1], "a third is needed"
    writer.rate(staff.person("administrator"), 2, channel=1)
    assert work.settled_at is not None
    scores = rubric.settled(TASKS["reply"], [row.scores for row in ratings.ratings_of(work)])
    assert scores["channel"] == 1
    assert {row.human_raters for row in evidence.work_rows([staff.trainee])} == {3}


def test_the_oldest_comes_first_and_never_ones_own(context: Flask, staff: Cast) -> None:
    first = writer.write(staff.person("trainee"))
    clock.shift(timedelta(minutes=5))
    second = writer.write(staff.person("candidate"))
    own = writer.write(staff.person("instructor"), give_back_url="/assigned/1")
    met = [writer.rate(staff.person("instructor"), 2).id for _ in range(2)]
    assert met == [first.id, second.id]
    assert desk.take_next(staff.person("instructor")) is None
    assert own.id == writer.rate(staff.person("hr"), 2).id or own.settled_at is None
    assert [name for name, _count, _oldest in desk.waiting(staff.person("outsider"))] == []


def test_a_work_held_too_long_goes_to_somebody_else(context: Flask, staff: Cast) -> None:
    writer.write(staff.person("trainee"))
    held = [desk.take_next(staff.person(name)) for name in ("instructor", "hr")]
    assert all(held)
    assert desk.take_next(staff.person("administrator")) is None, "two hold it"
    assert desk.number_for(staff.person("administrator")) == 0
    clock.shift(desk.HELD + timedelta(minutes=1))
    assert desk.number_for(staff.person("administrator")) == 1
    assert desk.take_next(staff.person("administrator")) is not None


def test_one_text_of_a_period_is_evidence_and_practice_only_where_shared(context: Flask, staff: Cast) -> None:
    person = staff.person("trainee")
    first, second = writer.write(person), writer.write(person)
    assert first.for_evidence
    assert not second.for_evidence
    assert first.variant != second.variant, "another brief"
    assert [count for _task, count, _oldest in desk.waiting(staff.person("hr"))] == [1]
    second.shared = True
    db.session.flush()
    assert [count for _task, count, _oldest in desk.waiting(staff.person("hr"))] == [2]
    clock.shift(evidence.PERIOD + timedelta(days=1))
    assert writer.write(person).for_evidence


def test_a_colleague_practises_and_then_sees_the_raters(context: Flask, staff: Cast) -> None:
    work, colleague = writer.write(staff.person("trainee")), staff.person("candidate")
    assert desk.take_shared(colleague) is None
    work.shared = True
    db.session.flush()
    for name in ("instructor", "hr"):
        writer.rate(staff.person(name), 2)
    assert desk.take_shared(staff.person("trainee")) is None, "never one's own"
    rating = desk.take_shared(colleague)
    assert rating is not None
    ratings.give(rating, TASKS["reply"], writer.scores("reply", 0))
    ratings.settle(work)
    assert [row.scores["language"] for row in ratings.ratings_of(work)] == [2, 2], "a colleague's rating never counts"
    assert desk.take_shared(colleague) is None, "each once"


def test_one_choice_too_many_is_kept_and_told_before_it_is_handed_in(context: Flask, staff: Cast) -> None:
    """It was refused once, and with it everything that the page held."""
    work = works.start(staff.person("trainee"), TASKS["ideas"], "hy")
    page = MultiDict({"base": "0", "writer": writer.PAGE, "seq": "1"})
    for name, values in (writer.whole(work, "խաղ") | {"best": ["1", "2", "3"]}).items():
        page.setlist(name, values)
    works.take(work, works.draft(work, page))
    assert works.form_of(work)["best"] == ["1", "2", "3"]
    assert [field.name for field in works.missing(work)] == ["best"]


def test_nothing_written_is_nothing_to_rate(context: Flask, staff: Cast) -> None:
    work = works.start(staff.person("trainee"), TASKS["caption"], "hy")
    clock.shift(timedelta(minutes=TASKS["caption"].limit + 1))
    assert desk.take_next(staff.person("hr")) is None
    assert work.finished_by == "deadline"
    assert works.may_count(staff.trainee, TASKS["caption"])


def test_every_save_stays_and_an_older_page_changes_nothing(app: Flask, cast: Cast, signed_in: People) -> None:
    client = signed_in("trainee")
    work, script = writer.begin(client), {"Accept": "application/json"}
    send = lambda **form: client.post(work, data=writer.form(**form), headers=script)  # noqa: E731
    assert send(base=0, seq=1, reply="one").json == {"saved": True, "number": 1, "finished": False}
    assert send(base=0, seq=1, reply="one").json["number"] == 1, "sent twice"
    assert send(base=0, seq=3, reply="three").json["number"] == 2, "the same page need not wait for the reply"
    assert send(base=0, seq=2, reply="two").json["number"] == 2, "overtaken"
    other = send(base=0, seq=1, writer="cd" * 12, reply="elsewhere")
    assert (other.status_code, other.json["error"]) == (409, "newer")
    assert send(base=2, seq=1, writer="cd" * 12, reply="elsewhere").json["number"] == 3
    assert send(base=3, seq=2, reply="x" * 1300).status_code == 400
    assert "elsewhere" in client.get(work).text
    assert client.post(work, data=writer.form(3, 9, hand_in="1")).status_code == 422
    assert client.post(work, data=writer.form(4, 10, hand_in="1", reply="done")).status_code == 303
    late = send(base=5, seq=11, reply="after")
    assert late.json["finished"]
    with app.app_context():
        rows = db.session.scalars(select(WorkSave).order_by(WorkSave.number)).all()
        assert ["".join(row.form.get("reply", [])) for row in rows] == [
            "one",
            "three",
            "elsewhere",
            "",
            "done",
            "after",
        ]
        assert [row.late for row in rows][-2:] == [False, True]
        assert works.form_of(db.session.scalars(select(RatedWork)).one()) == {"reply": ["done"]}


def test_from_the_brief_to_the_result_by_the_pages(app: Flask, staff: Cast, signed_in: People) -> None:
    trainee = signed_in("trainee")
    assert 'href="/written/#reply"' in trainee.get("/lab/").text, "all work samples stand on one page"
    work = writer.begin(trainee)
    assert "You have begun one." in trainee.get("/lab/").text
    trainee.post(work, data=writer.form(reply=writer.REPLY, hand_in="1"))
    assert "two raters" in trainee.get(f"{work}/result").text
    with app.app_context():
        name = staff.person("trainee").name
    for player in ("instructor", "hr"):
        rater = signed_in(player)
        page = rater.post("/rating/next", follow_redirects=True)
        assert writer.REPLY in page.text
        assert name not in page.text, "whose it is stays unknown"
        address = page.request.path
        assert rater.post(address, data={"score_language": "2"}).status_code == 422
        rater.post(address, data={**writer.scores("reply", 2), "note_language": f"a note of {player}"})
        assert rater.get(address).status_code == 303, "given, it stands"
        assert "Rate the next text" not in rater.get("/rating/").text, "nothing waits for this one"
        assert trainee.get(address).status_code == 404
    page = trainee.get(f"{work}/result").text
    assert "a note of hr" in page
    assert "counts as evidence" in page
    with app.app_context():
        assert len(db.session.scalars(select(WorkRating)).all()) == 2


def test_only_named_raters_rate(cast: Cast, signed_in: People) -> None:
    assert signed_in("hr").post("/rating/next").status_code == 403
    administrator = signed_in("administrator")
    administrator.post("/rating/raters", data={"person": cast.hr})
    assert administrator.post("/rating/raters", data={"person": cast.trainee}).status_code == 404
    assert administrator.post("/rating/raters", data={"person": cast.outsider}).status_code == 404
    assert signed_in("hr").post("/rating/next").status_code == 303


@pytest.mark.parametrize("mailbox", demo.PIECES)
def test_the_demos_pieces_are_whole(context: Flask, staff: Cast, mailbox: str) -> None:
    demo.write(staff.person("trainee"), next(each for each in people.LEARNERS if each.mailbox == mailbox))
    for work, piece in zip(reversed(works.works_of(staff.trainee)), demo.PIECES[mailbox], strict=True):
        given = list(piece.scores.values())
        assert (work.settled_at is not None) == (len(given) == rubric.raters_needed(given))
        low, high = works.task_of(work).words if work.task == "reply" else works.task_of(work).signs
        text = works.form_of(work)[works.task_of(work).fields[0].name][0]
        assert low <= len(checks.words(text) if work.task == "reply" else text) <= high


def test_the_demo_has_figures_of_agreement_and_of_too_few(context: Flask, staff: Cast) -> None:
    """Two of its raters have enough texts in common, the third one not."""
    person = staff.person("trainee")
    for piece in (*replies.REPLIES, *(piece for pieces in demo.PIECES.values() for piece in pieces)):
        demo.hand_in(person, piece)
    given = [
        agreement.GivenRating(row.work_id, row.rater_id, row.scores, row.given_at)
        for work in works.works_of(staff.trainee)
        for row in ratings.ratings_of(work)
        if work.task == "reply"
    ]
    found = agreement.figures(given)
    assert sorted(each.kappa is not None and each.icc is not None for each in found) == [False, True, True]
    assert all(work.settled_at for work in works.works_of(staff.trainee)[-len(replies.REPLIES) :])
    low, high = TASKS["reply"].words
    assert all(low <= len(checks.words(piece.text)) <= high for piece in replies.REPLIES)


def test_the_demo_shows_the_third_rater(context: Flask, staff: Cast) -> None:
    for mailbox in demo.PIECES:
        demo.write(staff.person("trainee"), next(each for each in people.LEARNERS if each.mailbox == mailbox))
    found = [len([row for row in ratings.ratings_of(work) if row.given_at]) for work in works.works_of(staff.trainee)]
    assert sorted(found) == [0, 2, 2, 2, 3]
