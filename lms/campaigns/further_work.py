"""Asking one candidate for more than the campaign's parts: by the same link, with a last moment of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from lms import clock
from lms.campaigns import letters
from lms.campaigns.candidacies import extend
from lms.campaigns.forms import day_end, local_today
from lms.campaigns.models import Campaign, Candidate
from lms.campaigns.offered_works import OfferedWork, offered_works
from lms.campaigns.parts import TEST, Part, work_part

TIME = timedelta(days=7)  # that the candidate has for it
MINUTES = 1.5  # that one question is given
MOST_OF_ONE, MOST = 6, 24  # questions of one sub-competency or skill, and in all


@dataclass(frozen=True)
class FurtherWork:
    """works: codes of work samples; questions: how many of each sub-competency or skill."""

    works: tuple[str, ...] = ()
    questions: Mapping[str, int] = field(default_factory=dict)

    @property
    def minutes(self) -> int:
        return round(sum(work.minutes for work in self.samples) + MINUTES * sum(self.questions.values()))

    @property
    def samples(self) -> list[OfferedWork]:
        offered = offered_works()
        return [offered[code] for code in self.works if code in offered]

    def __bool__(self) -> bool:
        return bool(self.works or self.questions)

    def __str__(self) -> str:
        """As a form sends it."""
        return " ".join([*self.works, *(f"{key}:{count}" for key, count in self.questions.items())])


def read(text: str, places: Sequence[str]) -> FurtherWork:
    """What `str(request)` gave. ValueError for what nobody offers. places: skills and sub-competencies that exist."""
    works, questions = list[str](), dict[str, int]()
    for word in text.split():
        key, colon, count = word.partition(":")
        if colon and key in places and count in map(str, range(1, MOST_OF_ONE + 1)):
            questions[key] = int(count)
        elif not colon and key in offered_works():
            works.append(key)
        else:
            raise ValueError(word)
    if (not works and not questions) or sum(questions.values()) > MOST:
        raise ValueError(text)
    return FurtherWork(tuple(dict.fromkeys(works)), questions)


def ask(campaign: Campaign, candidate: Candidate, request: FurtherWork) -> str:
    """Send it and return the candidate's link. ValueError where a work sample is in the candidacy already. The caller
    commits."""
    if set(request.works) & given(campaign, candidate):
        raise ValueError("this work sample was given already")
    parts = [part | {"asked_at": clock.now().isoformat()} for part in _parts(request)]
    candidate.more_parts = [*candidate.more_parts, *parts]
    extend(candidate, day_end(local_today() + TIME))
    return letters.ask(campaign, candidate, parts)


def given(campaign: Campaign, candidate: Candidate) -> set[str]:
    """Codes of the work samples that are part of the candidacy."""
    return {part["task"] for part in [*campaign.parts, *candidate.more_parts] if part["kind"] == "work"}


def _parts(request: FurtherWork) -> list[Part]:
    return [*_test(request.questions), *map(work_part, request.samples)]


def _test(questions: Mapping[str, int]) -> list[dict[str, Any]]:
    """A short test of exactly so many questions."""
    most = sum(questions.values())
    if not most:
        return []
    shares = {key: float(count) for key, count in questions.items()}
    for key, count in questions.items():
        if "." in key:
            skill = key.partition(".")[0]
            shares[skill] = shares.get(skill, 0.0) + count
    minutes = round(MINUTES * most)
    rules = replace(TEST, least=most, most=most, blueprint=shares, seconds=minutes * 60.0)
    return [{"kind": "test", "minutes": minutes, "rules": rules.plain()}]
