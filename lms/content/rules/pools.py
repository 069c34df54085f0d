"""Rules over whole pools: closed items unlike those that people practise on, and no cue in the shape of options."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from math import ceil

from lms.content.errors import Finding
from lms.content.model import Item, ItemText, Library
from lms.content.questions import TYPES
from lms.content.text import LANGUAGES, Text

CLOSED = "closed"
ALIKE = 0.8  # of the words of two items, as a share of all their words
SAME_NUMBERS = 4  # distinct numbers of two digits or more
NUMBER = re.compile(r"\d+(?:[ \u00a0,.]\d+)*")
WORD = re.compile(r"\w+")
ABSOLUTES = {
    "en": re.compile(r"\b(?:always|never|only|all|every|none)\b", re.IGNORECASE),
    "hy": re.compile(r"\b(?:միշտ|երբեք|միայն|բոլոր\w*|ամեն)(?!\w)", re.IGNORECASE),
}
ABSOLUTES_FROM = 5  # distractors with such a word, before the shares are compared
MULTIPLE_FROM = 5
RATED_FROM = 6
LONGEST_BEST = 1 / 3

NEAR = Text(
    en="{id}: {percent}% of its words in {language} are those of {other} ({pool}, {path})",
    hy="{id}. բառերի {percent}%-ը նույնն է ({language}), ինչ {other} հարցինը ({pool}, {path})",
)
NUMBERS = Text(
    en="{id}: its {count} numbers are those of {other} ({pool}, {path})",
    hy="{id}. նրա {count} թիվը նույնն է, ինչ {other} հարցինը ({pool}, {path})",
)
SAME_COUNT = Text(
    en="each of the {all} multiple-choice items of the pool {pool} has {count} right options",
    hy="{pool} ֆոնդի մի քանի պատասխանով {all} հարցերից յուրաքանչյուրն ունի {count} ճիշտ տարբերակ",
)
GIVEN_AWAY = Text(
    en="absolute words in {language}, pool {pool}: in {wrong} of {distractors} distractors, {right} of {keys} keys",
    hy="բացարձակ բառեր ({language}), {pool} ֆոնդ. {distractors} սխալից {wrong}-ում, {keys} ճիշտից՝ {right}-ում",
)
BEST_LONGEST = Text(
    en="the best option is the longest in {count} of {all} judgement items in {language}, pool {pool}: {names}",
    hy="լավագույն տարբերակն ամենաերկարն է իրավիճակի {all} հարցից {count}-ում ({language}), {pool} ֆոնդ. {names}",
)


def pool_findings(library: Library, paths: Collection[str] | None = None) -> Iterator[Finding]:
    """Warnings, each at an item of its pool (in `paths`)."""
    for finding in (*_copies(library), *_cues(library)):
        if paths is None or finding.path in paths:
            yield finding


def _copies(library: Library) -> Iterator[Finding]:
    closed = [item for item in library.items.values() if item.pool == CLOSED]
    others = [item for item in library.items.values() if item.pool != CLOSED]
    if closed:
        yield from _same_numbers(closed, others)
        for language in LANGUAGES:
            yield from _same_words(closed, others, language)


def _same_numbers(closed: Sequence[Item], others: Sequence[Item]) -> Iterator[Finding]:
    by_numbers: dict[frozenset[str], Item] = {}
    for item in others:
        by_numbers.setdefault(_numbers(_whole(item.text())), item)
    for item in closed:
        numbers = _numbers(_whole(item.text()))
        if len(numbers) >= SAME_NUMBERS and (other := by_numbers.get(numbers)):
            yield _at(item, "near-copy", NUMBERS, count=str(len(numbers)), **_named(other))


def _same_words(closed: Sequence[Item], others: Sequence[Item], language: str) -> Iterator[Finding]:
    """Two sets of which ALIKE is common share one of the rarest words of either: only such pairs are compared."""
    spoken = (item for item in (*closed, *others) if language in item.languages)
    words = {item.id: _words(_whole(item.languages[language])) for item in spoken}
    often = Counter(word for of_item in words.values() for word in of_item)
    place = {word: at for at, (word, _) in enumerate(reversed(often.most_common()))}
    shelf: defaultdict[str, list[Item]] = defaultdict(list)
    for item in others:
        for word in _rarest(words.get(item.id, frozenset()), place):
            shelf[word].append(item)
    for item in closed:
        mine = words.get(item.id, frozenset())
        near = {other.id: other for word in _rarest(mine, place) for other in shelf.get(word, ())}
        for other in near.values():
            share = len(mine & words[other.id]) / len(mine | words[other.id])
            if share >= ALIKE:
                yield _at(item, "near-copy", NEAR, percent=str(round(100 * share)), language=language, **_named(other))


def _rarest(words: frozenset[str], place: Mapping[str, int]) -> list[str]:
    ordered = sorted(words, key=place.__getitem__)
    return ordered[: len(ordered) - ceil(ALIKE * len(ordered)) + 1]


@lru_cache(maxsize=8192)
def _words(text: str) -> frozenset[str]:
    return frozenset(WORD.findall(text.lower()))


@lru_cache(maxsize=8192)
def _numbers(text: str) -> frozenset[str]:
    numbers = (re.sub(r"\D", "", number) for number in NUMBER.findall(text))
    return frozenset(number for number in numbers if len(number) > 1)


def _whole(text: ItemText) -> str:
    return "\n".join((text.stem, *(f"{part.text} {part.right}" for part in text.parts)))


def _named(other: Item) -> dict[str, str]:
    return {"other": other.id, "pool": other.pool, "path": other.path}


def _cues(library: Library) -> Iterator[Finding]:
    pools: defaultdict[str, list[Item]] = defaultdict(list)
    for item in library.items.values():
        if item.answerable and TYPES[item.type].lettered:
            pools[item.pool].append(item)
    for items in pools.values():
        yield from _counts([item for item in items if _keyed(item) and not TYPES[item.type].single_key])
        for language in LANGUAGES:
            spoken = [item for item in items if language in item.languages]
            yield from _absolutes([item for item in spoken if _keyed(item)], language)
            yield from _longest([item for item in spoken if _rated(item)], language)


def _keyed(item: Item) -> bool:
    return any(part.mark.lower() == "x" for part in item.text().parts)


def _rated(item: Item) -> bool:
    return all(re.fullmatch(r"\d(?:[.,]\d+)?", part.mark) for part in item.text().parts)


def _counts(items: Sequence[Item]) -> Iterator[Finding]:
    counts = {sum(part.mark.lower() == "x" for part in item.text().parts) for item in items}
    if len(items) >= MULTIPLE_FROM and len(counts) == 1:
        yield _at(items[0], "key-count", SAME_COUNT, all=str(len(items)), count=str(*counts), pool=items[0].pool)


def _absolutes(items: Sequence[Item], language: str) -> Iterator[Finding]:
    all_of, hits = Counter[bool](), Counter[bool]()
    for part in (part for item in items for part in item.languages[language].parts):
        right = part.mark.lower() == "x"
        all_of[right] += 1
        hits[right] += bool(ABSOLUTES[language].search(part.text))
    if hits[False] >= ABSOLUTES_FROM and hits[False] * all_of[True] > hits[True] * all_of[False]:
        counts = {"wrong": hits[False], "distractors": all_of[False], "right": hits[True], "keys": all_of[True]}
        numbers = {name: str(number) for name, number in counts.items()}
        yield _at(items[0], "absolutes", GIVEN_AWAY, language=language, pool=items[0].pool, **numbers)


def _longest(items: Sequence[Item], language: str) -> Iterator[Finding]:
    names = [item.id for item in items if _best_is_longest(item.languages[language])]
    if len(items) >= RATED_FROM and len(names) > LONGEST_BEST * len(items):
        values = {"count": str(len(names)), "all": str(len(items)), "names": ", ".join(names)}
        yield _at(items[0], "longest-best", BEST_LONGEST, language=language, pool=items[0].pool, **values)


def _best_is_longest(text: ItemText) -> bool:
    best = max(text.parts, key=lambda part: float(part.mark.replace(",", ".")))
    return all(len(part.text) < len(best.text) for part in text.parts if part is not best)


def _at(item: Item, code: str, text: Text, **values: str) -> Finding:
    return Finding.bilingual(item.path, item.line, code, text.filled(id=item.id, **values), "warning")
