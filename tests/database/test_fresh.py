"""What a test gets is as if nobody had used it, also where the file of the test before is kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests import databases


def test_what_one_test_wrote_the_next_does_not_find(workbench: Path) -> None:
    for writes in (False, True, False, True):
        with (
            databases.fresh("sqlite", workbench) as (url, _cast),
            closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection,
        ):
            assert connection.execute("SELECT count(*) FROM organisation WHERE slug = 'left'").fetchone() == (0,)
            if writes:
                connection.execute("UPDATE organisation SET slug = 'left' WHERE slug = 'elsewhere'")
                connection.commit()
