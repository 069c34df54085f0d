"""Search over published modules: stems on both sides, a prefix query on FTS5 or tsvector, one answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import bindparam, text

from lms.database import db
from lms.publishing.current_content import current_content
from lms.publishing.stems import fold, question, stem

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
_JOIN = {"sqlite": (" AND ", " OR "), "postgresql": (" & ", " | ")}
_TERM = {"sqlite": '"{}"*', "postgresql": "'{}':*"}
_LIMIT = 30
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


def search(query: str, language: str) -> list[Hit]:
    """Sections that hold every word asked for, else any of them: those in the reader's language first, lists of
    sources and the words about a check last, best first."""
    wanted = question(query)
    if not wanted:
        return []
    engine = db.engine.dialect.name
    every, some = (joint.join(_TERM[engine].format(word) for word in wanted) for joint in _JOIN[engine])
    return _find(every, language, wanted) or (_find(some, language, wanted) if len(wanted) > 1 else [])


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
    return [Hit(row.module, row.language, row.anchor, row.heading, snippet(row.plain, wanted)) for row in rows]


def snippet(plain: str, wanted: list[str]) -> tuple[tuple[str, bool], ...]:
    """About 200 characters around the first word found, cut at words, with the words found told apart."""
    hits = [match for match in _WORD.finditer(plain) if stem(fold(match[0])).startswith(tuple(wanted))]
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
