"""Running counts equal what counting all answers gives, after any history; pages ask for as much with many answers."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, update

from lms import assess, evidence, publishing
from lms.assess import Attempt, reopening
from lms.author import item_count_check, item_counts, item_figures
from lms.author import item_statistics as item_statistics_module
from lms.author.counting_job import refresher
from lms.author.item_statistics import item_statistics
from lms.author.models import ItemCount
from lms.author.tallies import FirstAnswer, GivenEvidence, Tally, TallyCell, added, correlation, tallies, without_zeros
from lms.database import db
from lms.evidence import VoidVerdict
from lms.identity import membership
from lms.identity.models import Person
from lms.learn.specifications import CHECK
from lms.privacy import erasure
from tests.assess.small import TITLE
from tests.cast import Cast

SignIn = Callable[[str], FlaskClient]
TAB = "page-of-a-test"

answers = st.lists(
    st.builds(
        GivenEvidence,
        st.just(0),
        st.builds(TallyCell, st.integers(1, 4), st.just("key"), st.just(3), st.sampled_from(("hy", "en", ""))),
        st.sampled_from(("content", "analytics")),
        st.integers(0, 2),
        st.none()
        | st.builds(
            FirstAnswer, st.just(1), st.booleans(), st.frozensets(st.integers(0, 3)), st.none() | st.floats(0, 9_000)
        ),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), answers), max_size=12))
def test_what_is_added_and_taken_away_again_equals_what_is_left(history: list[tuple[int, list[GivenEvidence]]]) -> None:
    """People answer, and what they had answered is replaced, as when an attempt is reopened or one more is given."""
    people: dict[int, list[GivenEvidence]] = {}
    running: dict[TallyCell, Tally] = {}
    for person, of_person in history:
        added(running, tallies(people.get(person, [])), -1)
        people[person] = of_person
        added(running, tallies(of_person))
    anew: dict[TallyCell, Tally] = {}
    for of_person in people.values():
        added(anew, tallies(of_person))
    assert {cell: left for cell, tally in running.items() if (left := without_zeros(tally))} == {
        cell: left for cell, tally in anew.items() if (left := without_zeros(tally))
    }


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1000)), min_size=2, max_size=30))
@settings(max_examples=40, deadline=None)
def test_a_correlation_from_sums_is_the_correlation(pairs: list[tuple[int, int]]) -> None:
    sums = [sum(parts) for parts in zip(*((1, x, x * x, r, r * r, x * r) for x, r in pairs), strict=True)]
    found = correlation(*sums)
    xs, rs = zip(*pairs, strict=True)
    if len(set(xs)) == 1 or len(set(rs)) == 1:
        assert found is None
    else:
        mean_x, mean_r = sum(xs) / len(xs), sum(rs) / len(rs)
        shared = sum((x - mean_x) * (r - mean_r) for x, r in pairs)
        spread = sum((x - mean_x) ** 2 for x in xs) * sum((r - mean_r) ** 2 for r in rs)
        assert found == pytest.approx(shared / spread**0.5, abs=1e-9)


def people_of(cast: Cast, count: int) -> list[int]:
    house = cast.person("instructor").organisation
    found = [membership.add(house, f"c{n}@example.org", f"C {n}", ("trainee",)) for n in range(count)]
    db.session.commit()
    return [person.id for person in found]


def sit(person_id: int, draw: random.Random, number: int) -> None:
    """A check of four questions drawn among eight, some left out."""
    singles = [revision for revision, item in publishing.items(pool="placement") if item.type == "single"][:8]
    attempt = assess.start(
        db.session.get_one(Person, person_id), CHECK, f"C1.{number}", TITLE, draw.sample(singles, 4), seed=number
    )
    attempt.take_over(TAB)
    for item in attempt.items:
        if draw.random() < 0.8:
            letter = draw.choice("abcd"[: len(item.instance["order"])])
            attempt.answer(item.position, {"answer": [letter]}, attempt.last_seq() + 1, f"key-{item.position:08}", TAB)
    attempt.finish()
    db.session.commit()


@pytest.mark.both_engines
def test_counts_are_those_of_all_answers_after_any_history(context: Flask, cast: Cast) -> None:
    """At random: tests end and are reopened, people are erased or made anonymous, items are void and valid again, and
    now and then some are counted. What is kept always equals what is computed from what it says that it holds; in the
    end it is what a round that begins anew counts."""
    draw, home = random.Random(5), cast.person("instructor").organisation_id
    people = people_of(cast, 6)
    key = next(item.id for _, item in publishing.items(pool="placement") if item.type == "single")
    done = Counter[str]()
    for number in range(1, 31):
        act = draw.choice(("sit", "sit", "sit", "count", "count", "reopen", "leave", "void"))
        person = draw.choice(people)
        if act == "sit":
            sit(person, draw, number)
        elif act == "count":
            item_counts.bring_up_to_date(home, draw.choice((1, 2, 9)))
        elif act == "reopen":
            reopen_one(draw)
        elif act == "void":
            evidence.add_void(VoidVerdict(home, key, None, draw.random() < 0.5), "why", None)
        elif len(people) > 3:
            people.remove(person)
            erasure.carry_out(db.session.get_one(Person, person), draw.choice(("erase", "anonymise")), None)
        db.session.commit()
        done[act] += 1
        assert list(item_count_check.check(home)) == [], (number, act)
    assert len(done) == 5
    while item_counts.bring_up_to_date(home, 2):
        pass
    assert list(item_count_check.check(home)) == []
    kept = item_counts.stored(home)
    assert sum(count for tally in kept.values() for name, count in tally.items() if name[0] == "c") > 10
    item_counts.begin_anew(home)
    assert item_counts.stored(home) == {}
    item_counts.bring_up_to_date(home, 99)
    assert item_counts.stored(home) == kept


def reopen_one(draw: random.Random) -> None:
    ended = select(Attempt).where(Attempt.submitted_at.is_not(None), Attempt.person_id > 0)
    if attempts := db.session.scalars(ended.order_by(Attempt.id)).all():
        attempt = draw.choice(attempts)
        reopening.reopen(attempt, "a wrong clock")
        db.session.flush()
        attempt.finish()


def test_the_check_finds_what_differs_and_rebuild_mends_it(app: Flask, cast: Cast) -> None:
    runner = app.test_cli_runner()
    with app.app_context():
        draw = random.Random(1)
        for person in people_of(cast, 2):
            sit(person, draw, 1)
    assert runner.invoke(args=["statistics", "rebuild"]).exit_code == 0
    assert runner.invoke(args=["statistics", "check"]).exit_code == 0
    with app.app_context():
        row = db.session.scalars(select(ItemCount)).first()
        assert row
        wrong = {name: count + (name[0] == "c") for name, count in row.tally.items()}
        here = ItemCount.revision_id == row.revision_id, ItemCount.language == row.language
        db.session.execute(update(ItemCount).where(*here).values(tally=wrong))
        db.session.commit()
    told = runner.invoke(args=["statistics", "check"])
    assert told.exit_code == 1 and "stored" in told.output
    runner.invoke(args=["statistics", "rebuild"])
    assert runner.invoke(args=["statistics", "check"]).exit_code == 0


def test_what_changed_meanwhile_is_not_stored(context: Flask, cast: Cast) -> None:
    """Two servers count the same person, and evidence arrives between reading and writing: nothing is counted twice."""
    home, (person,) = cast.person("instructor").organisation_id, people_of(cast, 1)
    sit(person, random.Random(2), 1)
    number = item_counts._round_in_force(home)
    changes = [
        (waiting, *item_counts._change(waiting, given, number))
        for waiting, given in item_counts.given_by(evidence.uncounted(home, number, 9))
    ]
    db.session.rollback()
    item_counts._store(home, number, changes)
    kept = item_counts.stored(home)
    db.session.rollback()
    item_counts._store(home, number, changes)
    assert item_counts.stored(home) == kept and not list(item_count_check.check(home))


def test_a_page_counts_a_few_and_says_that_more_follow(
    app: Flask, cast: Cast, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    instructor, words = signed_in("instructor"), "Answers are still being counted"
    with app.app_context():
        for person in people_of(cast, 3):
            sit(person, random.Random(person), 1)
    monkeypatch.setattr(item_statistics_module, "AT_ONCE", 1)
    assert words in instructor.get("/content").text
    with app.app_context():
        refresher()()
    assert words not in instructor.get("/content").text


def test_figures_are_made_when_a_tenth_more_have_answered_or_a_day_is_over(context: Flask, cast: Cast) -> None:
    home = cast.person("instructor").organisation_id
    assert not item_figures.are_due(home)
    for number, person in enumerate(people_of(cast, 2), 1):
        sit(person, random.Random(number), 1)
    refresher()()
    assert item_figures.stored(home) and not item_figures.are_due(home)
    assert all(one.infit is None for one in item_statistics(home).values()), "two people say nothing about fit"


def test_pages_ask_for_as_much_with_many_answers_as_with_few(app: Flask, cast: Cast, signed_in: SignIn) -> None:
    """The instructor's pages read counts: the same statements, none of them about answers."""
    instructor, asked = signed_in("instructor"), []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
        people, draw = people_of(cast, 12), random.Random(3)
        for person in people[:2]:
            sit(person, draw, 1)
        refresher()()

    def statements() -> list[str]:
        instructor.get("/content")
        asked.clear()
        assert instructor.get("/content").status_code == 200
        return list(asked)

    few = statements()
    with app.app_context():
        for person in people:
            sit(person, draw, 2)
        refresher()()
    many = statements()
    assert len(many) == len(few)
    assert not [text for text in many if "FROM evidence " in text or "FROM response" in text]
