"""File -> objects -> file is the same bytes, whatever the white space, and replacing an item touches only its slice."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lms.config import ROOT
from lms.content import load, parse_bank, parse_item, parse_module, replace_item, write
from tests.content.samples import BODIES, HEAD, item, module_source, section

SPACE = st.sampled_from(["", "\n", "\n\n\n", "  \n", "\t\n", "\u00a0\n", " \n\n"])
KINDS = st.lists(st.sampled_from(sorted(BODIES)), max_size=5)


@st.composite
def bank_sources(draw: st.DrawFn) -> str:
    """Banks with odd white space between and at the ends of lines, CRLF or LF, with or without a last newline."""
    kinds = draw(KINDS)
    sections = [section(kind, f"{kind}-{number}") + draw(SPACE) for number, kind in enumerate(kinds)]
    text = HEAD + draw(SPACE) + "".join(sections)
    if draw(st.booleans()):
        text = text.rstrip("\n")
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


@settings(max_examples=25, deadline=None)
@given(bank_sources())
def test_a_bank_keeps_every_byte(source: str) -> None:
    bank = parse_bank(source, "quizzes/practice/placement/x.md")
    assert bank.source == source
    assert len(bank.items) == source.count("\n## ")
    for entry in bank.items:
        assert parse_item(entry.source, bank.head).key == entry.key


@settings(max_examples=25, deadline=None)
@given(bank_sources().filter(lambda text: "\n## " in text), st.data())
def test_replacing_an_item_changes_only_its_slice(source: str, data: st.DataObject) -> None:
    bank = parse_bank(source, "x.md")
    old = data.draw(st.sampled_from(bank.items))
    newline = "\r\n" if "\r\n" in source else "\n"
    new = parse_item(section("short", old.id).replace("\n", newline), bank.head)
    changed = replace_item(bank, new)
    before, after = source.split(old.source, 1)
    assert changed.source == before + new.source + after
    assert replace_item(changed, old).source == source


def test_replacing_an_unknown_item_is_an_error() -> None:
    with pytest.raises(KeyError):
        replace_item(parse_bank(HEAD + section("short"), "x.md"), item("single"))


@settings(max_examples=25, deadline=None)
@given(SPACE, SPACE, st.booleans(), st.booleans())
def test_a_module_keeps_every_byte(head: str, tail: str, carriage: bool, cut: bool) -> None:
    def made(language: str) -> str:
        text = module_source(language).replace("---\n\n##", f"---\n{head}\n##", 1) + tail
        text = text.rstrip("\n") if cut else text
        return text.replace("\n", "\r\n") if carriage else text

    sources = {language: (made(language), f"m.{language}.md") for language in ("hy", "en")}
    module = parse_module(sources, "C1", "01-m1")
    assert {name: (text.source, text.path) for name, text in module.languages.items()} == sources
    assert "\r" not in module.languages["hy"].body
    assert module.languages["hy"].body_line == 15


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(source=bank_sources())
def test_a_folder_keeps_every_byte(source: str, root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (root / "quizzes/practice/placement/x.md").write_bytes(source.encode())
    copy = tmp_path_factory.mktemp("copy")
    write(load(root), copy)
    assert _files(copy) == _files(root)


def test_the_shipped_content_keeps_every_byte(tmp_path: Path) -> None:
    write(load(ROOT), tmp_path)
    for path, data in _files(tmp_path).items():
        assert (ROOT / path).read_bytes() == data


def _files(root: Path) -> dict[str, bytes]:
    """Every text file below courses/ and quizzes/ (pictures are not content of the library)."""
    found = (path for top in ("courses", "quizzes") for path in (root / top).rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found if path.suffix != ".svg"}
