"""Work in two processes: the same results, also where the second cannot give its half."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from lms.config import ROOT
from lms.content.check import file_findings
from lms.content.content_files import read_files
from lms.content.load import library_from
from lms.publishing.acceptance import _file_findings
from lms.publishing.two_processes import in_halves

THINGS = list(range(100))


def squares(things: Sequence[int]) -> dict[int, tuple[int, int]]:
    return {thing: (thing * thing, os.getpid()) for thing in things}


def gathered(halves: Sequence[dict[int, tuple[int, int]]]) -> tuple[dict[int, int], set[int]]:
    whole = {thing: told for half in halves for thing, told in half.items()}
    return {thing: square for thing, (square, _) in whole.items()}, {process for _, process in whole.values()}


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(threading, "active_count", lambda: 1)


def test_two_processes_do_half_each_and_beside_threads_one_does_all(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = {thing: thing * thing for thing in THINGS}
    found, processes = gathered(in_halves(squares, THINGS))
    assert found == wanted and len(processes) == 2
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert gathered(in_halves(squares, THINGS)) == (wanted, {os.getpid()})


def test_where_the_second_fails_the_first_does_it_all() -> None:
    here = os.getpid()

    def work(things: Sequence[int]) -> dict[int, tuple[int, int]]:
        assert os.getpid() == here
        return squares(things)

    assert gathered(in_halves(work, THINGS)) == ({thing: thing * thing for thing in THINGS}, {here})


def test_halves_of_the_files_have_the_findings_of_all(tmp_path: Path) -> None:
    files = {
        path: data for path, data in read_files(ROOT).items() if path.startswith(("quizzes/reference", "courses/"))
    }
    for path in [path for path in files if path.endswith("en.md")][::3]:
        files[path] = files[path].replace(b"## ", b"### ", 1).replace(b"](", b"](#nowhere-", 1)
    library, today, paths = library_from(files), date(2026, 11, 28), frozenset(files)
    whole = set(file_findings(library, today, paths))
    assert _file_findings(library, today, paths) == whole and len(whole) > 5
