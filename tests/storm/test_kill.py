"""F1 in short: no acknowledged answer is lost when the server is killed, and a server that cheats is caught."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cast import Cast
from tests.storm.kill import storm

pytestmark = pytest.mark.both_engines

ANSWERS = 240  # the long form: `python3 -m tests storm`


def test_kill_9_loses_doubles_and_invents_nothing(engine_name: str, database: tuple[str, Cast], tmp_path: Path) -> None:
    workers = 1 if engine_name == "sqlite" else 2
    report = storm(database[0], tmp_path, clients=16, kills=3, answers=ANSWERS, workers=workers)
    assert report.verdict.clean, report
    assert report.verdict.acknowledged >= ANSWERS
    assert report.server_errors == 0


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=False)
@pytest.mark.parametrize("mutant", ["ack_before_commit", "buffer_in_memory"])
def test_a_server_that_says_saved_too_early_is_caught(
    engine_name: str, database: tuple[str, Cast], tmp_path: Path, mutant: str
) -> None:
    report = storm(database[0], tmp_path, clients=16, kills=2, answers=100, mutant=mutant)
    assert report.verdict.lost > 0
