"""Rules of single items: ids known, both languages there, numbers that can be drawn, links that lead somewhere."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from lms.content.answer_matching import fold_hy
from lms.content.document import parse
from lms.content.errors import Finding, Severity, no_such
from lms.content.model import Bank, Item, Library, Part
from lms.content.questions import TYPES
from lms.content.rules.links import link_findings
from lms.content.rules.markdown_lint import sign_findings
from lms.content.rules.option_order import other_order
from lms.content.source import line_of
from lms.content.text import LANGUAGES, Text, lack

Stem = tuple[str, str, str]  # language, set, folded text
ALL_ABOVE = re.compile(
    r"\b(?:all|none|both|any) of (?:the above|these)\b"
    r"|վեր(?:ը|ոնշյալ|ոհիշյալ)\w* *(?:նշված|թվարկված)?\w* *(?:բոլոր|ոչ մեկ)"
    r"|բոլոր(?:ը| տարբերակները| պատասխանները) ճիշտ|ոչ մեկը ճիշտ",
    re.IGNORECASE,
)
BROKEN = Text(en="this item cannot be checked ({error})", hy="այս հարցը հնարավոր չէ ստուգել ({error})")
NO_LANGUAGE = Text(en="no `### {language}`", hy="`### {language}` չկա")
BEHIND = Text(en="{language} is behind the other language", hy="{language} տարբերակը հետ է մյուսից")
NO_STEM = Text(en="no stem in {language}", hy="{language} տարբերակում հարցի տեքստ չկա")
NO_GENERAL = Text(
    en="no general explanation (`> text` at the end) in {language}",
    hy="{language} տարբերակում ընդհանուր բացատրություն չկա (վերջում՝ `> տեքստ`)",
)
NO_SUB = Text(en="sub: there is no sub-competency {name}", hy="sub. {name} ենթակարողություն չկա")
NO_CLAIM = Text(en="seed: there is no claim {name}", hy="seed. {name} պնդում չկա")
NO_ENEMY = Text(en="enemies: there is no other item {name}", hy="enemies. {name} անունով ուրիշ հարց չկա")
NO_TABLE = Text(en="set: this bank has no table {name}", hy="set. այս ֆայլում {name} աղյուսակ չկա")
NO_FACT = Text(en="facts: there is no fact {name}", hy="facts. {name} փաստ չկա")
UNLISTED = Text(
    en="{name} is used in the text but not listed in `facts:`", hy="{name} փաստը տեքստում կա, բայց `facts:` ցանկում չկա"
)
DUE = Text(
    en="{name} was valid until {day}; the item leaves scored pools",
    hy="{name} փաստն ուժի մեջ էր մինչև {day}. հարցը դուրս է մնում գնահատվող թեստերից",
)
UNSCORED = Text(
    en="{name} may not be scored, and this pool is {pool}",
    hy="{name} փաստով գնահատել չի կարելի, իսկ այս ֆոնդը {pool} է",
)
ALL_OF_THEM = Text(en='an option of the kind "all of the above"', hy="«վերը նշված բոլորը» տիպի տարբերակ")
DUPLICATE = Text(
    en="the stem in {language} is that of {id} ({path})", hy="{language} տեքստը նույնն է, ինչ {id} հարցինը ({path})"
)


def item_findings(library: Library, today: dt.date, paths: Collection[str] | None = None) -> Iterator[Finding]:
    """All findings about items (in `paths`), one by one; whatever one item stumbles over is a finding about it."""
    for item in library.items_in(paths):
        try:
            yield from [*_about(library, item, today)]
        except Exception as error:  # a rule that fails must not hide what the others say
            yield _at(item, "unreadable", BROKEN.filled(error=type(error).__name__))
    yield from _duplicates(library, paths)


def _about(library: Library, item: Item, today: dt.date) -> Iterator[Finding]:
    yield from _languages(item)
    yield from _known(library, item)
    yield from _facts(library, item, today)
    yield from _options(item)
    for remark in TYPES[item.type].remarks(item, library.reference):
        yield _at(item, remark.code, remark.text, remark.key, remark.severity)
    for language, text in item.languages.items():
        for line, prose in TYPES[item.type].prose(text):
            document = parse(prose, language)
            yield from link_findings(library, item.path, line, document, item.course)
            yield from sign_findings(item.path, line, prose, document)


def _at(item: Item, code: str, text: Text, key: str = "", severity: Severity = "error") -> Finding:
    """A finding at the yaml line `key`, or at the item's heading."""
    match = re.search(rf"^{key}:", item.source, re.MULTILINE) if key else None
    line = line_of(item.source, match.start(), item.line) if match else item.line
    named = Text(en=f"{item.id}: {text.en}", hy=f"{item.id}. {text.hy}")
    return Finding.bilingual(item.path, line, code, named, severity)


