"""Terms in all their spellings: the glossary's pairs, what its notes also accept or warn against, and loan words as
people write them in either script. A phrase here is a tuple of stems."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from lms.content.reference_entries import Term
from lms.publishing.stems import stems

Phrase = tuple[str, ...]
Terms = Mapping[Phrase, frozenset[Phrase]]  # a phrase: every spelling of its term, itself among them
_SPELLINGS = Path(__file__).with_name("spellings.txt")
_NOTED = re.compile(r"(?:also|uses|not|never) «([^»]+)»(?! \()|«([^»]+)»(?=[^«]*accept)")
_ABBREVIATION = re.compile(r"\(([A-Z]{2,6}|[Ա-Ֆ]{2,6})\)")
_ARMENIAN_ASIDE = re.compile(r"\(([ա-ֆև]+)\)")
_LONGEST = 4  # words of a phrase that is looked for


@lru_cache(maxsize=8)
def terms(glossary: tuple[Term, ...]) -> Terms:
    """Every phrase of the glossary and of the table of spellings, with all that means the same."""
    by_phrase: dict[Phrase, frozenset[Phrase]] = {}
    for group in (*map(_spellings, glossary), *_table()):
        phrases = frozenset(phrase for text in group if (phrase := tuple(stems(text))))
        for phrase in phrases:
            by_phrase[phrase] = by_phrase.get(phrase, frozenset()) | phrases
    return {phrase: frozenset().union(*(by_phrase[other] for other in same)) for phrase, same in by_phrase.items()}


def _spellings(term: Term) -> list[str]:
    """What a glossary row calls its term. Words of the interface are no terms of the field."""
    if not term.note.startswith("domain"):
        return []
    whole = f"{term.en} {term.hy}"
    plain = [re.sub(r"\(.*?\)", "", text) for text in (term.en, term.hy)]
    asides = _ABBREVIATION.findall(whole) + _ARMENIAN_ASIDE.findall(term.hy)
    noted = [spelling or other for spelling, other in _NOTED.findall(term.note)]
    return [*(part for text in plain for part in text.split(",")), *asides, *noted]


def _table() -> Iterator[list[str]]:
    for line in _SPELLINGS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split(",")


def concepts(words: list[str], vocabulary: Terms) -> list[list[Phrase]]:
    """The words of a question as concepts, each with its spellings, the asked one first; the longest phrase wins."""
    phrases: list[list[Phrase]] = []
    while words:
        phrase = next(_beginnings(words, vocabulary), tuple(words[:1]))
        phrases.append([phrase, *sorted(vocabulary.get(phrase, frozenset()) - {phrase})])
        words = words[len(phrase) :]
    return phrases


def _beginnings(words: list[str], vocabulary: Terms) -> Iterator[Phrase]:
    lengths: Iterable[int] = range(min(_LONGEST, len(words)), 0, -1)
    return (phrase for length in lengths if (phrase := tuple(words[:length])) in vocabulary)
