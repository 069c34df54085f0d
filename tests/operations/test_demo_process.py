"""The demo is made beside the first pages: the front page says so, and its doors come when it is there."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from flask import Flask

from lms.operations.demo_process import DemoProcess
from tests.cast import Cast


@pytest.fixture
def engine_name() -> str:
    """The demo runs where the newcomer's database is."""
    return "sqlite"


def begin(app: Flask, folder: Path, ready: Path, says: str) -> DemoProcess:
    """What waits until a file is there, and then says so or fails."""

    def work() -> None:
        while not ready.exists():
            time.sleep(0.01)
        (folder / "said").write_text(says)
        assert says

    return DemoProcess(app, os.open(folder, os.O_RDONLY), work)


@pytest.mark.parametrize("says", ["made", ""])
def test_the_front_page_has_its_doors_when_the_demo_is_there(
    app: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str
) -> None:
    """Also where it failed: the console says why, and nobody waits for ever."""
    monkeypatch.setitem(app.config, "HMUT_DEMO", True)
    monkeypatch.setitem(app.extensions, "hmut_demo_made", lambda: True)
    making = begin(app, tmp_path, tmp_path / "ready", says)
    end = making.watch()
    visitor = app.test_client()
    waiting = visitor.get("/").text
    assert "data-refresh" in waiting and "/demo/" not in waiting and "refresh.js" in waiting
    (tmp_path / "ready").touch()
    while not making.is_over():
        time.sleep(0.01)
    made = visitor.get("/").text
    assert "data-refresh" not in made and "/demo/trainee" in made and "refresh.js" not in made
    end()
    assert (tmp_path / "said").read_text() == says


def test_it_ends_with_the_server(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions, "hmut_demo_made", lambda: True)
    making = begin(app, tmp_path, tmp_path / "never", "made")
    making.watch()()
    assert making.is_over() and not (tmp_path / "said").exists()
    with pytest.raises(ChildProcessError):
        os.waitpid(making._process, os.WNOHANG)
