"""A candidate's answers as HR may see them: what each was about and how it was marked, no key, no text of a closed
item but to the house that wrote it; and whether the pattern as a whole is an odd one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select

from lms import assess, evidence, publishing
from lms.assess import Attempt
from lms.assess.results import marks_of
from lms.campaigns import Candidate
from lms.database import db
from lms.psychometrics.fit import person_fit
from lms.psychometrics.items import Items

LEAST = 6  # answers of a skill, below which its pattern says nothing
ODD = -2.6  # of lz*: fewer than one in two hundred people who answer as the model says


@dataclass(frozen=True)
class CandidateAnswer:
    """text: of an item that the house wrote itself, "" else; credit: 0..1, None where nothing was answered."""

    position: int
    sub: str
    kind: str
    text: str
    credit: float | None


def answers_of(candidate: Candidate, language: str) -> list[CandidateAnswer]:
    """Of every test that has ended, in the order in which they were asked."""
    answers = [item for attempt in _ended(candidate) for item in assess.results(attempt, language).items]
    return [
        CandidateAnswer(number, item.sub, item.kind, _own_text(item.revision_id, item.key, language), _credit(item))
        for number, item in enumerate(answers, 1)
    ]


def _credit(item: assess.ItemResult) -> float | None:
    return item.credit if item.answered else None


def _own_text(revision_id: int, key: str, language: str) -> str:
    if not publishing.is_own("item", key):
        return ""
    return publishing.item(revision_id).text(language).stem


def odd_skills(candidate: Candidate) -> list[str]:
    """Skills in which hard questions were answered right and easy ones wrong far more than chance makes it."""
    return [skill for skill, fit in _fits(candidate).items() if fit < ODD]


def _fits(candidate: Candidate) -> dict[str, float]:
    by_skill: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for attempt in _ended(candidate):
        marks = marks_of(attempt)
        for item in attempt.items:
            pair = (item.revision_id, marks[item.id].category)
            by_skill[publishing.item(item.revision_id).skill].append(pair)
    return {skill: _fit(pairs) for skill, pairs in by_skill.items() if len(pairs) >= LEAST}


def _fit(pairs: Sequence[tuple[int, int]]) -> float:
    current = evidence.current_set()
    units = evidence.units([revision for revision, _ in pairs], current.id if current else None)
    items = Items.of([units[revision] for revision, _ in pairs])
    return float(person_fit(items, np.array([[category for _, category in pairs]]))[0])


def _ended(candidate: Candidate) -> list[Attempt]:
    mine = select(Attempt).where(Attempt.person_id == candidate.person_id, Attempt.submitted_at.is_not(None))
    return list(db.session.scalars(mine.order_by(Attempt.id)))
