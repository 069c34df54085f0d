"""Many of everything: the rows of a small world copied over and over, with numbers and keys of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Integer, String, Table, UniqueConstraint, insert, select

from lms import clock
from lms.database import Base, db

# What an organisation has once, or what is content; sums are kept for each person by the jobs.
ONCE = {
    "organisation", "throttle", "heartbeat", "parameter_set", "item_parameter", "revision", "publication", "rendering",
    "search_section", "expectation", "shelf_version", "former_slug", "framework_edition", "letter_text", "item_count",
    "item_count_round", "item_figures", "fact_check",
}  # fmt: skip
Row = dict[str, Any]


# Of one person there is one of these under way at a time; copies are over.
OVER = {"attempt": "submitted_at", "lab_run": "finished_at", "rated_work": "finished_at"}


@dataclass
class Template:
    """The rows that are copied, as they were at the beginning."""

    rows: dict[str, list[Row]]

    @staticmethod
    def read() -> Template:
        tables = [table for table in Base.metadata.sorted_tables if table.name not in ONCE]
        return Template({table.name: _rows(table) for table in tables})

    def copy(self, numbers: range, kept: Collection[str] = (), only: Collection[str] = ()) -> None:
        """Copies with these numbers. Of tables in `kept` (and ONCE) there stays what is there, and the copies of others
        hang on it. only: the tables that are copied, where named."""
        names = [name for name in self.rows if name not in kept and (not only or name in only)]
        tables = {name: Base.metadata.tables[name] for name in names}
        steps = {name: _step(table, self.rows[name]) for name, table in tables.items()}
        for name, table in tables.items():
            made = [_copy(table, row, number, steps) for number in numbers for row in self.rows[name]]
            if made and _can_be_many(table, steps):
                db.session.execute(insert(table), made)
        db.session.commit()


def _rows(table: Table) -> list[Row]:
    return [dict(row._mapping) for row in db.session.execute(select(table), execution_options={"unscoped": True})]


def _step(table: Table, rows: Iterable[Row]) -> int:
    """What a copy's numbers stand apart from those of the copy before."""
    (first, *_) = table.primary_key.columns
    return 1 + max((abs(row[first.name]) for row in rows if isinstance(row[first.name], int)), default=0)


def _copy(table: Table, row: Row, number: int, steps: dict[str, int]) -> Row:
    made = dict(row)
    for column in table.columns:
        if made[column.name] is not None and (step := _reference(column, steps)):
            made[column.name] += number * step
    first, *others = table.primary_key.columns
    if not others and isinstance(first.type, Integer) and not first.foreign_keys:
        made[first.name] = row[first.name] + number * steps[table.name]
    for column in _own_keys(table, steps):
        made[column.name] = _other(column, made[column.name], number)
    if table.name in OVER and "person" not in steps:
        made[OVER[table.name]] = clock.now()
        made |= {"finished_by": "person"} if "finished_by" in made else {}
    return made


def _reference(column: Column[Any], steps: dict[str, int]) -> int:
    """The step of the table that the column refers to by number, 0 where that is not copied."""
    found = [steps.get(key.column.table.name, 0) for key in column.foreign_keys if isinstance(key.column.type, Integer)]
    return max(found, default=0)


def _keys(table: Table) -> Iterator[list[Column[Any]]]:
    yield from (list(key.columns) for key in table.constraints if isinstance(key, UniqueConstraint))
    whole = [index for index in table.indexes if index.unique and index.dialect_options["sqlite"]["where"] is None]
    yield from (list(index.columns) for index in whole)
    if len(table.primary_key.columns) > 1 or not isinstance(next(iter(table.primary_key.columns)).type, Integer):
        yield list(table.primary_key.columns)


def _own_keys(table: Table, steps: dict[str, int]) -> set[Column[Any]]:
    """A column of each key that no reference makes another one."""
    free = [key for key in _keys(table) if not any(_reference(column, steps) for column in key)]
    return {column for key in free for column in _free(key)[:1]}


def _free(key: list[Column[Any]]) -> list[Column[Any]]:
    plain = [column for column in key if not column.foreign_keys and isinstance(column.type, String | Integer)]
    return sorted(plain, key=lambda column: not isinstance(column.type, String))


def _can_be_many(table: Table, steps: dict[str, int]) -> bool:
    """Whether each key can be made another one."""
    return all(any(_reference(column, steps) for column in key) or _free(key) for key in _keys(table))


def _other(column: Column[Any], value: Any, number: int) -> Any:
    if value is None or isinstance(value, int):
        return value and value + 100_000 * number
    suffix = f"-{number}"
    return f"{value[: (column.type.length or 200) - len(suffix)]}{suffix}"  # type: ignore[attr-defined]
