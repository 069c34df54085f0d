"""What a cell of the person's matrix rests on, piece by piece."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from lms import assess, publishing
from lms.content.document_reader import STANDS_FOR
from lms.content.prose import NO_WORDS, prose_of
from lms.database import db
from lms.evidence.models import Evidence, WorkEvidence
from lms.identity.access import current_person
from lms.learn.specifications import RESULT
from lms.psychometrics.matrix import Cell
from lms.web.i18n import language


@dataclass(frozen=True)
class EvidencePiece:
    """One piece of evidence as the page lists it. question: its first words; title: of the test; share: category
    reached of those possible, 0..1."""

    evidence: Evidence
    question: str
    title: str
    position: int
    share: float


def evidence_pieces(opened: Cell) -> list[EvidencePiece]:
    rows = [observation.ref for observation in opened.observations if isinstance(observation.ref, Evidence)]
    attempts = {
        attempt.id: attempt
        for attempt in db.session.scalars(
            select(assess.Attempt).where(
                assess.Attempt.id.in_({row.attempt_id for row in rows}), assess.Attempt.person_id == current_person.id
            )
        )
    }
    return [
        _piece(row, attempts[row.attempt_id])
        for row in sorted(rows, key=lambda row: row.answered_at, reverse=True)
        if row.attempt_id in attempts
    ]


def works(opened: Cell) -> list[WorkEvidence]:
    """Work samples that the cell rests on, newest first."""
    rows = [observation.ref for observation in opened.observations if isinstance(observation.ref, WorkEvidence)]
    return sorted(rows, key=lambda row: row.answered_at, reverse=True)


def _piece(row: Evidence, attempt: assess.Attempt) -> EvidencePiece:
    position = next((item.position for item in attempt.items if item.revision_id == row.revision_id), 1)
    question = _first_words(row.revision_id) if assess.result_endpoint(attempt) == RESULT else ""
    return EvidencePiece(row, question, attempt.title_in(language()), position, row.category / (row.categories - 1))


def _first_words(revision_id: int) -> str:
    """Of the question; empty where it is not ours to show any more."""
    item = publishing.find_item(revision_id)
    return first_words(item.text(language()).stem, language()) if item else ""


def first_words(stem: str, language: str) -> str:
    """The first paragraph of a question as a reader reads it, "…" where a value stands."""
    paragraph = prose_of(stem.strip().partition("\n\n")[0], language)
    return " ".join(NO_WORDS.sub("…", paragraph.replace(STANDS_FOR, "…")).split())
