"""Each rule of the content check finds its fault, at its line, and says nothing about the sound tree."""

from __future__ import annotations

import datetime as dt
import re
import sys
from pathlib import Path

import pytest

from lms.content import Finding, Reference, check, load
from lms.content.__main__ import main
from lms.content.text import lack
from tests.content.samples import COURSE, HEAD, section, tree

TODAY = dt.date(2026, 1, 15)
BANK = "quizzes/practice/placement/x.md"
HY, EN, COURSE_FILE = "courses/c/01-m1.hy.md", "courses/c/01-m1.en.md", "courses/c/course.yaml"
IDEA = "## Բառ {#idea}\n\n"
WORDS = "## Word {#idea}\n\n"


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch, reference: Reference) -> None:
    """The reference data are the same in every test here; reading them takes longer than all rules."""
    monkeypatch.setattr(sys.modules["lms.content.load"], "load_reference", lambda root: (reference, ()))


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory, reference: Reference) -> frozenset[Finding]:
    """What the check says about the sound tree."""
    return frozenset(findings(tree(tmp_path_factory.mktemp("sound"))))


def findings(root: Path, today: dt.date = TODAY) -> set[Finding]:
    return set(check(load(root), today, spelling=False))


def edit(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text()
    assert old in text
    (root / path).write_text(text.replace(old, new, 1))


# (code, file, text to replace, replacement, line of the finding)
FAULTS: list[tuple[str, str, str, str, int]] = [
    ("unknown-id", COURSE_FILE, "prerequisites: []", "prerequisites: [C99]", 1),
    ("cycle", COURSE_FILE, "prerequisites: []", "prerequisites: [C1]", 1),
    ("unknown-id", BANK, "seed: [S02.2]", "seed: [S99.9]", 18),
    ("unknown-id", BANK, "sub: content.copy", "sub: content.magic", 14),
    ("unknown-id", BANK, "seed: [S02.2]", "seed: [S02.2]\nfacts: [no.such]", 19),
    ("unknown-id", BANK, "seed: [S02.2]", "seed: [S02.2]\nenemies: [nobody]", 19),
    ("unknown-id", BANK, "seed: [S02.2]", "seed: [S02.2]\nset: no-table", 19),
    ("unknown-id", BANK, "metric: er_reach", "metric: er_moon", 163),
    ("key", BANK, "{reach}", "{rich}", 154),
    ("numeric", BANK, "metric: er_reach", "inputs: {a: [1, 2]}\nformula: a\nwrong: {b: a}", 154),
    ("fact", BANK, "Which?", "Which? {{fact:x.bio_max}}", 10),
    ("fact", BANK, "seed: [S02.2]", "seed: [S02.2]\nfacts: [x.bio_max]", 10),
    ("all-of-the-above", BANK, "- [ ] Four", "- [ ] All of the above", 46),
    ("missing-language", BANK, "### hy", "#### Hy", 0),
    ("behind", BANK, "seed: [S02.2]", "seed: [S02.2]\nbehind: hy", 10),
    ("duplicate", BANK, "Which ones?", "Which?", 51),
    ("duplicate-id", BANK, "## item-multiple", "## item-single", 51),
    ("broken-link", BANK, "Which?", "Which? [a](http:/x)", 38),
    ("broken-image", BANK, "Which?", "![a](figures/a.svg)", 38),
    ("schema", BANK, "bank: practice/placement/x", "bank: practice/placement/y", 2),
    ("pool", BANK, "pool: placement", "pool: closed", 2),
    ("ascii-mark", BANK, "> Այո։", "> Այո:", 28),
    ("mixed-script", BANK, "> Այո։", "> Aյո։", 28),
    ("full-stop", BANK, "> Այո։", "> Այո", 28),
    ("glued-ending", BANK, "{reach}, հավանել", "{reach}-ը, հավանել", 0),
    ("parts", HY, "{#mistake}", "{#error}", 31),
    ("parts", HY, IDEA, IDEA + "### Առանց խարսխի\n\n", 23),
    ("parts", HY, IDEA, IDEA + "# Վերնագիր\n\n", 23),
    ("parts", EN, WORDS, WORDS + "### Deep {#deep}\n\n", 23),
    ("placeholder", EN, WORDS, WORDS + "{{fact:x.bio_max}}\n\n", 23),
    ("unknown-id", HY, IDEA, IDEA + "{{item:no-such-item}}\n\n", 23),
    ("unknown-id", HY, IDEA, IDEA + "Բառ {{fact:no.such}}։\n\n", 23),
    ("bare-fact", EN, WORDS, WORDS + "At most 2200 characters.\n\n", 23),
    ("bare-fact", EN, WORDS, WORDS + "At most 2200 signs.\n\n", 23),
    ("bare-fact", HY, IDEA, IDEA + "Մինչև 30 հեշթեգ։\n\n", 23),
    ("bare-fact", EN, WORDS, WORDS + "An image of 1080 x 1350 px.\n\n", 23),
    ("broken-link", HY, IDEA, IDEA + "[ա](module:C9.9)\n\n", 23),
    ("broken-link", HY, IDEA, IDEA + "[ա](module:C1.1#moon)\n\n", 23),
    ("broken-link", HY, IDEA, IDEA + "[ա](#moon)\n\n", 23),
    ("broken-link", HY, IDEA, IDEA + "[ա](other.md)\n\n", 23),
    ("broken-link", HY, IDEA, IDEA + "[ա](javascript:x)\n\n", 23),
    ("broken-image", HY, IDEA, IDEA + "![ա](figures/missing.svg)\n\n", 23),
    ("alt-text", HY, IDEA, IDEA + "![](figures/a.svg)\n\n", 23),
    ("parts", HY, "- Բառ։\n- Բառ։\n", "- Բառ։\n", 46),
    ("ascii-mark", HY, IDEA, IDEA + "Ի՞նչ է սա?\n\n", 23),
    ("ascii-mark", HY, IDEA, IDEA + "**Բառ**: այո։\n\n", 23),
    ("ascii-mark", HY, IDEA, IDEA + "Բառ' այո։\n\n", 23),
    ("mixed-script", HY, IDEA, IDEA + "SMMի բառը։\n\n", 23),
    ("mixed-script", HY, IDEA, IDEA + "Բառ օgտատեր։\n\n", 23),
    ("yev", HY, IDEA, IDEA + "ես եւ դու։\n\n", 23),
    ("yev", HY, IDEA, IDEA + "ա\ufb13ա\n\n", 23),
    ("quotes", HY, IDEA, IDEA + 'Սա "բառ" է։\n\n', 23),
    ("term", HY, IDEA, IDEA + "Լավ կոնտենտը։\n\n", 23),
    ("term", HY, IDEA, IDEA + "Մարկետինգի գիրք։\n\n", 23),
    ("term", HY, IDEA, IDEA + "Օգտագործողի ակնարկ։\n\n", 23),
    ("glued-ending", HY, IDEA, IDEA + "Բառ {{fact:x.bio_max}}-ը։\n\n", 23),
    ("schema", COURSE_FILE, "slug: c", "slug: d", 1),
    ("duplicate-id", COURSE_FILE, "[01-m1]", "[01-m1, 01-m1]", 1),
    ("missing-language", COURSE_FILE, "about: {hy: Բառ։", "about: {hy: ' '", 1),
    ("schema", HY, "updated: 2026-11-23", "updated: 2027-11-23", 1),
    ("sign", EN, WORDS, WORDS + "Word \u202eword.\n\n", 23),
    ("sign", EN, WORDS, WORDS + "Word\u2028word.\n\n", 23),
    ("sign", EN, WORDS, WORDS + "```csv\na,b\n\n", 23),
    ("sign", EN, WORDS, WORDS + "/// model\n\nWord.\n\n", 23),
    ("sign", EN, WORDS, WORDS + "///\n\nWord.\n\n", 23),
    ("sign", EN, WORDS, WORDS + "/// modle\n\nWord.\n\n///\n\n", 23),
    ("sign", EN, WORDS, WORDS + "> [!DANGER]\n> Word.\n\n", 23),
    ("sign", EN, WORDS, WORDS + "Word[^9].\n\n", 23),
    ("sign", EN, WORDS, WORDS + "[^9]: Word.\n\n", 23),
    ("sign", EN, WORDS, WORDS + "<b onclick=x>Word</b>.\n\n", 23),
    ("sign", EN, WORDS, WORDS + "Look: {{item:item-single}}\n\n", 23),
    ("sign", EN, WORDS, WORDS + "{{figure:a}}\n\n", 23),
    ("sign", BANK, "Which?", "Which \x07?", 38),
    ("unknown-id", EN, WORDS, WORDS + "{{item:item-table}}\n\n", 23),
    ("anchor", EN, WORDS, WORDS + "### Deep {#finish}\n\n", 23),
    ("too-much-markdown", EN, WORDS, WORDS + "Word.\n\n" + "[" * 15_000 + "\n\n", 25),
    ("too-much-markdown", BANK, "Which?", "Which?\n\n" + "> " * 30 + "x", 40),
]


@pytest.mark.parametrize(
    ("code", "path", "old", "new", "line"), FAULTS, ids=[f"{f[0]}-{i}" for i, f in enumerate(FAULTS)]
)
def test_every_rule_finds_its_fault(
    root: Path, code: str, path: str, old: str, new: str, line: int, before: frozenset[Finding]
) -> None:
    edit(root, path, old, new)
    fresh = {note for note in findings(root) - before if note.code == code and note.path == path}
    assert fresh
    assert not line or line in {note.line for note in fresh}
    if code not in NO_ARMENIAN_YET:
        assert all(re.search("[ա-և]", note.armenian) for note in fresh), fresh


NO_ARMENIAN_YET = {"duplicate-id"}  # of the loader


QUIET = [
    (HY, IDEA, "`ինչ?` «SMM-ի», 2-րդ, 18:00, և՛ այո, [հղում](https://example.org/a_b?c=դ), ՄՌԿ-ի բառ, ի՞նչ։"),
    (EN, WORDS, "````\n```\nword\n````\n\n~~~\n```\n~~~\n\n/// model\n\nWord.\n\n///\n\n/// model\nWord.\n///"),
    (
        EN,
        WORDS,
        "Word[^1], `{{figure:a}}`, `<b>`, 3 < 5 > 2, <https://example.org>.\n\n[^1]: A note.\n\n> [!TIP] Word\n> Word.",
    ),
    (HY, IDEA, "Տե՛ս [բաժինը](#idea) և [մոդուլը](module:C1.1#summary)։"),
    (HY, IDEA, '![նկար](figures/a.svg "վերնագիր")'),
    (HY, IDEA, "Բառն ունի երեք տարբերակ։ Ամեն ինչ լավ է 5 օրում։"),
    (EN, WORDS, "In 2026 there were 12 500 people and 30 posts."),
]


@pytest.mark.parametrize(("path", "old", "text"), QUIET)
def test_sound_text_is_left_alone(root: Path, path: str, old: str, text: str, before: frozenset[Finding]) -> None:
    edit(root, path, old, f"{old}{text}\n\n")
    known = {(note.path, note.code, note.message.split()[-1]) for note in before}
    fresh = {n for n in findings(root) - before if (n.path, n.code, n.message.split()[-1]) not in known}
    assert not {note for note in fresh if note.code not in ("words", "parts")}


def test_facts_past_their_date_are_warnings(root: Path) -> None:
    for path, heading in ((HY, IDEA), (EN, WORDS)):
        edit(root, path, heading, heading + "{{fact:x.bio_max}}\n\n")
    edit(root, BANK, "pool: placement", "pool: practice")
    edit(root, BANK, "seed: [S02.2]", "seed: [S02.2]\nfacts: [x.bio_max]")
    assert not [note for note in findings(root) if note.code in ("fact", "fact-due")]
    due = [note for note in findings(root, dt.date(2026, 7, 1)) if note.code == "fact-due"]
    assert {note.path for note in due} == {HY, EN, BANK}
    assert {note.severity for note in due} == {"warning"}
    assert not [note for note in findings(root, dt.date(2026, 6, 30)) if note.code == "fact-due"]


def singles(keys: list[int], longest: bool = False) -> str:
    """A bank of single-choice items with the right option at the given places."""
    out = []
    for number, right in enumerate(keys):
        options = [
            (f"option {number} {place}" + (" long" * (longest and place == right)), place == right)
            for place in range(4)
        ]
        body = "".join(f"- [{'x' if ok else ' '}] {text}\n  > Feedback.\n" for text, ok in options)
        yaml = section("single", f"s-{number}").partition("### hy")[0]
        out.append(f"{yaml}### hy\n\nՀարց {number}։\n\n{body}\n### en\n\nQuestion {number}?\n\n{body}\n")
    return HEAD + "".join(out)


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ([0, 1, 2, 3] * 2, False),
        ([0, 0, 0, 0, 1, 2, 3, 1], True),
        ([0, 0, 0, 0, 1, 2, 3, 1, 2], False),
        ([0] * 7, False),
    ],
)
def test_key_positions(root: Path, keys: list[int], found: bool) -> None:
    (root / BANK).write_text(singles(keys))
    assert any(note.code == "key-position" for note in findings(root)) is found


