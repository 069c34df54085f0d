"""From ratings to what stands: when a third rater is needed, the score of a criterion, the category of a unit. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from lms.lab.model import marks
from lms.rating.tasks import WrittenTask

Scores = Mapping[str, int]  # criterion -> 0..3
RATERS, WITH_THIRD = 2, 3
APART = 2  # two raters so far apart on a criterion need a third


def raters_needed(ratings: Sequence[Scores]) -> int:
    """How many ratings the work needs, by those that are there."""
    return WITH_THIRD if len(ratings) >= RATERS and differ(ratings[0], ratings[1]) else RATERS


def differ(first: Scores, second: Scores) -> bool:
    return any(abs(first[name] - second[name]) >= APART for name in first)


def settled(task: WrittenTask, ratings: Sequence[Scores]) -> dict[str, float]:
    """The score of each criterion: the mean of two raters, the middle one of three; held down where the criterion on
    which it rests earned less than 1. ValueError where ratings are missing."""
    if len(ratings) < raters_needed(ratings):
        raise ValueError("not all ratings are there")
    scores = {each.name: float(median(rating[each.name] for rating in ratings)) for each in task.criteria}
    for each in task.criteria:
        if each.at_most_with and scores[each.at_most_with] < 1:
            scores[each.name] = min(scores[each.name], 1.0)
    return scores


def shares(task: WrittenTask, scores: Mapping[str, float]) -> dict[str, float]:
    """x of each sub-competency: 0 is what a formula earns (1 everywhere), 1 a good professional (3 everywhere)."""
    by_sub = {}
    for sub in sorted(task.sub_competencies):
        mine = [each for each in task.criteria if each.sub == sub]
        mean = sum(each.weight * scores[each.name] for each in mine) / sum(each.weight for each in mine)
        by_sub[sub] = (mean - 1) / 2
    return by_sub


def units(task: WrittenTask, scores: Mapping[str, float]) -> dict[str, int]:
    """Category 0..3 of each sub-competency, by the cuts of every work sample; provisional."""
    return {sub: sum(round(x, marks.DIGITS) >= cut for cut in marks.CUTS) for sub, x in shares(task, scores).items()}
