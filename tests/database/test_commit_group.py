"""Writes that arrive together: one commit for all, each in its own request's context, an error only to its own."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import ContextVar
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import IntegrityError

from lms.database.commit_group import CommitGroup

asker: ContextVar[str] = ContextVar("asker")
INSERT = text("INSERT INTO notes VALUES (:number, :asker)")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path / 'notes.db'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE notes (number INTEGER PRIMARY KEY, asker TEXT)"))
    yield engine
    engine.dispose()


def note(number: int) -> Callable[[Connection], int]:
    def act(connection: Connection) -> int:
        connection.execute(INSERT, {"number": number, "asker": asker.get()})
        return number

    return act


def notes(engine: Engine) -> list[tuple[int, str]]:
    with engine.connect() as connection:
        return [(row.number, row.asker) for row in connection.execute(text("SELECT * FROM notes ORDER BY number"))]


def together(group: CommitGroup, numbers: list[int]) -> list[Future[int]]:
    """So many acts that all came while another one was under way."""
    under_way, go_on = threading.Event(), threading.Event()

    def first(_connection: Connection) -> None:
        under_way.set()
        go_on.wait(60)

    def ask(number: int) -> int:
        asker.set(f"asker {number}")
        return group.run(note(number))

    with ThreadPoolExecutor(len(numbers) + 1) as threads:
        threads.submit(group.run, first)
        under_way.wait(60)
        askers = [threads.submit(ask, number) for number in numbers]
        end = time.monotonic() + 60
        while len(group._queue) < len(numbers) and time.monotonic() < end:
            time.sleep(0.001)
        go_on.set()
    return askers


def test_those_who_wait_are_committed_together_and_each_in_its_own_context(engine: Engine) -> None:
    commits: list[Connection] = []
    event.listen(engine, "commit", commits.append)
    askers = together(CommitGroup(engine), [1, 2, 3, 4])
    assert [each.result() for each in askers] == [1, 2, 3, 4]
    assert notes(engine) == [(number, f"asker {number}") for number in (1, 2, 3, 4)]
    assert len(commits) == 2  # of the one under way, and of all who waited for it


def test_an_error_is_its_own_askers_and_takes_nothing_from_the_others(engine: Engine) -> None:
    askers = together(CommitGroup(engine), [1, 2, 2, 3])
    errors = [each.exception() for each in askers]
    assert [type(error) for error in errors if error] == [IntegrityError]
    assert [number for number, _ in notes(engine)] == [1, 2, 3]


def test_nothing_is_acknowledged_that_could_not_be_committed(engine: Engine) -> None:
    def full(_connection: Connection) -> None:
        raise OSError("the disk is full")

    event.listen(engine, "commit", full)
    askers = together(CommitGroup(engine), [1, 2])
    assert [str(each.exception()) for each in askers] == ["the disk is full"] * 2
    assert notes(engine) == []


def test_where_no_transaction_begins_each_hears_so_and_nothing_stays_behind(engine: Engine) -> None:
    group = CommitGroup(engine)

    def locked(_connection: Connection) -> None:
        raise OSError("the database is locked")

    event.listen(engine, "begin", locked)
    asker.set("asker")
    with pytest.raises(OSError, match="locked"):
        group.run(note(1))
    event.remove(engine, "begin", locked)
    group.run(note(2))
    assert notes(engine) == [(2, "asker")]