def test_the_longest_option_must_not_give_the_key_away(root: Path) -> None:
    (root / BANK).write_text(singles([0, 1, 2, 3, 0]))
    assert not any(note.code == "longest-key" for note in findings(root))
    (root / BANK).write_text(singles([0, 1, 2, 3, 0], longest=True))
    assert sum(note.code == "longest-key" for note in findings(root)) == 2


def test_banks_of_modules_and_pretests_have_their_numbers(root: Path) -> None:
    head = "---\nbank: practice/c/01-m1\npool: practice\ncourse: C1\nmodule: C1.1\n---\n"
    (root / "quizzes/practice/c").mkdir()
    path = root / "quizzes/practice/c/01-m1.md"
    path.write_text(head + singles([0, 1, 2, 3] * 3).removeprefix(HEAD).replace("bloom: apply", "bloom: remember"))
    messages = [note.message for note in findings(root) if note.code == "items"]
    assert messages == ["0 items above remembering, expected at least 5"]
    path.write_text(
        path.read_text()
        .replace("practice/c/01-m1\npool: practice", "practice/c/01-m1\npool: pretest")
        .replace("module: C1.1\n", "")
    )
    assert [note.message for note in findings(root) if note.code == "items"] == ["12 items, a pre-test has 15"]


def test_a_longer_cycle_is_found_on_each_course_of_it(root: Path) -> None:
    edit(root, COURSE_FILE, "prerequisites: []", "prerequisites: [C2]")
    for number, needs in ((2, "C3"), (3, "C1"), (4, "C1")):
        folder = root / f"courses/c{number}"
        folder.mkdir()
        source = COURSE.replace("id: C1", f"id: C{number}").replace("slug: c", f"slug: c{number}")
        (folder / "course.yaml").write_text(source.replace("prerequisites: []", f"prerequisites: [{needs}]"))
    paths = {note.path for note in findings(root) if note.code == "cycle"}
    assert paths == {f"courses/{name}/course.yaml" for name in ("c", "c2", "c3")}


