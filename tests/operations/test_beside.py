"""Jobs beside the server: a process of their own that steps back and ends with it."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from flask import Flask

from lms.background import jobs
from lms.operations import beside


def until(holds: Callable[[], bool]) -> None:
    for _ in range(1_500):
        if holds():
            return
        time.sleep(0.02)
    raise AssertionError("it never happened")


def test_jobs_are_another_process_that_stands_behind_and_ends_when_told(app: Flask, tmp_path: Path) -> None:
    done, held = tmp_path / "done", os.open(tmp_path, os.O_RDONLY)
    jobs.jobs_of(app)[:] = [lambda: done.write_text(f"{os.getpid()} {os.nice(0)}\n")]
    jobs.jobs_of(app, jobs.HEAVY)[:] = []
    end = beside._process(app, held)
    until(lambda: done.exists() and done.read_text().endswith("\n"))
    process, nice = map(int, done.read_text().split())
    assert process != os.getpid() and nice >= min(19, os.nice(0) + jobs.NICE)
    end()
    until(lambda: not psutil.pid_exists(process))
    os.close(held)
    gc.unfreeze()


def test_should_it_die_the_server_does_the_jobs(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Flask] = []
    monkeypatch.setattr(jobs, "start_thread", begun.append)
    monkeypatch.setattr(beside, "_work", lambda *_: os._exit(1))
    beside._process(app, 0)
    until(lambda: begun == [app])
    gc.unfreeze()


@pytest.mark.parametrize(
    ("way", "sound", "begun"),
    [("process", False, "thread"), ("process", True, "process"), ("thread", True, "thread"), ("off", True, "")],
)
def test_where_jobs_run(app: Flask, monkeypatch: pytest.MonkeyPatch, way: str, sound: bool, begun: str) -> None:
    """An SQLite with the fault of two writers keeps them inside the server."""
    seen: list[str] = []
    monkeypatch.setattr(beside, "sqlite_is_sound", lambda _version: sound)
    monkeypatch.setattr(beside, "_thread", lambda _app: seen.append("thread"))
    monkeypatch.setattr(beside, "_process", lambda _app, _held: seen.append("process"))
    app.config["HMUT_JOBS"] = way
    beside.start(app, 0)
    assert "".join(seen) == begun
