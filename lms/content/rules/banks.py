"""Rules of whole banks: place in the tree, numbers, and nothing about the key that a guesser could use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator

from lms.content.errors import Finding, no_such
from lms.content.model import Bank, Item, ItemText, Library
from lms.content.questions import TYPES
from lms.content.source import line_of
from lms.content.text import LANGUAGES, Text

MODULE_ITEMS = 12
ABOVE_REMEMBERING = 5
PRETEST_ITEMS = 15
POSITION_SHARE = 0.45
POSITION_FROM = 8
LONGEST_SHARE = 0.40
LONGEST_FROM = 5
SET_SIZE = (2, 4)
NEEDS = {"practice": ("course", "module"), "pretest": ("course",)}  # front matter of a pool's banks

NAME = Text(
    en="bank: still names {name}, but the file is quizzes/{expected}.md; moved or renamed? put `bank: {expected}` (ids "
    "and progress stay)",
    hy="bank. դեռ նշված է {name}, իսկ ֆայլը quizzes/{expected}.md է. տեղափոխե՞լ կամ վերանվանե՞լ եք. գրեք "
    "`bank: {expected}` (id-ներն ու առաջընթացը մնում են)",
)
FOLDER = Text(
    en="closed items live in quizzes/closed/, all others in quizzes/practice/: move the file back, or change `pool:`",
    hy="փակ հարցերը quizzes/closed/ պանակում են, մյուս բոլորը՝ quizzes/practice/. ֆայլը հետ տարեք կամ փոխեք `pool:`",
)
NO_COURSE = Text(en="there is no course {name}", hy="{name} դասընթաց չկա")
NO_MODULE = Text(en="there is no module {name}", hy="{name} մոդուլ չկա")
FEW = Text(en="{count} items, expected at least {least}", hy="{count} հարց, պետք է լինի առնվազն {least}")
FEW_ABOVE = Text(
    en="{count} items above remembering, expected at least {least}",
    hy="հիշելուց բարձր՝ {count} հարց, պետք է լինի առնվազն {least}",
)
PRETEST = Text(en="{count} items, a pre-test has {exactly}", hy="{count} հարց, նախնական թեստն ունի {exactly}")
READERS = Text(
    en="{id}: {count} items read this table, expected {low} to {high}",
    hy="{id}. այս աղյուսակը կարդում է {count} հարց, պետք է լինի {low}-ից {high}",
)
POSITION = Text(
    en="option {place} is right in {count} of {all} single-choice items",
    hy="ճիշտը {place} համարի տարբերակն է՝ մեկ պատասխանով {all} հարցից {count}-ում",
)
LONGEST = Text(
    en="the right option is the longest in {count} of {all} single-choice items in {language}: {names}",
    hy="ճիշտ տարբերակն ամենաերկարն է՝ մեկ պատասխանով {all} հարցից {count}-ում ({language})՝ {names}",
)


def bank_findings(library: Library, paths: Collection[str] | None = None) -> Iterator[Finding]:
    """All findings about banks (in `paths`)."""
    for bank in (bank for bank in library.banks.values() if paths is None or bank.path in paths):
        yield from _place(library, bank)
        yield from _numbers(bank)
        yield from _sets(bank)
        singles = [item for item in bank.items if TYPES[item.type].single_key]
        yield from _positions(bank, singles)
        yield from _lengths(bank, singles)


def _place(library: Library, bank: Bank) -> Iterator[Finding]:
    expected = bank.path.removeprefix("quizzes/").removesuffix(".md")
    if bank.name != expected:
        yield _at(bank, "schema", NAME.filled(name=bank.name, expected=expected), key="bank")
    if (bank.pool == "closed") != expected.startswith("closed/"):
        yield _at(bank, "pool", FOLDER, key="bank")
    if bank.course and bank.course not in library.courses:
        yield _at(bank, "unknown-id", no_such(NO_COURSE, bank.course, library.courses), key="course")
    if bank.module and bank.module not in library.modules:
        yield _at(bank, "unknown-id", no_such(NO_MODULE, bank.module, library.modules), key="module")
    wanted = NEEDS.get(bank.pool, ())
    if (bool(bank.course), bool(bank.module)) != ("course" in wanted, "module" in wanted):
        yield _at(bank, "schema", _needs(bank.pool, wanted), key="bank")


def _needs(pool: str, keys: tuple[str, ...]) -> Text:
    listed = " ".join(f"`{key}:`" for key in keys)
    return Text(
        en=f"a bank of the pool {pool} has {listed or 'neither `course:` nor `module:`'}",
        hy=f"{pool} ֆոնդի ֆայլում լինում է {listed or 'ո՛չ `course:`, ո՛չ `module:`'}",
    )


def _numbers(bank: Bank) -> Iterator[Finding]:
    items = [item for item in bank.items if item.answerable]
    above = sum(item.bloom != "remember" for item in items)
    if bank.module and len(items) < MODULE_ITEMS:
        yield _at(bank, "items", FEW.filled(count=str(len(items)), least=str(MODULE_ITEMS)))
    if bank.module and above < ABOVE_REMEMBERING:
        yield _at(bank, "items", FEW_ABOVE.filled(count=str(above), least=str(ABOVE_REMEMBERING)))
    if bank.pool == "pretest" and len(items) != PRETEST_ITEMS:
        yield _at(bank, "items", PRETEST.filled(count=str(len(items)), exactly=str(PRETEST_ITEMS)))


def _sets(bank: Bank) -> Iterator[Finding]:
    sizes = Counter(item.set_id for item in bank.items if item.set_id)
    low, high = SET_SIZE
    for item in bank.items:
        if not item.answerable and not low <= sizes[item.id] <= high:
            size = READERS.filled(id=item.id, count=str(sizes[item.id]), low=str(low), high=str(high))
            yield Finding.bilingual(bank.path, item.line, "set", size, "warning")


def _right(text: ItemText) -> int:
    return next(index for index, part in enumerate(text.parts) if part.mark.lower() == "x")


def _positions(bank: Bank, singles: list[Item]) -> Iterator[Finding]:
    if len(singles) < POSITION_FROM:
        return
    place, count = Counter(_right(item.text()) for item in singles).most_common(1)[0]
    if count > POSITION_SHARE * len(singles):
        message = POSITION.filled(place=str(place + 1), count=str(count), all=str(len(singles)))
        yield _at(bank, "key-position", message)


def _lengths(bank: Bank, singles: list[Item]) -> Iterator[Finding]:
    for language in LANGUAGES:
        spoken = [item for item in singles if language in item.languages]
        longest = [item.id for item in spoken if _longest(item.languages[language])]
        if len(spoken) >= LONGEST_FROM and len(longest) > LONGEST_SHARE * len(spoken):
            count, names = str(len(longest)), ", ".join(longest)
            message = LONGEST.filled(count=count, all=str(len(spoken)), language=language, names=names)
            yield _at(bank, "longest-key", message)


def _longest(text: ItemText) -> bool:
    lengths = [len(part.text) for part in text.parts]
    right = lengths.pop(_right(text))
    return right > max(lengths)


def _at(bank: Bank, code: str, text: Text, key: str = "") -> Finding:
    """A finding at the front matter's line `key`, or at the top of the bank."""
    match = re.search(rf"^{key}:", bank.head, re.MULTILINE) if key else None
    return Finding.bilingual(bank.path, line_of(bank.head, match.start()) if match else 1, code, text)
