"""A second line behind the scoped queries: while a request runs, rows that belong to somebody are read or changed only
by a statement that says whose they are. One that forgot it raises and becomes a 500, instead of showing another
organisation's data. The first line stays the loading through the owner; this one cannot know whether the owner named
is the right one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import cast
from weakref import WeakSet

from flask import Flask, g, has_app_context
from sqlalchemy import BinaryExpression, ClauseElement, Column, ColumnElement, event
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.util import find_tables

from lms.database import Base, db

OWNERS = {"organisation_id", "person_id", "attempt_id", "attempt_item_id"}
SECRETS = {"token_hash", "code", "email"}  # whoever knows it may ask by it: a link, a certificate, an address
_scoped: WeakSet[ClauseElement] = WeakSet()  # statements that are built once and were looked through
UNSCOPED = {"unscoped": True}  # execution option of the few statements that mean to look everywhere


def init_app(app: Flask) -> None:
    app.before_request(_begin)
    app.teardown_request(_end)
    if not event.contains(db.session, "do_orm_execute", refuse_unscoped):
        event.listen(db.session, "do_orm_execute", refuse_unscoped)


def _begin() -> None:
    g.guarded = True


def _end(_error: BaseException | None) -> None:
    g.pop("guarded", None)


def refuse_unscoped(state: ORMExecuteState) -> None:
    """Raise RuntimeError naming the tables when a statement reaches owned rows without a word about their owner."""
    if not has_app_context() or "guarded" not in g or state.execution_options.get("unscoped"):
        return
    if state.is_insert or state.is_relationship_load or state.is_column_load:
        return
    statement = cast(ClauseElement, state.statement)
    if statement in _scoped:
        return
    if any(_names_owner(part) for part in visitors.iterate(statement)):
        _scoped.add(statement)
        return
    if reached := owned() & {str(getattr(table, "name", "")) for table in find_tables(statement, **_EVERYWHERE)}:
        raise RuntimeError(f"a statement about {', '.join(sorted(reached))} does not say whose")


_EVERYWHERE = {"check_columns": True, "include_joins": True, "include_selects": True, "include_crud": True}


@cache
def owned() -> set[str]:
    """Tables whose rows belong to a person or an organisation: all that do not declare themselves shared."""
    return {table.name for table in Base.metadata.sorted_tables if not table.info.get("shared")}


def _names_owner(part: object) -> bool:
    """Whether this part of a statement compares an owner's column with a value."""
    if not isinstance(part, BinaryExpression) or part.operator not in (operators.eq, operators.in_op):
        return False
    left, right = list(_columns(part.left)), list(_columns(part.right))
    return any(column.key in OWNERS | SECRETS for column in left + right) and not (left and right)


def _columns(side: ColumnElement[object]) -> Iterator[Column[object]]:
    yield from (part for part in visitors.iterate(side) if isinstance(part, Column))
