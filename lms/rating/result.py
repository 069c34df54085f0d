"""What the raters said, for the one whose work it is: per criterion the words of the anchor, and the notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms import evidence
from lms.rating import ratings, rubric, works
from lms.rating.models import RatedWork, WorkRating
from lms.rating.tasks import Criterion, WrittenTask


@dataclass(frozen=True)
class Judged:
    """One criterion. score: 0..3; anchors: the words of the scores that were given, lowest first; better: what the next
    score looks like, "" at the top; notes: of the raters, without saying whose."""

    title: str
    score: float
    anchors: Sequence[str]
    better: str
    notes: Sequence[str]


def of_work(work: RatedWork, language: str) -> list[Judged]:
    """ValueError while ratings are missing."""
    rows = [row for row in ratings.ratings_of(work) if row.given_at]
    return judged(works.task_of(work), rows, language)


def raters_of(work: RatedWork) -> int:
    """How many have rated it."""
    return sum(row.given_at is not None for row in ratings.ratings_of(work))


def judged(task: WrittenTask, rows: Sequence[WorkRating], language: str) -> list[Judged]:
    scores = rubric.settled(task, [row.scores for row in rows])
    return [_criterion(each, scores, rows, language) for each in task.criteria]


def _criterion(each: Criterion, scores: Mapping[str, float], rows: Sequence[WorkRating], language: str) -> Judged:
    chosen = sorted({row.scores[each.name] for row in rows})
    top = chosen[-1]
    return Judged(
        each.title.get(language),
        scores[each.name],
        [each.anchors[score].get(language) for score in chosen],
        each.anchors[top + 1].get(language) if top < len(each.anchors) - 1 else "",
        sorted(row.notes[each.name] for row in rows if row.notes.get(each.name)),
    )


def is_evidence(work: RatedWork) -> bool:
    name = works.task_of(work).evidence_name(works.form_of(work))
    return evidence.counts_as_evidence(work.person_id, name, work.id)
