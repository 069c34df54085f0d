"""A broken block says all that is wrong with it at once, at its lines, with the mend, in both languages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from lms.content import ContentError, Finding, Library, check, load, parse_bank, parse_course, parse_item
from lms.content.content_files import read_files
from lms.content.parse_cache import _bank
from lms.content.questions.short import Short
from lms.content.questions.single import Single
from lms.content.rules import items as rules
from lms.content.text import Text
from tests.content.samples import BODIES, COURSE, HEAD, SETTINGS, module_source, section

TODAY = dt.date(2026, 11, 23)
PATH = "quizzes/practice/placement/x.md"


def findings_of(act: Callable[[], object]) -> list[Finding]:
    with pytest.raises(ContentError) as caught:
        act()
    first = caught.value.findings[0]
    assert (caught.value.path, caught.value.line, caught.value.message) == (first.path, first.line, first.message)
    return list(caught.value.findings)


def item_findings(source: str) -> list[Finding]:
    return findings_of(lambda: parse_item(source, HEAD, PATH))


def test_all_missing_keys_are_told_at_once() -> None:
    (note,) = item_findings(re.sub(r"sub:.*\nbloom:.*\nlevel:.*\n", "", section("single")))
    assert note.message.startswith("sub, bloom, level: are missing")
    (note,) = findings_of(lambda: parse_course("id: C1\nslug: c\nlevel: 1\n", "c.yaml"))
    assert note.message.startswith("title, about, modules: are missing")


def test_a_slip_in_a_key_is_told_as_the_cause_and_not_twice() -> None:
    (note,) = item_findings(section("single").replace("bloom:", "blom:"))
    assert note.message == "blom: unknown key; did you mean bloom?"
    assert note.line == 6


def test_a_key_unlike_any_names_those_there_are() -> None:
    (note,) = item_findings(section("single", more="colour: red\n"))
    assert note.message.startswith("colour: unknown key; the keys are ") and "because" in note.message


def test_every_wrong_value_is_told_at_its_own_line() -> None:
    source = section("single").replace("level: 2", "level: 9").replace("p: 0.6", "p: high").replace("[S02.2]", "S02.2")
    notes = item_findings(source)
    assert [source.split("\n")[note.line - 1] for note in notes] == ["seed: S02.2", "level: 9", "p: high"]


def test_a_misnamed_type_still_tells_what_else_is_missing() -> None:
    notes = item_findings(section("single").replace("type: single", "type: essay").replace("level: 2\n", ""))
    assert [note.message.split()[0] for note in notes] == ["type:", "level:"]


@pytest.mark.parametrize("kind", ["single", "matching", "short"])
def test_a_stray_line_is_told_as_such(kind: str) -> None:
    _, en = BODIES[kind]
    line = "stray words at the end of the parts"
    body = en.rstrip().rpartition("\n\n>")[0] or en.rstrip()
    source = section(kind).replace(body, f"{body}\n{line}", 1)
    (note,) = item_findings(source)
    assert (note.code, source.split("\n")[note.line - 1]) == ("part", line)


def test_keys_of_another_type_are_unknown() -> None:
    (note,) = item_findings(section("single", more="formula: a\n"))
    assert note.message.startswith("formula: unknown key")
    with pytest.raises(ContentError, match="typo"):
        parse_item(section("short", more="typo: maybe\n"), HEAD)


def test_a_table_measures_nothing_and_needs_nothing() -> None:
    bare = re.sub(r"sub:.*\nbloom:.*\nlevel:.*\np:.*\n", "", section("table"))
    table = parse_item(bare, HEAD)
    assert not table.answerable and (table.sub, table.level) == ("", 0)


def test_because_and_comments_are_the_authors_and_stay() -> None:
    source = HEAD + section("single", more="# because: most people guess\nbecause: one level below takes the first\n")
    bank = parse_bank(source, PATH)
    assert bank.source == source
    assert bank.items[0].settings["because"] == "one level below takes the first"
    assert "# because: most people guess" in bank.items[0].source


@pytest.mark.parametrize("value", ["1" + "0" * 400, ".inf", ".nan", "1e999"])
def test_numbers_have_bounds(value: str) -> None:
    assert item_findings(section("single").replace("p: 0.6", f"p: {value}"))
    assert item_findings(section("numeric").replace("metric: er_reach", f"inputs: {{a: [1, {value}]}}\nformula: a"))
    assert item_findings(section("numeric").replace("metric: er_reach", f"inputs: {{a: {value}}}\nformula: a"))


def test_a_long_value_is_quoted_short() -> None:
    (note,) = item_findings(section("single").replace("level: 2", f"level: {'x' * 5000}"))
    assert len(note.message) < 200


def test_messages_speak_armenian_too() -> None:
    notes = [
        *item_findings(section("single").replace("level: 2", "level: 9").replace("bloom:", "blom:")),
        *item_findings(section("single").replace("[x]", "[ ]")),
        *item_findings(section("single").replace("```yaml", "yaml")),
        *item_findings(section("single").replace("level: 2", "level: [2")),
        *findings_of(lambda: parse_course("id: C1\n", "c.yaml")),
    ]
    for note in notes:
        assert re.search(r"[ա-ֆ]{3}", note.said("hy")) and note.said("hy").startswith(f"{note.path}:{note.line}: ")
        assert str(note) == note.said("en") == f"{note.path}:{note.line}: {note.code}: {note.message}"


def test_placeholders_of_both_texts_agree() -> None:
    """Every Text in the rules fills the same names in both languages."""
    told = Text(en="{a} and {b}", hy="{b} և {a}").filled(a="1", b="{a}")
    assert told == Text(en="1 and {a}", hy="{a} և 1")


def test_a_reference_entry_is_told_at_its_line(root: Path) -> None:
    path = root / "quizzes/reference/platform_facts.yaml"
    text = path.read_text().replace("    valid_days: 180\n", "    valid_day: 180\n", 1)
    path.write_text(text)
    (note,) = load(root).findings
    assert text.split("\n")[note.line - 1].strip() == "valid_day: 180"
    assert note.message == "valid_day: unknown key; did you mean valid_days?"


def test_a_row_of_the_glossary_is_told_at_its_line(root: Path) -> None:
    """Its rows are read as they stand by search and by the check of words."""
    path = root / "quizzes/reference/glossary.csv"
    path.write_text(path.read_text() + "reach,հասանելիություն,domain\nviews\nlikes,հավանումներ,domain,1\n")
    last = len(path.read_text().splitlines())
    notes = [(note.line, note.message) for note in load(root).findings]
    assert notes == [
        (last - 1, "hy: '', expected some text"),
        (last, "after note: unknown key; the keys are en, hy, note"),
    ]


def test_a_merge_that_was_never_finished_is_told_before_what_follows(root: Path) -> None:
    merged = "<<<<<<< ours\nminutes: 15\n=======\nminutes: 20\n>>>>>>> theirs\n"
    (root / "courses/c/01-m1.hy.md").write_text(module_source("hy").replace("minutes: 15\n", merged))
    bank = root / PATH
    bank.write_text(bank.read_text().replace("type: single", "<<<<<<< ours\ntype: single\n=======", 1))
    course = root / "courses/c/course.yaml"
    course.write_text(COURSE + "<<<<<<< ours\n")
    notes = load(root).findings
    assert {note.code for note in notes if note.code != "unlisted"} == {"conflict"}
    assert {note.path for note in notes} >= {"courses/c/course.yaml", PATH}


def test_markers_in_a_file_that_can_be_read_are_told_by_the_check(root: Path) -> None:
    bank = root / PATH
    text = bank.read_text().replace("Which?", "<<<<<<< ours\nWhich?\n=======\nWhich one?\n>>>>>>> theirs", 1)
    bank.write_text(text)
    told = [note.line for note in check(load(root), TODAY, spelling=False) if note.code == "conflict"]
    assert [text.split("\n")[line - 1][:7] for line in told] == ["<<<<<<<", "=======", ">>>>>>>"]


def test_a_macs_shadow_files_are_no_content(root: Path) -> None:
    before = load(root)
    for folder in ("courses/c", "quizzes/practice/placement"):
        (root / folder / "._x.md").write_bytes(b"\0\5\26\7 AppleDouble")
    after = load(root)
    assert (after.findings, after.banks.keys()) == (before.findings, before.banks.keys())
    assert not [path for path in read_files(root) if "._x" in path]


@pytest.mark.parametrize("where", ["outside", "nowhere", "itself", "folder"])
def test_a_link_that_leads_out_of_the_folder_or_nowhere_stops_the_reading(root: Path, where: str) -> None:
    """Else a stranger's file would be published, or what stood there withdrawn."""
    secret = root.parent / "secret.md"
    secret.write_text("secret")
    link = root / "quizzes/practice/linked.md"
    targets = {"outside": secret, "nowhere": root / "gone.md", "itself": link, "folder": root.parent}
    if where == "folder":
        link = root / "courses/linked"
    link.symlink_to(targets[where])
    with pytest.raises(ContentError, match="linked"):
        read_files(root)
    link.unlink()
    link.symlink_to(root / PATH if where != "folder" else root / "courses/c")
    assert any("linked" in path for path in read_files(root))


