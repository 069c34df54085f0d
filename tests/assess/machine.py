"""F22: an attempt against a model of it that is small enough to be believed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from lms import clock
from lms.assess import ActRefused, Attempt, start
from lms.assess.receipt import EPOCH
from lms.assess.timing import GRACE
from lms.database import db
from lms.identity.models import Person
from tests.assess.small import TITLE, timed

LIMIT, ITEMS = 100, 3
ZERO = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TABS = st.sampled_from(["", "", "p-tests", "one", "two"])  # "" is whoever writes


@dataclass
class Model:
    """What an attempt must be: answers by item as (seq, value), a clock that can stand still, one writer, one end."""

    tab: str = "p-tests"
    epoch: int = 2
    used: float = 0.0
    extra: float = 0.0
    paused: bool = False
    end: str = ""
    answers: dict[int, tuple[int, str]] = field(default_factory=dict)
    keys: dict[str, tuple[int, str, int, bool]] = field(default_factory=dict)

    @property
    def left(self) -> float:
        return LIMIT + self.extra - self.used

    @property
    def over(self) -> bool:
        return self.left < -GRACE


class AttemptMachine(RuleBasedStateMachine):
    """Every rule does one act on both. `person_id` and `revisions` are set by whoever runs it."""

    person_id: int
    revisions: tuple[int, ...]
    commit = False  # the long form commits every act

    def __init__(self) -> None:
        super().__init__()
        self.now, self.number = ZERO, 0
        self.begin()

    def begin(self) -> None:
        person = db.session.get_one(Person, self.person_id)
        self.attempt: Attempt = start(person, timed(seconds=LIMIT), "machine", TITLE, self.revisions, seed=1)
        self.attempt.take_over("p-tests")
        self.model = Model()

    @rule(item=st.integers(1, ITEMS), values=st.text("abc", min_size=1, max_size=3), tab=TABS, data=st.data())
    def answer(self, item: int, values: str, tab: str, data: st.DataObject) -> None:
        """One to three answers to an item by one page, arriving in any order."""
        numbered = [(self.number + n, value) for n, value in enumerate(values, 1)]
        self.number += len(values)
        for number, value in data.draw(st.permutations(numbered)):
            self.arrive(item, value, number, tab)

    def arrive(self, item: int, value: str, number: int, tab: str) -> None:
        model = self.model
        tab = tab or model.tab
        seq, key = model.epoch * EPOCH + number, f"key-{number:05}"
        if not model.end and (tab != model.tab or model.paused):
            return self.refused(item, value, seq, key, tab)
        late = bool(model.end) or model.over
        receipt = self.attempt.answer(item, {"answer": [value]}, seq, key, tab)
        assert (receipt.client_seq, receipt.late) == (seq, late)
        model.keys[key] = (item, value, seq, late)
        if late:
            model.end = model.end or "deadline"
        else:
            model.answers[item] = max(model.answers.get(item, (0, "")), (seq, value))

    def refused(self, item: int, value: str, seq: int, key: str, tab: str) -> None:
        try:
            self.attempt.answer(item, {"answer": [value]}, seq, key, tab)
        except ActRefused:
            return
        raise AssertionError("an answer was taken that must be refused")

    @precondition(lambda self: self.model.keys)
    @rule(data=st.data(), tab=TABS)
    def repeat(self, data: st.DataObject, tab: str) -> None:
        """A repeated key gets its receipt whoever asks and whatever has happened since."""
        key = data.draw(st.sampled_from(sorted(self.model.keys)))
        item, value, seq, late = self.model.keys[key]
        receipt = self.attempt.answer(item, {"answer": [value]}, seq, key, tab)
        assert (receipt.client_seq, receipt.late) == (seq, late)

    @rule(tab=TABS)
    def take_over(self, tab: str) -> None:
        tab = tab or self.model.tab
        self.attempt.take_over(tab)
        if tab != self.model.tab:
            self.model.tab, self.model.epoch = tab, self.model.epoch + 1

    @rule(seconds=st.sampled_from([1, 31, 60, 140, 140]))
    def pass_time(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        if not self.model.paused and not self.model.end:
            self.model.used += seconds

    @rule()
    def pause(self) -> None:
        self.attempt.pause()
        self.model.paused = self.model.paused or not (self.model.end or self.model.over)

    @rule()
    def resume(self) -> None:
        self.attempt.resume()
        self.model.paused = False

    @rule(seconds=st.sampled_from([5, 60]))
    def extend(self, seconds: int) -> None:
        self.attempt.extend(seconds)
        self.model.extra += 0 if self.model.end else seconds

    @rule()
    def finish(self) -> None:
        self.attempt.finish()
        self.model.end = self.model.end or ("person" if self.model.left > 0 else "deadline")
        self.model.paused = False

    @rule()
    def reopen(self) -> None:
        """Starting again goes on with an attempt that is open, and begins a new one after its end."""
        before = self.attempt.id
        if self.model.end or self.model.over:
            self.begin()
            assert self.attempt.id != before
        else:
            again = start(db.session.get_one(Person, self.person_id), timed(), "machine", TITLE, self.revisions)
            assert again.id == before
            self.model.tab, self.model.epoch = again.writer().tab, self.model.epoch + 1
            self.take_over("p-tests")

    @invariant()
    def agree(self) -> None:
        if self.commit:
            db.session.commit()
        else:
            db.session.flush()
        model, attempt = self.model, self.attempt
        held = {item: (row.client_seq, row.value["answer"][0]) for item, row in attempt.current_answers().items()}
        assert held == model.answers
        assert (attempt.finished_by or "", attempt.is_paused, attempt.writer().tab) == (
            model.end,
            model.paused,
            model.tab,
        )
        if not model.end:
            assert attempt.time_left() == max(0.0, model.left)

    def teardown(self) -> None:
        db.session.rollback()
        db.session.expunge_all()


@contextmanager
def steered(machine: type[AttemptMachine]) -> Iterator[None]:
    """The clock of the rooms stands where the running machine has put it."""
    true, running = clock.now, []
    begin = machine.__init__

    def remember(self: Any) -> None:
        running[:] = [self]
        self.now = ZERO
        begin(self)

    machine.__init__ = remember  # type: ignore[method-assign]
    clock.now = lambda: running[0].now  # type: ignore[assignment]
    try:
        yield
    finally:
        machine.__init__, clock.now = begin, true  # type: ignore[method-assign]
