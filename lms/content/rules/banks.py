"""Rules of whole banks: place in the tree, numbers, and nothing about the key that a guesser could use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from lms.content.errors import Finding
from lms.content.model import Bank, Item, ItemText, Library

MODULE_ITEMS = 12
ABOVE_REMEMBERING = 5
PRETEST_ITEMS = 15
POSITION_SHARE = 0.45
POSITION_FROM = 8
LONGEST_SHARE = 0.40
LONGEST_FROM = 5
SET_SIZE = (2, 4)


def bank_findings(library: Library, paths: Collection[str] | None = None) -> Iterator[Finding]:
    """All findings about banks (in `paths`)."""
    for bank in (bank for bank in library.banks.values() if paths is None or bank.path in paths):
        yield from _place(library, bank)
        yield from _numbers(bank)
        yield from _sets(bank)
        singles = [item for item in bank.items if item.type == "single"]
        yield from _positions(bank, singles)
        yield from _lengths(bank, singles)


def _place(library: Library, bank: Bank) -> Iterator[Finding]:
    expected = bank.path.removeprefix("quizzes/").removesuffix(".md")
    if bank.name != expected:
        yield Finding(bank.path, 2, "schema", f"bank: {bank.name}, expected {expected} as the file is named")
    if (bank.pool == "closed") != expected.startswith("closed/"):
        yield Finding(bank.path, 2, "pool", "closed items live in quizzes/closed/, all others in quizzes/practice/")
    if bank.course and bank.course not in library.courses:
        yield Finding(bank.path, 2, "unknown-id", f"course {bank.course}")
    if bank.module and bank.module not in library.modules:
        yield Finding(bank.path, 2, "unknown-id", f"module {bank.module}")
    needs_course, needs_module = bank.pool in ("practice", "pretest"), bank.pool == "practice"
    if bool(bank.course) != needs_course or bool(bank.module) != needs_module:
        yield Finding(bank.path, 2, "schema", f"pool {bank.pool}: `course` and `module` as the format says")


def _numbers(bank: Bank) -> Iterator[Finding]:
    items = [item for item in bank.items if item.answerable]
    above = sum(item.bloom != "remember" for item in items)
    if bank.module and len(items) < MODULE_ITEMS:
        yield Finding(bank.path, 1, "items", f"{len(items)} items, expected at least {MODULE_ITEMS}")
    if bank.module and above < ABOVE_REMEMBERING:
        yield Finding(bank.path, 1, "items", f"{above} items above remembering, expected at least {ABOVE_REMEMBERING}")
    if bank.pool == "pretest" and len(items) != PRETEST_ITEMS:
        yield Finding(bank.path, 1, "items", f"{len(items)} items, a pre-test has {PRETEST_ITEMS}")


def _sets(bank: Bank) -> Iterator[Finding]:
    sizes = Counter(item.set_id for item in bank.items if item.set_id)
    for item in bank.items:
        if item.type == "table" and not SET_SIZE[0] <= sizes[item.id] <= SET_SIZE[1]:
            message = f"{item.id}: {sizes[item.id]} items read this table, expected {SET_SIZE[0]} to {SET_SIZE[1]}"
            yield Finding(bank.path, item.line, "set", message, "warning")


def _right(text: ItemText) -> int:
    return next(index for index, part in enumerate(text.parts) if part.mark.lower() == "x")


def _positions(bank: Bank, singles: list[Item]) -> Iterator[Finding]:
    if len(singles) < POSITION_FROM:
        return
    place, count = Counter(_right(item.text()) for item in singles).most_common(1)[0]
    if count > POSITION_SHARE * len(singles):
        message = f"option {place + 1} is right in {count} of {len(singles)} single-choice items"
        yield Finding(bank.path, 1, "key-position", message)


def _lengths(bank: Bank, singles: list[Item]) -> Iterator[Finding]:
    for language in ("hy", "en"):
        texts = [item.languages[language] for item in singles if language in item.languages]
        longest = [item for item in singles if language in item.languages and _longest(item.languages[language])]
        if len(texts) >= LONGEST_FROM and len(longest) > LONGEST_SHARE * len(texts):
            message = (
                f"the right option is the longest in {len(longest)} of {len(texts)} single-choice items in {language}"
            )
            names = ", ".join(item.id for item in longest)
            yield Finding(bank.path, 1, "longest-key", f"{message}: {names}")


def _longest(text: ItemText) -> bool:
    lengths = [len(part.text) for part in text.parts]
    right = lengths.pop(_right(text))
    return right > max(lengths)
