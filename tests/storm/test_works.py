"""F1 over work samples, very short; `python3 -m tests storm works` is the long form and has a server that cheats."""

from __future__ import annotations

from pathlib import Path

from tests.cast import Cast
from tests.storm.pages import write_through
from tests.storm.texts import Reply, Sprint


def test_kill_9_loses_no_action_of_a_sprint_and_no_save_of_a_reply(database: tuple[str, Cast], tmp_path: Path) -> None:
    report = write_through(database[0], tmp_path, [Sprint, Reply], pages=4, kills=1, saves=40)
    assert report.clean, report
    assert report.saved >= 40
