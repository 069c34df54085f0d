"""Whose turn it is to write into SQLite. Two queues of one file are what two processes have: they share no lock but
the files'."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from lms import clock
from lms.background import jobs
from lms.database import db, may_write, writer_queue
from lms.database.writer_queue import WriterQueue
from lms.evidence.refresh_job import RefreshJob
from lms.learn.week import week_start
from lms.learn.weekly_aim import FRIDAY_MORNING


def test_one_process_writes_at_a_time(tmp_path: Path) -> None:
    here, there = WriterQueue(str(tmp_path / "db"), 5), WriterQueue(str(tmp_path / "db"), 0.01)
    with here.take(), pytest.raises(OperationalError, match="locked"):
        there.take()
    with there.take():
        pass
    with WriterQueue(None, 0.01).take(), WriterQueue(None, 0.01).take():
        pass  # two databases in memory


def test_jobs_that_find_nothing_to_do_take_no_turn(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """They look every few seconds, and stand behind others while they hold what a save waits for. On a Friday, when
    reminders are written."""
    taken: list[str] = []
    with app.app_context():
        clock.shift(week_start(clock.now()) + timedelta(days=7) + FRIDAY_MORNING - clock.now())
    take = WriterQueue.take
    monkeypatch.setattr(WriterQueue, "take", lambda turn: (taken.append("taken"), take(turn))[1])
    app.config["SMTP_URL"] = "smtp://nobody.example"
    jobs.run_once(app)
    taken.clear()
    for job in jobs.jobs_of(app, jobs.HEAVY):
        if isinstance(job, RefreshJob):
            job.due = 0.0
    jobs.run_once(app)
    assert not taken
    with app.app_context(), may_write(), db.engine.begin():
        assert taken == ["taken"], "as it is counted"


def test_threads_of_a_process_write_one_at_a_time() -> None:
    memory = WriterQueue(None, 0.01)
    with memory.take(), pytest.raises(OperationalError, match="locked"):
        memory.take()
    with memory.take():
        pass


def test_whoever_waits_is_not_overtaken_by_whoever_writes_again_and_again(tmp_path: Path) -> None:
    order, again, waiting = [], WriterQueue(str(tmp_path / "db"), 5), WriterQueue(str(tmp_path / "db"), 5)

    def wait() -> None:
        with waiting.take():
            order.append("waiting")

    turn, other = again.take(), threading.Thread(target=wait)
    other.start()
    for _ in range(3_000):
        if not _is_free(tmp_path / "db-queue"):
            break
        time.sleep(0.001)
    turn.close()
    with again.take():
        order.append("again")
    other.join()
    assert order == ["waiting", "again"]


def _is_free(queue: Path) -> bool:
    try:
        with writer_queue._held(str(queue), 0):
            return True
    except OperationalError:
        return False