def test_numeric_stems_show_what_the_formula_needs(root: Path) -> None:
    text = (root / BANK).read_text()
    (root / BANK).write_text(text.replace("{reach}", "{rich}").replace("- likes_only:", "- no_such:"))
    messages = "\n".join(note.message for note in findings(root) if note.code == "numeric")
    assert "{rich} in hy is no input" in messages and "does not show {reach}" in messages
    assert "no_such is no named wrong formula" in messages


def test_a_language_that_lags_is_named(root: Path) -> None:
    edit(root, EN, "version: 1", "version: 2")
    (note,) = (note for note in findings(root) if note.code == "behind")
    assert (note.path, note.severity) == (HY, "warning")


def test_unknown_ids_of_a_module(root: Path) -> None:
    for path in (HY, EN):
        edit(root, path, "seed: [S02.1]", "seed: [S77.1]")
        edit(root, path, "[content.copy]", "[content.magic]")
    messages = {note.message for note in findings(root) if note.code == "unknown-id"}
    assert messages == {
        "there is no seed claim S77.1; did you mean S37.1?",
        "there is no sub-competency content.magic; did you mean content.copy?",
    }


def test_unlisted_and_missing_module_files(root: Path) -> None:
    (root / "courses/c/02-more.hy.md").write_text("x")
    (root / EN).unlink()
    found = {(note.path, note.code) for note in findings(root)}
    assert {("courses/c/02-more.hy.md", "unlisted"), (EN, "missing-language")} <= found


def test_the_catalogue_is_held_against_the_course(root: Path) -> None:
    messages = {note.message for note in findings(root) if note.code == "coverage"}
    assert "module C1.5 of the catalogue is missing" in messages
    assert "no module of C1 teaches the claim S20.1" in messages
    assert "no module of C1 teaches the claim S02.1" not in messages
    edit(root, HY, "seed: [S02.1]", "seed: [S02.1, S20.1]")
    edit(root, EN, "seed: [S02.1]", "seed: [S02.1, S20.1]")
    assert "no module of C1 teaches the claim S20.1" not in {note.message for note in findings(root)}


def test_the_command_prints_places_and_fails_on_errors(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(root, BANK, "p: 0.6", "p: 6")
    assert main([str(root), "--no-spelling"]) == 1
    assert f"{BANK}:17: schema: p: 6 is not a number from 0.05 to 0.95" in capsys.readouterr().out


def test_a_further_language_may_lag_behind_the_two_equal_ones() -> None:
    """Else its first text would be refused until the last one is written."""
    assert (lack("hy"), lack("en"), lack("en", "ru"), lack("ru")) == ("error", "error", "error", "warning")
