"""More work asked of one candidate with one click, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flask_babel import gettext as _
from flask_babel import ngettext

from lms.campaigns import Campaign, Candidate, further_work, offered_works
from lms.campaigns.further_work import MINUTES, FurtherWork
from lms.candidates import progress, work_samples
from lms.psychometrics.profile import RoleProfile
from lms.selection.comparison import DECIDED, CandidateRow
from lms.selection.missing_evidence import Missing, missing
from lms.web.i18n import language

State = Literal["asked", "begun", "rated", "done"]


@dataclass(frozen=True)
class RequestedPart:
    """One part beyond the campaign's. title: in the reader's language; at: when HR asked for it."""

    title: str
    at: datetime
    state: State


@dataclass(frozen=True)
class Further:
    """Of one candidate. missing: what could be asked for now, None where nothing is open, where the candidate is no
    longer considered, or where something is under way; asked: what was asked for; rated: titles of the works that
    people are rating."""

    missing: Missing | None
    asked: Sequence[RequestedPart]
    rated: Sequence[str]


def further_of(campaign: Campaign, rows: Sequence[CandidateRow], role: RoleProfile) -> dict[int, Further]:
    """By the candidate's id."""
    rated = being_rated([row.candidate for row in rows])
    return {row.candidate.id: _further(campaign, row, role, rated[row.candidate.id]) for row in rows}


def _further(campaign: Campaign, row: CandidateRow, role: RoleProfile, rated: Sequence[str]) -> Further:
    candidate, parts = row.candidate, asked_of(campaign, row.candidate)
    if rated or under_way(parts) or not may_be_asked(candidate):
        return Further(None, parts, rated)
    return Further(missing(row, role, further_work.given(campaign, candidate)), parts, rated)


def may_be_asked(candidate: Candidate) -> bool:
    return candidate.finished_at is not None and candidate.stage not in DECIDED


def under_way(parts: Sequence[RequestedPart]) -> bool:
    """Whether something that was asked for later is not done, so that nothing is added to it."""
    return any(part.state != "done" for part in parts)


def asked_of(campaign: Campaign, candidate: Candidate) -> list[RequestedPart]:
    """Every part that was asked for later, oldest first."""
    if not candidate.more_parts:
        return []
    steps = progress.steps(campaign, candidate, 1.0)[len(campaign.parts) :]
    states: Mapping[str, work_samples.State] = work_samples.states_of([candidate.person_id]).get(
        candidate.person_id, {}
    )
    return [
        RequestedPart(_title(step), datetime.fromisoformat(step.part["asked_at"]), _state(step, states))
        for step in steps
    ]


def _title(step: progress.CandidateStep) -> str:
    if step.rules is None:
        return step.title
    return str(ngettext("%(num)s question", "%(num)s questions", step.rules.most))


def _state(step: progress.CandidateStep, states: Mapping[str, work_samples.State]) -> State:
    if step.state == "running":
        return "begun"
    if step.state != "done":
        return "asked"
    return "rated" if states.get(step.part.get("task", "")) == "rated" else "done"


def being_rated(candidates: Sequence[Candidate]) -> dict[int, list[str]]:
    """Titles of the handed-in works of each candidate that people are rating, by the candidate's id."""
    states, offered = work_samples.states_of([each.person_id for each in candidates]), offered_works()
    return {
        each.id: [
            offered[code].title.get(language())
            for code, state in states.get(each.person_id, {}).items()
            if state == "rated" and code in offered
        ]
        for each in candidates
    }


def state_words() -> dict[State, str]:
    return {
        "asked": _("not begun"),
        "begun": _("begun"),
        "rated": _("being rated"),
        "done": _("done"),
    }


def lines(request: FurtherWork, names: Mapping[str, str]) -> list[str]:
    """What is asked for, a line each."""
    sentences = []
    for work in request.samples:
        placeholders = {"work": work.title.get(language()), "minutes": round(work.minutes)}
        rated = _("%(work)s, %(minutes)s min, rated by two people", **placeholders)
        sentences.append(str(rated if work.by_people else _("%(work)s, %(minutes)s min", **placeholders)))
    if count := sum(request.questions.values()):
        about = ", ".join(names[key] for key in request.questions)
        words = ngettext(
            "%(num)s question, about %(minutes)s min: %(about)s",
            "%(num)s questions, about %(minutes)s min: %(about)s",
            count,
            minutes=round(count * MINUTES),
            about=about,
        )
        sentences.append(str(words))
    return sentences


def sentence(missing: Missing) -> str:
    """One line for a table."""
    request = missing.request
    if not request:
        return str(_("Only the interview or a portfolio shows what is missing."))
    parts = [work.title.get(language()) for work in request.samples]
    if count := sum(request.questions.values()):
        parts.append(str(ngettext("%(num)s question", "%(num)s questions", count)))
    placeholders = {"minutes": request.minutes, "parts": ", ".join(parts)}
    if missing.near_the_line:
        return str(_("Near the line. About %(minutes)s minutes more would narrow it: %(parts)s.", **placeholders))
    return str(_("About %(minutes)s minutes more would show what is missing: %(parts)s.", **placeholders))
