"""One act, one transaction: committed before the reply, repeated as a whole when two of them collided."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar, cast

from sqlalchemy import Select
from sqlalchemy.exc import DBAPIError, IntegrityError

from lms.database import db, read_only

TRIES = 5
STEP, LONGEST = 0.01, 0.1  # seconds after which a step of a long list ends; that others then have at most
COLLISIONS = ("40001", "40P01")  # PostgreSQL: serialisation failure, deadlock
Thing = TypeVar("Thing")
Act = TypeVar("Act", bound=Callable[..., Any])


def transaction(act: Act) -> Act:
    """Run the view, commit, then let its reply go out; on a collision roll back and run it again, up to five times.

    A unique index that says no counts as a collision too: on the second run the act finds what the other one stored.
    What goes on failing leaves as the database's error, which becomes 503 with Retry-After.
    """

    @wraps(act)
    def run(*args: Any, **kwargs: Any) -> Any:
        for attempt in range(1, TRIES + 1):
            try:
                result = act(*args, **kwargs)
                db.session.commit()
                return result
            except DBAPIError as error:
                db.session.rollback()
                if attempt == TRIES or not is_collision(error):
                    raise
                time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311  jitter, not a secret
            except BaseException:
                db.session.rollback()
                raise
        raise AssertionError("unreachable")

    run.writes = True  # type: ignore[attr-defined]  # a test asks it of every view that takes a POST
    return cast(Act, run)


def in_steps(things: Iterable[Thing]) -> Iterator[Thing]:
    """Each of them, and as soon as others who write have waited for STEP what was done so far is committed, and they
    have as long: for lists of people that were looked at as a whole before, so that no line of them can fail."""
    begun = time.perf_counter()
    for thing in things:
        yield thing
        if (duration := time.perf_counter() - begun) >= STEP:
            db.session.commit()
            time.sleep(min(duration, LONGEST))
            begun = time.perf_counter()


@contextmanager
def between_writes() -> Iterator[None]:
    """What is read inside at length keeps nobody from writing: what was written before it is committed, what is written
    after it begins anew."""
    db.session.commit()
    with read_transaction():
        yield


@contextmanager
def read_transaction() -> Iterator[None]:
    """What is asked inside only reads, and ends there: nobody who writes waits for it."""
    with read_only():
        yield
        db.session.rollback()


def finds(statement: Select[*tuple[Any, ...]]) -> bool:
    """Whether it finds anything that is committed, asked without a turn to write: for a job that mostly has nothing to
    do and would let everybody wait for that."""
    with read_only(), db.engine.connect() as connection:
        return connection.execute(statement.limit(1)).first() is not None


def is_collision(error: DBAPIError) -> bool:
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", None) in COLLISIONS
