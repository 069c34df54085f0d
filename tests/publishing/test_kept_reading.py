"""What a start has read is there at the next, and only where reading again would give the same."""

from __future__ import annotations

import pickle
import shutil
import stat
from importlib.metadata import version
from pathlib import Path

import pytest

from lms.config import ROOT
from lms.content.content_files import read_files
from lms.content.course_folder import read_folder
from lms.content.load import published_library
from lms.content.model import Library
from lms.content.parse_cache import PUBLISHED
from lms.content.reading_cache import noting
from lms.content.reference import load_reference
from lms.publishing import kept_reading as kept
from tests.publishing.telling import told

HOUSE = ROOT / "lms"
SECRET = "a secret that is long enough for a test"
BANK = "quizzes/practice/analytics/03-traffic-cost.md"


@pytest.fixture
def files() -> dict[str, bytes]:
    """A course, its banks and the reference."""
    wanted = ("courses/analytics/", "quizzes/practice/analytics/", "quizzes/reference/")
    return {path: data for path, data in read_files(ROOT).items() if path.startswith(wanted)}


def start(data: Path, files: dict[str, bytes], secret: str = SECRET) -> tuple[Library, int]:
    """As a new process: what is published, and how many files had to be read for it."""
    for reader in (*PUBLISHED, load_reference, read_folder):
        reader.cache_clear()  # type: ignore[attr-defined]
    with kept.kept_reading(data, secret), noting() as noted:
        library = published_library(files)
    return library, noted.fresh


def keep(data: Path, files: dict[str, bytes]) -> Library:
    with kept.kept_reading(data, SECRET):
        library = published_library(files)
    return library


def all_told(library: Library) -> list[str]:
    keys = [told(item.key) for item in library.items.values()]
    return keys + [told(part) for part in (library.courses, library.modules, library.items, vars(library.reference))]


def test_the_next_start_reads_nothing_and_has_the_same(tmp_path: Path, files: dict[str, bytes]) -> None:
    start(tmp_path, {})  # another process's memory counts for nothing
    first = keep(tmp_path, files)
    assert stat.S_IMODE((tmp_path / kept.NAME).stat().st_mode) == 0o600
    second, fresh = start(tmp_path, files)
    assert fresh == 0 and all_told(second) == all_told(first)
    item = next(item for item in second.items.values() if item.stimulus)
    assert item.stimulus is second.items[item.stimulus.id]
    assert [path.name for path in tmp_path.iterdir()] == [kept.NAME]


def test_a_changed_file_is_read_and_alone(tmp_path: Path, files: dict[str, bytes]) -> None:
    start(tmp_path, {})
    keep(tmp_path, files)
    changed = files | {BANK: files[BANK].replace(b"p: 0.", b"p: 0.0", 1)}
    library, fresh = start(tmp_path, changed)
    assert fresh == 1 and library.banks[BANK].source.encode() == changed[BANK]


def change_the_program(monkeypatch: pytest.MonkeyPatch, copy: Path) -> None:
    """One more line in one file of the rooms that reading runs through."""
    for room in kept.ROOMS:
        shutil.copytree(HOUSE / room, copy / room) if (HOUSE / room).is_dir() else None
    shutil.copy(HOUSE / "formats.py", copy)
    assert program_key(monkeypatch, copy) == kept._key(SECRET)
    with (copy / "content" / "item_body_parser.py").open("a") as file:
        file.write("# changed\n")
    monkeypatch.setattr(kept.lms, "__file__", str(copy / "__init__.py"))


def program_key(monkeypatch: pytest.MonkeyPatch, house: Path) -> bytes:
    with monkeypatch.context() as patch:
        patch.setattr(kept.lms, "__file__", str(house / "__init__.py"))
        return kept._key(SECRET)


@pytest.mark.parametrize("harm", ["cut", "altered", "another secret", "another library", "another program", "nothing"])
def test_what_is_not_our_own_is_not_even_opened(
    tmp_path: Path, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    start(tmp_path, {})
    keep(tmp_path, files)
    file, secret = tmp_path / kept.NAME, SECRET
    whole = file.read_bytes()
    if harm == "cut":
        file.write_bytes(whole[:-1])
    elif harm == "altered":
        file.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
    elif harm == "another secret":
        secret += "!"
    elif harm == "another library":
        monkeypatch.setattr(kept, "version", lambda name: "0.0.1" if name == "msgspec" else version(name))
    elif harm == "another program":
        change_the_program(monkeypatch, tmp_path / "program")
    else:
        file.write_bytes(b"")
    monkeypatch.setattr(pickle, "loads", lambda _data: pytest.fail("it was opened"))
    library, fresh = start(tmp_path, files, secret)
    assert fresh > 10 and library.items


def test_where_nothing_can_be_written_a_start_goes_on(tmp_path: Path, files: dict[str, bytes]) -> None:
    start(tmp_path, {})
    assert keep(tmp_path / "nowhere", files).items
