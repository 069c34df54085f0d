"""One act, one transaction: committed before the reply, repeated as a whole when two of them collided."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any, TypeVar, cast

from sqlalchemy.exc import DBAPIError, IntegrityError

from lms.database import db

TRIES = 5
STEP, BREATH = 10, 0.01  # of a long list that are written together; seconds between two steps
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


def in_steps(things: Iterable[Thing], size: int = STEP) -> Iterator[Thing]:
    """Each of them, and after every few what was done so far is committed and others who write have their turn: for
    lists of people that were looked at as a whole before, so that no line of them can fail."""
    for number, thing in enumerate(things, 1):
        yield thing
        if number % size == 0:
            db.session.commit()
            time.sleep(BREATH)


def is_collision(error: DBAPIError) -> bool:
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", None) in COLLISIONS