def _languages(item: Item) -> Iterator[Finding]:
    for language in LANGUAGES:
        if language not in item.languages:
            yield _at(item, "missing-language", NO_LANGUAGE.filled(language=language), severity=lack(language))
    if item.behind:
        yield _at(item, "behind", BEHIND.filled(language=item.behind), severity="warning")
    for language, text in item.languages.items():
        if not text.stem.strip():
            yield _at(item, "stem", NO_STEM.filled(language=language))
        if item.answerable and not text.general:
            yield _at(item, "explanation", NO_GENERAL.filled(language=language), severity="warning")


def _known(library: Library, item: Item) -> Iterator[Finding]:
    reference = library.reference
    if item.sub and item.sub not in reference.framework.sub_competencies:
        yield _at(item, "unknown-id", no_such(NO_SUB, item.sub, reference.framework.sub_competencies), "sub")
    for name in item.seed:
        if name not in reference.seed:
            yield _at(item, "unknown-id", no_such(NO_CLAIM, name, reference.seed), "seed")
    for name in item.enemies:
        if name not in library.items or name == item.id:
            others = [other for other in library.items if other != item.id]
            yield _at(item, "unknown-id", no_such(NO_ENEMY, name, others), "enemies")
    if item.set_id and item.stimulus is None:
        tables = [other.id for other in library.items.values() if other.path == item.path and not other.answerable]
        yield _at(item, "unknown-id", no_such(NO_TABLE, item.set_id, tables), "set")


def _facts(library: Library, item: Item, today: dt.date) -> Iterator[Finding]:
    for name in sorted(_facts_used(item) - set(item.facts)):
        yield _at(item, "fact", UNLISTED.filled(name=name))
    for name in item.facts:
        fact = library.reference.facts.get(name)
        if fact is None:
            yield _at(item, "unknown-id", no_such(NO_FACT, name, library.reference.facts), "facts")
        elif fact.is_due(today):
            due = DUE.filled(name=name, day=str(fact.valid_until))
            yield _at(item, "fact-due", due, severity="warning")
        elif not fact.may_be_scored and item.pool != "practice":
            yield _at(item, "fact", UNSCORED.filled(name=name, pool=item.pool))


def _facts_used(item: Item) -> set[str]:
    pieces = [
        (language, piece)
        for language, text in item.languages.items()
        for piece in (text.stem, text.general, *(piece for part in text.parts for piece in _words_of(part)))
    ]
    documents = [parse(piece, language) for language, piece in pieces if "{{fact:" in piece]
    return {token.value for document in documents for token in document.of("fact")}


def _words_of(part: Part) -> tuple[str, str, str]:
    return part.text, part.right, part.feedback


def _options(item: Item) -> Iterator[Finding]:
    if TYPES[item.type].lettered:
        for part in (part for text in item.languages.values() for part in text.parts):
            if ALL_ABOVE.search(part.text):
                yield dataclasses.replace(_at(item, "all-of-the-above", ALL_OF_THEM), line=part.line)
    if TYPES[item.type].one_order and (moved := other_order(item)):
        yield _at(item, "order", moved, severity="warning")


def _duplicates(library: Library, paths: Collection[str] | None) -> Iterator[Finding]:
    """An item that asks the same as one before it."""
    first: dict[Stem, Item] = {}
    for bank in reversed([*library.banks.values()]):
        first |= _stems(bank)
    for item in library.items_in(paths):
        for stem in _stems_of(item):
            twin = first[stem]
            if twin is not item and library.items.get(twin.id) is twin:
                yield _at(item, "duplicate", DUPLICATE.filled(language=stem[0], id=twin.id, path=twin.path))


@lru_cache(maxsize=1024)
def _stems(bank: Bank) -> Mapping[Stem, Item]:
    """Which item of a bank asks something first. Every check compares all banks, and hardly one changed since."""
    return {stem: item for item in reversed(bank.items) for stem in _stems_of(item)}


def _stems_of(item: Item) -> list[Stem]:
    """Sets may ask the same of different tables; the set is part of the question."""
    folded = ((language, item.set_id or "", _folded(text.stem)) for language, text in item.languages.items())
    return [stem for stem in folded if stem[2]]


@lru_cache(maxsize=8192)
def _folded(stem: str) -> str:
    return fold_hy(stem)
