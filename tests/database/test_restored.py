"""What a test took away of the tests' own PostgreSQL stands again for the next: rows, rules and triggers."""

from pathlib import Path

import psycopg
import pytest

from tests import databases

TAKEN_AWAY = (
    "DELETE FROM membership",
    "ALTER TABLE mark DROP CONSTRAINT uq_mark_attempt_item_id",
    "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
    "DROP INDEX uq_attempt_pause_open",
)


def counts(url: str) -> tuple[object, ...]:
    asked = "(SELECT count(*) FROM membership), (SELECT count(*) FROM pg_constraint), (SELECT count(*) FROM pg_index)"
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute(f"SELECT {asked}, (SELECT count(*) FROM pg_trigger WHERE tgenabled = 'O')").fetchone()
    assert row
    return tuple(row)


@pytest.mark.parametrize("statement", TAKEN_AWAY)
def test_what_a_test_took_away_is_there_for_the_next(workbench: Path, statement: str) -> None:
    with databases.fresh("postgresql", workbench) as (url, _cast):
        before = counts(url)
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            connection.execute(statement)  # type: ignore[arg-type]
        assert counts(url) != before
    with databases.fresh("postgresql", workbench) as (url, _cast):
        assert counts(url) == before
