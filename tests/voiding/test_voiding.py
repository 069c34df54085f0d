"""A question found wrong: who is touched is said before, nothing of it counts after, and it can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms import assess, database, evidence, publishing
from lms.assess import Attempt
from lms.author.answer_table import answer_table
from lms.author.item_statistics import item_statistics
from lms.background.mail import OutboxMail
from lms.database import audit, db
from lms.evidence import VoidVerdict
from lms.evidence.models import Evidence, ItemVoid
from lms.hiring.comparison import AgainstRole, hold
from lms.learn.finished_attempts import fair_credit
from lms.learn.progress import progress_of
from lms.learn.specifications import CHECK
from lms.psychometrics.profile import RoleGap, RoleProfile
from lms.voiding import effect
from lms.voiding.effect import Effect
from tests.assess.small import TITLE
from tests.cast import Cast
from tests.learn.conftest import answer_all

MODULE = "C1.1"


@pytest.fixture(autouse=True)
def _may_write() -> Iterator[None]:
    yield
    database.mode.reading.set(False)


def sat(cast: Cast, wrong: int, n: int = 10, who: str = "trainee") -> Attempt:
    """A check of C1.1 that ended, the last `wrong` of its questions left out."""
    bank = [revision for revision, item in publishing.items(pool="practice") if item.module == MODULE]
    attempt = assess.start(cast.person(who), CHECK, MODULE, TITLE, bank[:n], seed=7)
    answer_all(attempt, wrong)
    attempt.finish()
    db.session.commit()
    return attempt


def last_key(attempt: Attempt) -> str:
    return publishing.item(attempt.items[-1].revision_id).id


def verdict(cast: Cast, key: str, is_void: bool = True, revision_id: int | None = None) -> VoidVerdict:
    return VoidVerdict(cast.person("trainee").organisation_id, key, revision_id, is_void)


def carry_out(said: VoidVerdict) -> Effect:
    foreseen = effect.preview(said)
    effect.carry_out(said, "the key is wrong", None)
    return foreseen


def said(matrix: object) -> list[tuple[object, ...]]:
    cells = matrix.cells.values()  # type: ignore[attr-defined]
    return [(cell.key, cell.theta, cell.sd, cell.level, cell.n) for cell in cells]


@pytest.mark.both_engines
def test_void_and_valid_again_gives_the_same_matrix(context: Flask, cast: Cast) -> None:
    attempt = sat(cast, wrong=3)
    before, rows = evidence.matrix_of(cast.trainee), db.session.scalar(select(func.count(Evidence.id)))
    for item in attempt.items[:4]:
        key = publishing.item(item.revision_id).id
        done = carry_out(verdict(cast, key))
        without = evidence.matrix_of(cast.trainee)
        sub = publishing.item(item.revision_id).sub
        assert without.cells[sub].n == before.cells[sub].n - 1 and said(without) != said(before)
        assert done.evidence == 1 and done.shifted >= 1 and [one.id for one in done.people] == [cast.trainee]
        carry_out(verdict(cast, key, is_void=False))
        assert said(evidence.matrix_of(cast.trainee)) == said(before)
    assert db.session.scalar(select(func.count(Evidence.id))) == rows
    assert audit.broken_at(cast.person("trainee").organisation_id) is None


def test_the_newest_word_holds_for_one_version_or_all(context: Flask, cast: Cast) -> None:
    attempt = sat(cast, wrong=0)
    key, revision = last_key(attempt), attempt.items[-1].revision_id
    other = attempt.items[0].revision_id
    carry_out(verdict(cast, key, revision_id=other))  # some other version
    assert evidence.voids_for(cast.trainee) == frozenset()
    carry_out(verdict(cast, key, revision_id=revision))
    assert evidence.voids_for(cast.trainee) == {revision}
    carry_out(verdict(cast, key, is_void=False))
    assert evidence.voids_for(cast.trainee) == frozenset()
    assert evidence.voids_for(cast.outsider) == frozenset()


def test_another_organisation_is_not_touched(context: Flask, cast: Cast) -> None:
    attempt = sat(cast, wrong=0)
    elsewhere = VoidVerdict(cast.person("outsider").organisation_id, last_key(attempt), None, True)
    before = said(evidence.matrix_of(cast.trainee))
    assert carry_out(elsewhere).people == []
    assert said(evidence.matrix_of(cast.trainee)) == before


def test_a_check_that_failed_by_it_is_passed_and_none_is_lost(context: Flask, cast: Cast) -> None:
    attempt = sat(cast, wrong=2, n=9)
    first, last = publishing.item(attempt.items[0].revision_id).id, last_key(attempt)
    assert CHECK.pass_mark is not None and 7 / 9 < CHECK.pass_mark < 7 / 8 + 1e-9
    assert not progress_of(cast.trainee).modules[MODULE].check_at
    assert [module for _, module in effect.preview(verdict(cast, last)).passed] == [MODULE]
    carry_out(verdict(cast, last))
    assert progress_of(cast.trainee).modules[MODULE].check_at
    assert carry_out(verdict(cast, first)).failed == frozenset()  # a right answer that goes takes nothing away


def test_credit_is_never_lowered() -> None:
    assert fair_credit([1, 0], [1]) == 1
    assert fair_credit([1, 0], [0]) == 0.5
    assert fair_credit([1, 1], []) == 1


def test_a_preview_says_what_the_act_does_and_changes_nothing(context: Flask, cast: Cast) -> None:
    key = last_key(sat(cast, wrong=1))
    organisation = cast.person("trainee").organisation_id
    entries = len(audit.newest(organisation))
    before = evidence.matrix_of(cast.trainee)
    foreseen = effect.preview(verdict(cast, key))
    assert not db.session.scalars(select(ItemVoid)).all() and len(audit.newest(organisation)) == entries
    assert said(evidence.matrix_of(cast.trainee)) == said(before)
    effect.carry_out(verdict(cast, key), "why", None)
    after = evidence.matrix_of(cast.trainee)
    pairs = [(before.cells[name], after.cells[name]) for name in before.cells]
    assert foreseen.shifted == sum(old.theta != new.theta for old, new in pairs) > 0
    assert [(one.cell, one.after) for one in foreseen.moved] == [
        (new.key, new.level) for old, new in pairs if old.level != new.level
    ]
    again = effect.preview(verdict(cast, key))
    assert (again.evidence, again.shifted) == (0, 0)


def test_people_looked_at_one_by_one_are_compared_with_one_another(
    context: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One lost a place by the void question alone; without it both stand alike. Intervals count as if nothing were left
    open."""

    def sharp(people: Sequence[int], role: RoleProfile) -> dict[int, AgainstRole]:
        return {key: replace(row, gap=_sharp(row.gap)) for key, row in hold(people, role).items()}

    key = last_key(sat(cast, wrong=1))
    sat(cast, wrong=0, who="candidate")
    monkeypatch.setattr(effect, "hold", sharp)
    together = effect.preview(verdict(cast, key))
    monkeypatch.setattr(effect, "AT_ONCE", 1)
    apart = effect.preview(verdict(cast, key))
    assert [person.id for person in apart.people] == [cast.candidate, cast.trainee]
    assert (apart.attempts, apart.evidence, apart.ranked) == (2, 2, 2) and apart == together