@pytest.mark.parametrize("error", [OverflowError, RecursionError, ZeroDivisionError, MemoryError])
def test_any_exception_of_one_file_is_its_finding(
    root: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """Whatever a type's rules stumble over: the neighbours load, and the item is named."""

    def fails(*_: object) -> object:
        raise error

    _bank.cache_clear()  # type: ignore[attr-defined]  # the same bytes were read before
    monkeypatch.setattr(Short, "problems", fails)
    library = load(root)
    _bank.cache_clear()  # type: ignore[attr-defined]
    (note,) = library.findings
    assert note.path == PATH and error.__name__ in note.message and len(library.items) == len(BODIES) - 1
    monkeypatch.setattr(Single, "prose", fails)
    assert "this item cannot be checked" in " ".join(note.message for note in item_findings_of(library))


def item_findings_of(library: Library) -> list[Finding]:
    return [*rules.item_findings(library, TODAY)]


@pytest.mark.parametrize(
    ("kind", "old", "new", "says"),
    [
        ("matching", "- d => 4\n- => 5", "- d => 4", "hy: 4 pairs, 1 distractors; en: 4 pairs, 0 distractors"),
        ("categorising", "#### Other\n- d\n", "- d\n#### Other\n", "en: elements in categories 1, 1, 1, 1, 2, 2"),
        ("cloze", "[[d|=e|f]]", "[[=e|d|f]]", "en: gap 1 option 1 of 3, gap 2 option 1 of 3, gap 3 typed"),
        ("judgement", "- (3) B", "- (3.5) B", "en: 4.6, 3.5, 2.4, 1.2"),
        (
            "numeric",
            "Reach {reach}, likes {likes}",
            "Likes {likes}",
            "en: numbers comments, likes, saves, shares, feed",
        ),
    ],
)
def test_a_key_is_told_in_words(kind: str, old: str, new: str, says: str) -> None:
    source = section(kind)
    assert old in source
    (note,) = item_findings(source.replace(old, new))
    assert note.code == "key" and says in note.message


@pytest.mark.parametrize("kind", BODIES)
def test_every_types_settings_are_declared(kind: str) -> None:
    assert parse_item(section(kind, more=""), HEAD).type == kind
    assert kind not in SETTINGS or SETTINGS[kind].split(":")[0] in parse_item(section(kind), HEAD).settings
