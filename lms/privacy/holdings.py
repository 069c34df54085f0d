"""A person's rows, table by table, in the order in which tables rest on one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, func, select

from lms.database import Base, db
from lms.privacy.holding import Holding
from lms.privacy.inventory import HOLDINGS
from lms.privacy.subject import Subject

UNSCOPED = {"unscoped": True}  # each statement says whose rows it means, some by more than an owner's column


@dataclass(frozen=True)
class HeldRows:
    """How many rows of one kind a person has."""

    name: str
    holding: Holding
    count: int


def tables() -> Iterator[tuple[Table, Holding]]:
    """Those that hold people's data, what others rest on first."""
    for table in Base.metadata.sorted_tables:
        if table.name in HOLDINGS:
            yield table, HOLDINGS[table.name]


def rows_of(table: Table, holding: Holding, subject: Subject) -> Sequence[Any]:
    """The person's rows, only what is handed out of them."""
    shown = [column for column in table.columns if column.name not in holding.withheld]
    query = select(*shown).where(holding.belongs(table, subject)).order_by(*table.primary_key)
    rows = db.session.execute(query, execution_options=UNSCOPED).mappings().all()
    return [dict(row) | {name: cover(row[name]) for name, cover in holding.covered.items()} for row in rows]


def count(table: Table, holding: Holding, subject: Subject) -> int:
    counted = select(func.count()).select_from(table).where(holding.belongs(table, subject))
    return db.session.scalar(counted, execution_options=UNSCOPED) or 0


def held(subject: Subject) -> list[HeldRows]:
    """What there is of a person, kinds without rows left out, in the inventory's order."""
    counts = {table.name: count(table, holding, subject) for table, holding in tables()}
    return [HeldRows(name, holding, counts[name]) for name, holding in HOLDINGS.items() if counts[name]]
