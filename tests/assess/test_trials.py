"""Questions on trial: said before, asked beside those that count, changing nothing, until their difficulty is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from lms import assess, clock, evidence, publishing
from lms.assess import Attempt, adaptive, trials
from lms.assess.chance import fixed_chance
from lms.campaigns.parts import TEST, bank_of
from lms.content.model import Item
from lms.database import db, read_only
from lms.evidence.models import Evidence, TrialAnswer
from lms.identity.models import Person
from lms.learn.progress import progress_of
from lms.learn.specifications import CHECK, PLACEMENT
from lms.publishing import current_content
from tests.assess.forms import SignIn, controls, hidden
from tests.assess.small import right, wrong
from tests.cast import Cast

MODULE = "C5.1"


@pytest.fixture
def engine_name() -> str:
    """Arithmetic and rows that other tests write on both."""
    return "sqlite"


@pytest.fixture(autouse=True)
def tried(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Keys of the items that count as marked `pretest: true`."""
    keys: set[str] = set()
    usual = current_content._answerable

    def marked(pool: str, module: str, course: str) -> Iterator[tuple[int, Item]]:
        for revision, item in usual(pool, module, course):
            yield revision, replace(item, pretest=item.id in keys)

    monkeypatch.setattr(current_content, "_answerable", marked)
    return keys


def singles(**part: str) -> list[tuple[int, Item]]:
    return [(revision, item) for revision, item in publishing.items(**part) if item.type == "single"]


def on_trial(tried: set[str], count: int, **part: str) -> list[int]:
    chosen = [pair for pair in singles(**part) if not pair[1].set_id and not pair[1].enemies][:count]
    tried.update(item.id for _, item in chosen)
    return [revision for revision, _ in chosen]


def begun(person: Person, purpose: str, subject: str) -> Attempt:
    """A test that holds questions on trial: chance is asked until it says so."""
    for seed in range(20):
        with fixed_chance(seed):
            attempt = assess.begin(person, purpose, subject)
        if attempt.trials:
            attempt.take_over("p-tests")
            return attempt
        db.session.rollback()
    raise AssertionError("chance never tried one")


def give(attempt: Attempt, position: int, form: dict[str, list[str]]) -> None:
    attempt.answer(position, form, attempt.last_seq() + 1, f"key-of-{position}", "p-tests")


def test_they_change_no_result_and_no_level(context: Flask, cast: Cast, tried: set[str]) -> None:
    new, person = set(on_trial(tried, 3, pool="practice", module=MODULE)), cast.person("trainee")
    attempt = begun(person, "check", MODULE)
    asked = {item.position: item.revision_id for item in attempt.items}
    trial = {position: revision for position, revision in asked.items() if attempt.trial_at(position)}
    assert len(trial) == CHECK.trials and set(trial.values()) < new
    assert len(asked) - len(trial) >= CHECK.least
    assert attempt.deadline_at is not None
    assert (attempt.deadline_at - attempt.started_at).total_seconds() == 120 * len(asked)  # their time is given too
    for position in asked:
        if publishing.item(asked[position]).type == "single":
            give(attempt, position, (wrong if position in trial else right)(attempt, position))
    attempt.finish()
    db.session.flush()
    counting = set(asked.values()) - new
    assert set(db.session.scalars(select(Evidence.revision_id))) == counting
    kept = db.session.scalars(select(TrialAnswer)).all()
    assert {row.revision_id for row in kept} == set(trial.values())
    assert all(row.category == 0 and 0 < row.information < 0.3 for row in kept)
    assert {cell.n for key, cell in evidence.matrix_of(person.id).cells.items() if key == "content"} == {len(counting)}
    result = assess.results(attempt, "en")
    assert {item.revision_id for item in result.trials} == set(trial.values())
    assert result.credit == progress_of(person.id).modules[MODULE].checks[0].credit
    assert result.credit > assess.mean_credit([item.credit for item in (*result.items, *result.trials)])


