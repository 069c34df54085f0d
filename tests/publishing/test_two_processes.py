"""Work in two processes: the same results, also where the second cannot give its part."""

from __future__ import annotations

import os
import pickle
import select
import threading
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from lms.config import ROOT
from lms.content.check import file_findings
from lms.content.content_files import read_files
from lms.content.load import library_from
from lms.content.parse_cache import AUTHORS, PUBLISHED, read_banks
from lms.content.reading_cache import brought, noting
from lms.publishing import two_processes
from lms.publishing.acceptance import _file_findings
from lms.publishing.two_processes import in_parts
from tests.publishing.telling import told

THINGS = list(range(100))
BANKS = (AUTHORS.bank, PUBLISHED.bank)


def squares(things: Sequence[int]) -> dict[int, tuple[int, int]]:
    return {thing: (thing * thing, os.getpid()) for thing in things}


def gathered(parts: Sequence[dict[int, tuple[int, int]]]) -> tuple[dict[int, int], set[int]]:
    whole = {thing: told for part in parts for thing, told in part.items()}
    return {thing: square for thing, (square, _) in whole.items()}, {process for _, process in whole.values()}


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(threading, "active_count", lambda: 1)


def test_two_processes_take_turns_and_beside_threads_one_does_all(monkeypatch: pytest.MonkeyPatch) -> None:
    here, wanted = os.getpid(), {thing: thing * thing for thing in THINGS}
    (first_heard, first_told), (second_heard, second_told) = os.pipe(), os.pipe()
    waited: list[bytes] = []

    def work(things: Sequence[int]) -> dict[int, tuple[int, int]]:
        """Either process waits at its first part until the other has one too: none can do them all alone."""
        if not waited:
            tell, hear = (first_told, second_heard) if os.getpid() == here else (second_told, first_heard)
            os.write(tell, b".")
            waited.append(b"".join(os.read(end, 1) for end in select.select([hear], [], [], 20)[0]))
        return squares(things)

    parts = in_parts(work, THINGS)
    found, processes = gathered(parts)
    assert found == wanted and len(processes) == 2 and here in processes
    assert [min(part) for part in parts] == sorted(min(part) for part in parts), "in the order of the things"
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert gathered(in_parts(squares, THINGS)) == (wanted, {here})
    for end in (first_heard, first_told, second_heard, second_told):
        os.close(end)


def test_what_the_second_process_took_and_lost_the_first_does() -> None:
    here, (heard, told) = os.getpid(), os.pipe()
    waited: list[bytes] = []

    def work(things: Sequence[int]) -> dict[int, tuple[int, int]]:
        if os.getpid() != here:
            os.write(told, b".")
            raise ZeroDivisionError
        waited.append(b"" if waited else os.read(heard, 1))
        return squares(things)

    assert gathered(in_parts(work, THINGS)) == ({thing: thing * thing for thing in THINGS}, {here})
    os.close(heard)
    os.close(told)


def test_parts_of_the_files_have_the_findings_of_all(tmp_path: Path) -> None:
    files = {
        path: data for path, data in read_files(ROOT).items() if path.startswith(("quizzes/reference", "courses/"))
    }
    for path in [path for path in files if path.endswith("en.md")][::3]:
        files[path] = files[path].replace(b"## ", b"### ", 1).replace(b"](", b"](#nowhere-", 1)
    library, today, paths = library_from(files), date(2026, 11, 28), frozenset(files)
    whole = set(file_findings(library, today, paths))
    assert _file_findings(library, today, paths) == whole and len(whole) > 5


def test_banks_that_two_processes_read_are_those_that_one_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(two_processes, "MANY", 4)
    files = {path: data for path, data in read_files(ROOT).items() if path.startswith("quizzes/practice/analytics/")}
    files["quizzes/practice/broken.md"] = b"no front matter"
    parts = in_parts(partial(read_banks, files), sorted(files))
    twins = {asked: result for part in parts for asked, result in pickle.loads(pickle.dumps(part)).items()}
    alone = [told(parser(path, files[path])) for parser in BANKS for path in sorted(files)]
    for parser in BANKS:
        parser.cache_clear()  # type: ignore[attr-defined]
    with brought(twins), noting() as noted:
        assert [told(parser(path, files[path])) for parser in BANKS for path in sorted(files)] == alone
    assert not noted.fresh and len(twins) == len(alone)
