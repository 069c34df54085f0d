"""Search over published modules: stems on both sides, a prefix query on FTS5 or tsvector, one answer. A term is found
by any of its spellings, a word with a slip of a letter by the one that was meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from flask import current_app
from sqlalchemy import bindparam, select, text

from lms.content.reference_entries import Term
from lms.database import db
from lms.publishing.current_content import current_content, reference
from lms.publishing.models import SearchSection
from lms.publishing.stems import fold, question, stem, stems
from lms.publishing.terms import Phrase, concepts, terms
from lms.publishing.vocabulary import Vocabulary, vocabulary

_MATCH = {
    "sqlite": (
        "JOIN search_index ON search_index.rowid = search_section.id WHERE search_index MATCH :question",
        "bm25(search_index)",
    ),
    "postgresql": (
        "WHERE to_tsvector('simple', stems) @@ to_tsquery('simple', :question)",
        "-ts_rank(to_tsvector('simple', stems), to_tsquery('simple', :question))",
    ),
}
_AND = {"sqlite": " AND ", "postgresql": " & "}
_OR = {"sqlite": " OR ", "postgresql": " | "}
_TERM = {"sqlite": ('"{}"*', '"{}"'), "postgresql": ("'{}':*", "'{}'")}  # a beginning, a whole word
_BEGINNING = 5  # letters of a synonym that may go on
_LIMIT = 30
_KEPT = 8  # organisations of which the words are held
_BEFORE, _LENGTH = 60, 200  # characters of a snippet
_WORD = re.compile(r"[^\W_]+(?:[\u055b\u055c\u055e][^\W_]*)*")


@dataclass(frozen=True)
class Hit:
    """A section that answers the question; snippet: (text, is a word that was searched for) pieces in order."""

    module: str
    language: str
    anchor: str
    heading: str
    snippet: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class SearchQuery:
    """A question as it is understood. concepts: each with its spellings, the asked one first; another: whether a word
    was read as another one; glossary: the terms it names, at most three."""

    concepts: list[list[Phrase]]
    another: bool
    glossary: list[Term]


def understood(query: str) -> SearchQuery:
    """The words typed, each as the texts or the glossary spell it, and their terms."""
    typed = question(query)
    vocabulary = terms(reference().glossary)
    meant = [word if (word,) in vocabulary else _words().meant(word) for word in typed]
    groups = concepts(meant, vocabulary)
    for spellings in groups:
        if len(spellings[0]) == 1:
            spellings += [twin for word in _words().twins(spellings[0][0]) if (twin := (word,)) not in spellings]
    return SearchQuery(groups, meant != typed, _rows(groups))


def search(query: str, language: str) -> list[Hit]:
    """Sections that hold every term asked for, else any of them: those in the reader's language, of the other only
    where it alone has any; lists of sources and the words about a check last, best first."""
    groups = understood(query).concepts
    if not groups:
        return []
    engine = db.engine.dialect.name
    wanted = [word for spellings in groups for phrase in spellings for word in phrase]
    each = [_expression(spellings, engine) for spellings in groups]
    every = _find(_AND[engine].join(each), language, wanted)
    return every or (_find(_OR[engine].join(each), language, wanted) if len(each) > 1 else [])


def _expression(spellings: list[Phrase], engine: str) -> str:
    """All words of one spelling or of another. What was typed may be a beginning; a short synonym may not."""
    phrases = [
        _AND[engine].join(_term(word, engine, place == 0 or len(word) >= _BEGINNING) for word in phrase)
        for place, phrase in enumerate(spellings)
    ]
    return "(" + _OR[engine].join(f"({phrase})" for phrase in phrases) + ")"


def _term(word: str, engine: str, may_go_on: bool) -> str:
    beginning, whole = _TERM[engine]
    return (beginning if may_go_on else whole).format(word)


def _rows(groups: list[list[Phrase]]) -> list[Term]:
    """The rows of the glossary that were asked for, by whichever spelling."""
    phrases = {phrase for spellings in groups for phrase in spellings}
    return [term for term in reference().glossary if term.note.startswith("domain") and _names(term) & phrases][:3]


def _names(term: Term) -> set[Phrase]:
    return {tuple(stems(re.sub(r"\(.*?\)", "", name))) for name in (term.en, term.hy)}


def _words() -> Vocabulary:
    """The words of all that the viewer's organisation sees, counted once for each edition of it."""
    stamp = current_content().stamp
    vocabularies: dict[object, Vocabulary] = current_app.extensions.setdefault("search_words", {})
    if stamp not in vocabularies:
        texts = db.session.scalars(select(SearchSection.stems).where(SearchSection.revision_id.in_(_visible())))
        spelled = {word for phrase in terms(reference().glossary) for word in phrase}
        if len(vocabularies) >= _KEPT:
            vocabularies.clear()
        vocabularies[stamp] = vocabulary(texts, spelled)
    return vocabularies[stamp]


def _visible() -> list[int]:
    """Revisions of the modules that the viewer's organisation sees."""
    return [unit.revision_id for (kind, _, _), unit in current_content().units.items() if kind == "module"]


def _find(expression: str, language: str, wanted: list[str]) -> list[Hit]:
    where, rank = _MATCH[db.engine.dialect.name]
    statement = text(
        "SELECT module, language, anchor, heading, plain FROM search_section "  # noqa: S608 (no part is a person's)
        f"{where} AND search_section.revision_id IN :visible "
        "ORDER BY CASE WHEN language = :language THEN 0 ELSE 1 END, "
        f"CASE WHEN anchor IN ('sources', 'check') THEN 1 ELSE 0 END, {rank}, search_section.id LIMIT {_LIMIT}"
    ).bindparams(bindparam("visible", expanding=True))
    rows = db.session.execute(statement, {"question": expression, "language": language, "visible": _visible()})
    hits = [Hit(row.module, row.language, row.anchor, row.heading, snippet(row.plain, wanted)) for row in rows]
    return [hit for hit in hits if hit.language == language] or hits


@lru_cache(20_000)
def _stem_of(word: str) -> str:
    """As it stands in a text, where the same few thousand come again and again."""
    return stem(fold(word))


def snippet(plain: str, wanted: list[str]) -> tuple[tuple[str, bool], ...]:
    """About 200 characters around the first word found, cut at words, with the words found told apart."""
    sought = tuple(wanted)
    hits = [match for match in _WORD.finditer(plain) if _stem_of(match[0]).startswith(sought)]
    start = max(0, hits[0].start() - _BEFORE) if hits else 0
    start = plain.rfind(" ", 0, start) + 1 if start else 0
    end = len(plain) if len(plain) - start <= _LENGTH else plain.rfind(" ", start, start + _LENGTH)
    end = end if end > start else min(len(plain), start + _LENGTH)
    pieces: list[tuple[str, bool]] = [("… ", False)] if start else []
    for match in (hit for hit in hits if start <= hit.start() and hit.end() <= end):
        pieces += [(plain[start : match.start()], False), (match[0], True)]
        start = match.end()
    pieces.append((plain[start:end] + (" …" if end < len(plain) else ""), False))
    return tuple(piece for piece in pieces if piece[0])