def test_an_adaptive_test_chooses_as_if_they_were_not_there(
    app: Flask, cast: Cast, signed_in: SignIn, tried: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "SHARE", 1.0)
    with app.app_context(), read_only():
        new = set(on_trial(tried, 3, pool="placement"))
    client = signed_in("trainee")
    home = " ".join(client.get("/matrix").text.split())
    address = client.post("/placements").headers["Location"]
    pages: list[str] = []
    while not address.endswith("/result"):
        pages.append(client.get(address).text)
        position = int(re.findall(r'<form id="q(\d+)"', pages[-1])[0])
        filled = hidden(pages[-1], position) | controls(pages[-1], position)
        address = client.post(f"{address}/responses", data=filled).headers["Location"]
    assert "questions more may be ones that are only being tried" in home
    assert "Of the 14 questions, 2 are only being tried and do not count." in " ".join(pages[0].split())
    assert 'max="14"' in pages[0] and len(pages) == PLACEMENT.most + PLACEMENT.trials
    with app.app_context(), read_only():
        attempt = db.session.scalars(select(Attempt)).one()
        counting = [item.revision_id for item in attempt.items if not attempt.trial_at(item.position)]
        assert adaptive.path(attempt) == counting and not new.intersection(counting)
        assert len(db.session.scalars(select(Evidence)).all()) == PLACEMENT.most
        assert set(db.session.scalars(select(TrialAnswer.revision_id))) < new
    told = " ".join(client.get(address).text.split())
    assert "Tried, and not counted: 2" in told


def test_a_trial_ends_by_itself_and_goes_to_whom_it_tells_most_of(context: Flask, cast: Cast, tried: set[str]) -> None:
    first, second, third = on_trial(tried, 3, pool="placement")
    person = cast.person("trainee")
    pool = publishing.trials("placement")
    ranked = evidence.wanted_trials(person.id, pool)
    assert set(ranked) == {first, second, third}
    _answer(cast, first, information=9.0)
    _answer(cast, ranked[0] if ranked[0] != first else ranked[1], information=2.0)
    assert first not in evidence.wanted_trials(person.id, pool)
    state = evidence.trial_of(first)
    assert not state.wanted and not state.known and state.error < evidence.KNOWN  # a calibration has yet to say so
    again = evidence.wanted_trials(person.id, pool)
    assert len(again) == 2 and again[0] not in set(db.session.scalars(select(TrialAnswer.revision_id)))


def _answer(cast: Cast, revision: int, information: float) -> None:
    item = publishing.item(revision)
    db.session.add(
        TrialAnswer(
            person_id=cast.person("instructor").id,
            item_key=item.id,
            revision_id=revision,
            attempt_id=1,
            sub=item.sub,
            category=1,
            categories=2,
            information=information,
            answered_at=clock.now(),
        )
    )
    db.session.flush()


def test_no_assessment_for_a_job_holds_one(context: Flask, cast: Cast, tried: set[str]) -> None:
    before = set(bank_of(TEST, ("hy", "en")))
    (new,) = on_trial(tried, 1, pool="closed")
    assert before - set(bank_of(TEST, ("hy", "en"))) == {new}
    assert TEST.trials == 0
    assert trials.plan(cast.person("candidate"), TEST, "", sorted(before - {new})) == {}


def test_without_any_nothing_is_said_and_nothing_drawn(context: Flask, cast: Cast) -> None:
    assert not trials.may_hold_trials(CHECK, MODULE)
    with fixed_chance(1):
        assert trials.plan(cast.person("trainee"), CHECK, MODULE, [1]) == {}
        with fixed_chance(1):
            drawn = trials.chance().random()
        assert trials.chance().random() == drawn


def test_their_places_leave_tables_whole() -> None:
    assert trials.merged([11, 12, 13], {2: 91, 4: 92}) == [11, 91, 12, 92, 13]
    assert trials.merged([11, 12], {3: 91}) == [11, 12, 91]
