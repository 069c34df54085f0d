"""A corrupted file is reported with its line, nothing raises, and everything else loads (fault F15)."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from lms.content import ContentError, check, load
from lms.content.source import parse_yaml
from tests.content.samples import BODIES, COURSE, HEAD, module_source, section

TODAY = dt.date(2026, 11, 23)
BANK = "quizzes/practice/placement/broken.md"
GOOD = (HEAD.replace("placement/x", "placement/broken") + section("single", "good-one")).encode()


def bank(*sections: str) -> bytes:
    return GOOD + "".join(sections).encode()


CASES: list[tuple[str, str, bytes, int]] = [
    ("nul", BANK, GOOD.replace(b"authors", b"aut\0hors"), 8),
    ("bom", BANK, b"\xef\xbb\xbf" + GOOD, 1),
    ("utf16", BANK, GOOD.decode().encode("utf-16"), 1),
    ("latin1", BANK, GOOD + b"\n\xe9\n", GOOD.count(b"\n") + 2),
    ("ten megabytes", BANK, GOOD + b"x" * 10_000_000, 1),
    ("long line", BANK, GOOD + b"x" * 20_001, GOOD.count(b"\n") + 1),
    ("empty", BANK, b"", 1),
    ("no front matter", BANK, b"# Only a heading\n", 1),
    ("cut front matter", BANK, b"---\nbank: practice/placement/broken\npool: pla", 1),
    ("bad yaml", BANK, GOOD.replace(b"pool: placement", b"pool: [placement"), 3),
    ("unknown pool", BANK, GOOD.replace(b"pool: placement", b"pool: swimming"), 3),
    ("unknown front key", BANK, GOOD.replace(b"pool: placement", b"pool: placement\npol: x"), 4),
    ("yaml bomb", BANK, GOOD.replace(b"pool: placement", b"pool: &a [x]\nx: [*a, *a]"), 4),
    ("repeated key", BANK, GOOD.replace(b"pool: placement", b"pool: closed\npool: placement"), 3),
    ("deep yaml", BANK, GOOD.replace(b"pool: placement", b"pool: " + b"[" * 5000), 2),
    ("impossible date", BANK, GOOD.replace(b"pool: placement", b"pool: 2026-13-45"), 2),
    ("bad course", "courses/c/course.yaml", b"id: C1\nslug: c\nlevel: nine\n", 1),
    ("course cut", "courses/c/course.yaml", COURSE.encode()[:60], 5),
    ("course bom", "courses/c/course.yaml", b"\xef\xbb\xbf" + COURSE.encode(), 1),
    ("module nul", "courses/c/01-m1.hy.md", module_source("hy").replace("Բառ։", "Բառ\0", 1).encode(), 11),
    ("module cut", "courses/c/01-m1.en.md", module_source("en").encode()[:100], 1),
    ("module version", "courses/c/01-m1.en.md", module_source("en").replace("version: 1", "version: x").encode(), 4),
    *(
        (f"module differs in {old}", "courses/c/01-m1.en.md", module_source("en").replace(old, new).encode(), line)
        for line, old, new in (
            (2, "id: C1.1", "id: C1.2"),
            (3, "slug: m1", "slug: m2"),
            (5, "minutes: 15", "minutes: 16"),
            (7, "[content.copy]", "[content.design]"),
            (8, "[S02.1]", "[S02.2]"),
            (9, "practice: null", "practice: another"),
        )
    ),
    ("facts", "quizzes/reference/platform_facts.yaml", b"facts: [", 1),
    ("matrix shape", "quizzes/reference/skill_matrix.yaml", b"skills: [1, 2]\n", 1),
]


@pytest.mark.parametrize(("name", "path", "data", "line"), CASES, ids=[case[0] for case in CASES])
def test_reported_with_its_line(root: Path, name: str, path: str, data: bytes, line: int) -> None:
    (root / path).write_bytes(data)
    library = load(root)
    reported = [(note.path, note.line) for note in library.findings]
    assert (path, line) in reported
    assert set(library.items) >= {f"item-{kind}" for kind in BODIES}
    check(library, TODAY, spelling=False)


YAML = "```yaml\ntype: single\nsub: content.copy\nbloom: apply\nlevel: 2\np: 0.6\nseed: []\n```\n"


def test_aliases_are_refused_as_such() -> None:
    with pytest.raises(ContentError, match="aliases"):
        parse_yaml("a: &x [1]\nb: *x\n", "x.yaml", 1)


SOUND = section("single", "broken-one")
ITEMS: list[tuple[str, Callable[[str], str]]] = [
    ("no key", lambda text: text.replace("[x]", "[ ]")),
    ("two keys", lambda text: text.replace("- [ ] Մեկ", "- [x] Մեկ")),
    ("keys differ", lambda text: text.replace("- [ ] One", "- [x] One").replace("- [x] Two", "- [ ] Two")),
    ("no yaml", lambda text: text.replace("```yaml", "yaml")),
    ("unclosed yaml", lambda text: text.replace("seed: [S02.2]\n```", "seed: [S02.2]\n")),
    ("unknown type", lambda text: text.replace("type: single", "type: essay")),
    ("no type", lambda text: text.replace("type: single\n", "")),
    ("misspelt key", lambda text: text.replace("bloom:", "blom:")),
    ("p too high", lambda text: text.replace("p: 0.6", "p: 1.2")),
    ("p as text", lambda text: text.replace("p: 0.6", "p: high")),
    ("level zero", lambda text: text.replace("level: 2", "level: 0")),
    ("level true", lambda text: text.replace("level: 2", "level: true")),
    ("seed as text", lambda text: text.replace("seed: [S02.2]", "seed: S02.2")),
    ("bad id", lambda text: text.replace("## broken-one", "## Broken One")),
    ("no language", lambda text: text.replace("### hy", "#### hy").replace("### en", "#### en")),
    ("strange language", lambda text: text.replace("### hy", "### ru")),
    ("hy twice", lambda text: text.replace("### en", "### hy")),
    ("no feedback", lambda text: text.replace("  > Yes.\n", "")),
    ("same option twice", lambda text: text.replace("] One", "] Two")),
    ("two options", lambda text: text.replace("- [ ] Three\n  > No.\n- [ ] Four\n  > No.\n", "")),
    ("switch", lambda text: text.replace("p: 0.6", "p: 0.6\nshuffle: maybe")),
    ("stray line", lambda text: text.replace("- [ ] Three", "Three")),
]


@pytest.mark.parametrize(("name", "spoil"), ITEMS, ids=[case[0] for case in ITEMS])
def test_a_broken_item_leaves_its_neighbours(root: Path, name: str, spoil: Callable[[str], str]) -> None:
    spoilt = spoil(SOUND)
    assert spoilt != SOUND
    data = bank(spoilt, section("short", "good-two"))
    (root / BANK).write_bytes(data)
    library = load(root)
    assert {"good-one", "good-two"} <= set(library.items)
    assert "broken-one" not in library.items
    first = GOOD.count(b"\n") + 1
    lines = [note.line for note in library.findings if note.path == BANK]
    assert len(lines) == 1 and first <= lines[0] < first + spoilt.count("\n")
    assert library.banks[BANK].source.encode() == data


def test_the_line_is_the_very_line(root: Path) -> None:
    (root / BANK).write_bytes(bank(SOUND.replace("level: 2", "level: 9")))
    (note,) = load(root).findings
    assert data_line(root, note.line) == "level: 9"


# What an author reads must say what to do, in words and not in Python's.
WORDS: list[tuple[str, str, str, str]] = [
    ("single", "p: 0.6", "p: 0,6", "p: '0,6' is not a number from 0.05 to 0.95"),
    ("single", "p: 0.6\n", "", "p: is missing"),
    ("single", "type: single", "type:", "type: has no value"),
    ("single", "type: single", "type: [single]", "type: ['single'] is none of single, "),
    ("single", "bloom: apply", "bloom: apply: x", "stands in quotes"),
    ("single", "bloom: apply", "\tbloom: apply", "a tab; indent with spaces"),
    ("single", "bloom: apply", "bloom apply", "every line is `name: value`"),
    ("single", "seed: [S02.2]", "seed: [S02.2", "never closed"),
    ("single", "- [ ] Four\n  > No.\n", "", "hy: [x] at 2 of 4 options; en: [x] at 2 of 3 options"),
    ("single", "### en", "### EN", "an item has `### hy` and `### en`, each once"),
    ("numeric", "metric: er_reach", "inputs: {a: [1, 5]}\nformula: a ** 2", "'a ** 2' is not allowed: only numbers"),
    ("numeric", "metric: er_reach", "inputs: {a: [1, 5]}\nformula: 5", "has `metric: id`, or `inputs:"),
    ("numeric", "metric: er_reach", "inputs: {a: [1.5, 1.7, int]}\nformula: a", "input a: expected [low, high]"),
    ("numeric", "metric: er_reach", "inputs: {a: [1, .inf]}\nformula: a", "input a: expected [low, high]"),
    ("numeric", "metric: er_reach", "inputs: {a: [1, 5]}\nformula: a\ndecimals: true", "decimals go from 0 to 6"),
    ("short", "- ~ impressions", "- ~ Reach.", "'Reach.' is accepted and a near miss at once"),
    ("matching", " => ", " -> ", "a pair is joined by =>"),
    ("cloze", "[[=a|b|c]]", "[[=a|b|c", "a gap is written [[=right|wrong]]"),
]


@pytest.mark.parametrize(("kind", "old", "new", "says"), WORDS, ids=[case[3][:30] for case in WORDS])
def test_the_message_says_what_to_do(root: Path, kind: str, old: str, new: str, says: str) -> None:
    sound = section(kind, "broken-one")
    assert old in sound
    (root / BANK).write_bytes(bank(sound.replace(old, new, 1)))
    (note,) = (note for note in load(root).findings if note.path == BANK)
    assert says in note.message


def test_a_repeated_id_is_told_with_its_first_place(root: Path) -> None:
    (root / BANK).write_bytes(bank(section("short", "good-one")))
    (note,) = load(root).findings
    assert note.message == f"the id good-one already stands in {BANK}:10"


def test_a_line_without_its_colon_is_the_line_named(root: Path) -> None:
    (root / BANK).write_bytes(bank(SOUND.replace("bloom: apply", "bloom apply")))
    (note,) = load(root).findings
    assert data_line(root, note.line) == "bloom apply"


def data_line(root: Path, number: int) -> str:
    return (root / BANK).read_text().split("\n")[number - 1]


def test_three_hundred_random_injuries(root: Path) -> None:
    """Cut, doubled or overwritten bytes anywhere: never an exception, and the sound files load."""
    chance = random.Random(15)
    sound = bank(*(section(kind, f"{kind}-b") for kind in BODIES))
    for number in range(300):
        data = bytearray(sound)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(data))
            size = chance.choice([1, 3, 40, 400])
            match chance.randrange(4):
                case 0:
                    del data[at : at + size]
                case 1:
                    data[at:at] = data[at : at + size]
                case 2:
                    data[at : at + 1] = bytes([chance.randrange(256)])
                case _:
                    data[at:at] = chance.choice(
                        [b"\n## ", b"```\n", b"{", b"}}", b"[[=", b"|", b"- =>", b"\r", b"&x *x"]
                    )
        (root / f"quizzes/practice/placement/broken{number}.md").write_bytes(bytes(data))
    library = load(root)
    assert set(library.items) >= {f"item-{kind}" for kind in BODIES}
    assert len({note.path for note in check(library, TODAY, spelling=False)}) >= 300
