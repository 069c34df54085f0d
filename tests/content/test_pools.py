"""The rules over whole pools find what they say, and nothing in items that differ; the map of claims has no hole."""

from __future__ import annotations

from pathlib import Path

import pytest

from lms.content import Finding, Library, load
from lms.content.rules.pools import pool_findings
from tests.content.samples import section

OPEN = "quizzes/practice/placement/x.md"
CLOSED = "quizzes/closed/x.md"


def bank(name: str, pool: str, items: list[str]) -> str:
    return f"---\nbank: {name}\npool: {pool}\n---\n\n" + "\n".join(items)


def item(kind: str, name: str, stem: str, options: str) -> str:
    yaml = section(kind, name).partition("### hy")[0]
    return f"{yaml}### hy\n\n{stem}\n\n{options}\n### en\n\n{stem}\n\n{options}\n"


def options(*texts: str, keys: int = 1) -> str:
    return "".join(f"- [{'x' if at < keys else ' '}] {text}\n  > Why.\n" for at, text in enumerate(texts))


def found(root: Path, banks: dict[str, str]) -> list[Finding]:
    for path, text in banks.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return list(pool_findings(load(root)))


STEM = "A shop in Gyumri has 1200 followers, 36 comments, 48 saves and a reach of 5000: what comes first next week?"


@pytest.mark.parametrize(
    ("stem", "messages"),
    [
        (STEM.replace("Gyumri", "Vanadzor"), {"% of its words", "its 4 numbers"}),
        ("Of 36 answers 48 came late, 1200 too soon and 5000 never; name the cause.", {"its 4 numbers"}),
        ("A shop in Gyumri has 1300 followers.", set()),
    ],
)
def test_a_closed_item_like_an_open_one(root: Path, stem: str, messages: set[str]) -> None:
    four = options("plan", "reply", "boost", "wait")
    banks = {
        OPEN: bank("practice/placement/x", "placement", [item("single", "a-1", STEM, four)]),
        CLOSED: bank("closed/x", "closed", [item("single", "b-1", stem, four)]),
    }
    told = [finding.words("en") for finding in found(root, banks) if finding.code == "near-copy"]
    assert all(any(part in one for one in told) for part in messages) and bool(told) is bool(messages)


@pytest.mark.parametrize(("keys", "code"), [([2] * 5, True), ([2, 2, 3, 2, 2], False)])
def test_the_number_of_keys_varies(root: Path, keys: list[int], code: bool) -> None:
    items = [
        item("multiple", f"m-{at}", f"Question {at}?", options("one", "two", "six", "ten", keys=count))
        for at, count in enumerate(keys)
    ]
    codes = {finding.code for finding in found(root, {OPEN: bank("practice/placement/x", "placement", items)})}
    assert ("key-count" in codes) is code


@pytest.mark.parametrize(("right", "told"), [("plan", True), ("always plan", False)])
def test_absolutes_in_distractors(root: Path, right: str, told: bool) -> None:
    items = [
        item("single", f"s-{at}", f"Question {at}?", options(right, "never reply", "wait", "boost")) for at in range(5)
    ]
    notes = found(root, {OPEN: bank("practice/placement/x", "placement", items)})
    words = [note.words("en") for note in notes if note.code == "absolutes"]
    assert bool(words) is told and all("in 5 of 15 distractors, 0 of 5 keys" in one for one in words)


@pytest.mark.parametrize(("long", "told"), [(3, True), (2, False)])
def test_the_best_of_a_judgement_is_seldom_longest(root: Path, long: int, told: bool) -> None:
    def rated(best: str) -> str:
        rows = (("4.6", best), ("3.4", "second one"), ("2.2", "third one"), ("1.2", "fourth one"))
        return "".join(f"- ({mark}) {text}\n  > Why.\n" for mark, text in rows)

    items = [
        item("judgement", f"j-{at}", f"Question {at}?", rated("the longest of them" if at < long else "short"))
        for at in range(6)
    ]
    notes = found(root, {OPEN: bank("practice/placement/x", "placement", items)})
    assert [note.code for note in notes] == ["longest-best"] * (2 * told)


def test_every_claim_of_the_founding_article_is_taught_where_the_map_says_and_asked(shipped: Library) -> None:
    claims = shipped.reference.seed
    asked = {claim for one in shipped.items.values() for claim in one.seed}
    assert len(claims) == 87 and claims.keys() <= asked
    untaught = [
        (claim.id, name)
        for claim in claims.values()
        for name in claim.modules
        if claim.id not in shipped.modules[name].seed
    ]
    assert not untaught and all(claim.modules for claim in claims.values())
    assert [claim.id for claim in claims.values() if claim.outdated] == ["S04.1"]


def test_no_course_of_the_catalogue_is_in_preparation_and_none_waits_for_one_that_is_not(shipped: Library) -> None:
    planned = shipped.reference.catalogue["courses"]
    assert {plan["id"] for plan in planned} == shipped.courses.keys()
    done: set[str] = set()
    while ready := {key for key, one in shipped.courses.items() if key not in done and set(one.prerequisites) <= done}:
        done |= ready
    assert done == shipped.courses.keys(), "every course can be reached"
    modules = {module["id"] for plan in planned for module in plan["modules"]}
    assert modules == shipped.modules.keys()
    taught = {sub for module in shipped.modules.values() for sub in module.sub_competencies}
    roles = shipped.reference.framework.roles
    assert len(roles) == 8
    for role in roles:
        assert set(role.critical) <= taught, role.id
