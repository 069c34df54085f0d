"""YAML of the content: linear time, bounded depth, no aliases, no repeated keys, the same with and without libyaml."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import yaml

from lms.content import ContentError
from lms.content import yaml_reader as reader
from lms.content.yaml_reader import Block, parse_yaml

GOOD = "a: 1\nb:\n  - {c: 2}\n  - d: 2026-11-23\n"
BAD = [
    ("a: 1\nb: 2\na: 3\n", 1, "the key 'a' stands twice"),
    ("a: &x [1]\nb: *x\n", 2, "aliases are not allowed"),
    ("a: 1\n\tb: 2\n", 2, "a tab"),
    ("a: b: c\n", 1, "stands in quotes"),
    ("a: [1\n", 1, "never closed"),
    ("a: [1\nb: 2\n", 1, "a bracket that is not closed"),
    ("a: 1\nb 2\nc: 3\n", 2, "every line is"),
    ("- a\n- b\n", 1, "expected `name: value` lines"),
    ("1: a\n", 1, "expected `name: value` lines"),
    ("a: " + "[" * 3000, 1, "deep"),
    ("a: " + "- " * 3000 + "x", 1, ""),
    ("a: 2026-13-45\n", 1, "YAML"),
]


@pytest.fixture(params=["libyaml", "pure"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "pure":
        monkeypatch.setattr(reader, "QUICK", reader.PURE)
        monkeypatch.setattr(reader, "Library", yaml.SafeLoader)
    return str(request.param)


def test_libyaml_reads_where_it_is_installed() -> None:
    assert issubclass(reader.QUICK, yaml.CSafeLoader)


def test_every_mapping_knows_its_lines(engine: str) -> None:
    block = parse_yaml(GOOD, "x.yaml", 10)
    assert (block.path, block.line, block.lines) == ("x.yaml", 10, {"a": 10, "b": 11})
    inner: Block = block["b"][1]
    assert inner.at("d") == 13 and inner.at("absent") == 13


@pytest.mark.parametrize(("text", "line", "says"), BAD, ids=[case[2] or "list" for case in BAD])
def test_what_is_refused(engine: str, text: str, line: int, says: str) -> None:
    with pytest.raises(ContentError) as caught:
        parse_yaml(text, "x.yaml", 1)
    assert caught.value.line == line and says in caught.value.message


def seconds(act: Callable[[], object]) -> float:
    before = time.process_time()
    act()
    return time.process_time() - before


def test_sixty_thousand_keys_take_linear_time() -> None:
    small, large = ("".join(f"k{n}: {n}\n" for n in range(count)) for count in (6_000, 60_000))
    quick = seconds(lambda: parse_yaml(small, "x.yaml", 1))
    assert seconds(lambda: parse_yaml(large, "x.yaml", 1)) < 40 * quick + 1
    with pytest.raises(ContentError, match="stands twice"):
        parse_yaml(large + "k5: 1\n", "x.yaml", 1)