def _sharp(gap: RoleGap) -> RoleGap:
    place = round(gap.composite or 0.0, 6)
    return replace(gap, assessed=1.0, low=place, high=place)


def test_statistics_leave_it_out(context: Flask, cast: Cast) -> None:
    key, organisation = last_key(sat(cast, wrong=1)), cast.person("trainee").organisation_id
    assert key in item_statistics(organisation)
    carry_out(verdict(cast, key))
    db.session.commit()
    table = answer_table(organisation)
    assert key not in table.keys and key not in item_statistics(organisation)


def test_pages_say_it_in_words(app: Flask, cast: Cast, signed_in: Callable[[str], FlaskClient]) -> None:
    with app.app_context():
        attempt = sat(cast, wrong=1)
        key, number = last_key(attempt), attempt.id
    client, address = signed_in("instructor"), f"/content/items/{key}/void"
    assert "Ended tests" not in client.get(address).text
    form = {"act": "void", "revision": "all", "reason": "two right answers", "letter": "y"}
    assert client.post(address, data=form | {"reason": ""}).status_code == 422
    page = client.post(address, data=form)
    assert "Ended tests that asked it: 1" in page.text and "Անահիտ" not in page.text
    with app.app_context():
        assert not db.session.scalars(select(ItemVoid)).all()
    assert client.post(address, data=form | {"sure": "1"}).status_code == 303
    assert "two right answers" in client.get(address).text
    result = signed_in("trainee").get(f"/attempts/{number}/result").text
    assert result.count("this question was wrong: it does not count") == 1
    with app.app_context():
        letter = db.session.scalars(select(OutboxMail)).one()
        assert letter.recipient == "trainee@example.org" and "our mistake, not yours" in letter.body
    assert "two right answers" in signed_in("administrator").get("/audit").text
    assert signed_in("administrator").post(address, data=form).text.count("Անահիտ") >= 1
    assert client.get("/content/items/no-such-item/void").status_code == 404


def test_the_command_asks_and_takes_back(app: Flask, cast: Cast) -> None:
    with app.app_context():
        key = last_key(sat(cast, wrong=1))
    run = app.test_cli_runner().invoke
    words = [key, "--reason", "the key is wrong", "--organisation", "aygi"]
    dry = run(args=["items", "void", *words, "--dry-run"])
    assert dry.exit_code == 0 and "aygi: 1 people, 1 tests, 1 pieces of evidence" in dry.output
    run(args=["items", "void", *words], input="n\n")
    with app.app_context():
        assert not evidence.voids_for(cast.trainee)
    assert run(args=["items", "void", *words, "--letters", "--yes"]).exit_code == 0
    with app.app_context():
        assert len(evidence.voids_for(cast.trainee)) == 1
    assert run(args=["items", "restore", *words, "--yes"]).exit_code == 0
    with app.app_context():
        assert not evidence.voids_for(cast.trainee)
    assert "has no item" in run(args=["items", "void", "nothing", "--reason", "x", "--organisation", "aygi"]).output
