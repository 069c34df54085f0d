"""Reports as they were issued: all texts and figures are kept, so that the same document can be drawn a year later."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import force_locale, get_timezone

from lms import clock
from lms.campaigns import Campaign
from lms.competency import Framework, LevelStatement
from lms.database import db
from lms.evidence.level_words import cuts_words, level_words
from lms.formats import format_day
from lms.psychometrics.profile import RoleProfile
from lms.report import bands
from lms.report.document import pdf
from lms.selection import words
from lms.selection.comparison import CandidateRow
from lms.selection.models import Decision, IssuedReport
from lms.selection.words import _

AUDIENCES = ("candidate", "hr")

# A report keeps the layout it was issued with, `lms/report/assessment-N.typ`: such a file is never edited, another look
# is another file. Reports of the first one do not name theirs.
FIRST_LAYOUT, LAYOUT = 1, 2


@dataclass(frozen=True)
class Source:
    """What a report is made from: the campaign, its role and framework, one candidate's row and decisions."""

    campaign: Campaign
    role: RoleProfile
    framework: Framework
    row: CandidateRow
    decisions: Sequence[Decision]


def issue(source: Source, audience: str, language: str, by: int) -> IssuedReport:
    """Keep the report of today in one language for one audience. The caller commits."""
    campaign, row = source.campaign, source.row
    with force_locale(language):
        data = _data(source, audience, language)
    snapshot = json.dumps(data, ensure_ascii=False, sort_keys=True)
    report = IssuedReport(
        organisation_id=campaign.organisation_id,
        candidate_id=row.candidate.id,
        person_id=row.candidate.person_id,
        audience=audience,
        language=language,
        snapshot=snapshot,
        sha256=hashlib.sha256(snapshot.encode()).hexdigest(),
        issued_by=by,
        at=clock.now(),
    )
    db.session.add(report)
    return report


def document(report: IssuedReport) -> bytes:
    """The PDF, the same bytes each time. ValueError where the kept texts are not those that were issued."""
    if hashlib.sha256(report.snapshot.encode()).hexdigest() != report.sha256:
        raise ValueError(f"report {report.id} was changed after it was issued")
    data = json.loads(report.snapshot)
    return pdf(f"assessment-{data.get('layout', FIRST_LAYOUT)}", data, report.at)


def _data(source: Source, audience: str, language: str) -> dict[str, Any]:
    campaign, row, framework, role = source.campaign, source.row, source.framework, source.role
    names, statement = framework.cell_names(language), row.statement
    title = framework.role_titles(language).get(campaign.role, campaign.role)
    return {
        "layout": LAYOUT,
        "language": language,
        "title": _("Assessment report"),
        "name": row.candidate.name,
        "about": _about(source, audience, title, language),
        "findings": _findings(row, audience),
        "matrix_title": _("Skill by skill"),
        "matrix_head": [_("Skill"), _("Level, with its 90%% interval") % (), _("Scale from 0 to 5")],
        "cells": [_cell(statement.cells[skill], names, role) for skill in role.required],
        "error": _("With so many answers the true level lies in the interval nine times of ten.")
        + " "
        + cuts_words(framework.cuts),
        "parts": [*_learning(source, language), *(_for_hr(source.decisions, language) if audience == "hr" else ())],
        "footer": _("The program supports a decision and never makes one."),
    }


def _about(source: Source, audience: str, role: str, language: str) -> str:
    """What the campaign is called is the house's own affair."""
    day = _day(source.row.candidate.finished_at or clock.now(), language)
    if audience == "candidate":
        return _("For the role “%(role)s”, %(day)s", role=role, day=day)
    return _("For the role “%(role)s”, %(campaign)s, %(day)s", role=role, campaign=source.campaign.name, day=day)


def _day(moment: datetime, language: str) -> str:
    """In the report's language, whoever issues it in which."""
    return format_day(moment.astimezone(get_timezone()).date(), language)


def _findings(row: CandidateRow, audience: str) -> list[str]:
    """A candidate reads about themselves only: no rank, no other people, no verdict about the role."""
    counted = _("%(count)s answers counted.", count=row.answers)
    if audience == "candidate":
        return [_("This is what your answers show, each level with its error."), counted]
    rank = "–".join(str(end) for end in dict.fromkeys(row.ranks)) if row.ranks else "–"
    message = _("Rank the answers leave open: %(rank)s.", rank=rank)
    band = words.band_names()[row.band]
    return [f"{band[0].upper()}{band[1:]}. {words.verdict(row.gap)}", words.chance(row.gap), message, counted]


def _cell(cell: LevelStatement, names: Mapping[str, str], role: RoleProfile) -> dict[str, str]:
    picture = bands.band(cell, required=role.required[cell.key], standalone=True)
    return {"name": names[cell.key], "level": level_words(cell), "picture": str(picture)}


def _learning(source: Source, language: str) -> list[dict[str, Any]]:
    """The skills that lie furthest below what the role asks, with what people of that level do."""
    framework, names = source.framework, source.framework.cell_names(language)
    below = [(_weakest(source.row, entry.key), entry.required) for entry in source.row.gap.gaps if entry.gap][:3]
    lines = [f"{names[sub]}{_(':')} {framework.describe(sub, required, language)}" for sub, required in below]
    if not lines:
        return []
    return [{"title": _("Where to learn next"), "note": _("What people of the level asked for do:"), "lines": lines}]


def _weakest(row: CandidateRow, skill: str) -> str:
    """The sub-competency of the skill with the lowest estimate: it is those that the levels describe."""
    return min(row.matrix.skills[skill], key=lambda sub: row.matrix.cells[sub].theta)


def _for_hr(decisions: Iterable[Decision], language: str) -> list[dict[str, Any]]:
    names = words.stage_names()
    lines = [
        f"{_day(row.at, language)}{_(':')} {names[row.stage_from]} › {names[row.stage_to]}. {row.reason}"
        + (f" ({_('against the figures')})" if row.overrides else "")
        for row in decisions
    ]
    return [{"title": _("Decision"), "note": "", "lines": lines}] if lines else []
