"""What came out of an order: figures for programs, one number and one line for lists that have no room."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from werkzeug.exceptions import Conflict

from lms.api import orders
from lms.api.models import ApiOrder
from lms.campaigns import Campaign
from lms.competency.statement import in_levels, tenths
from lms.database import db
from lms.selection import comparison
from lms.selection.campaign_role import role_of


def result(order: ApiOrder) -> dict[str, Any]:
    """What came out, each figure with its interval. Conflict while the candidate has not finished."""
    candidate = orders.candidate_of(order)
    if not candidate.finished_at:
        raise Conflict("the candidate has not finished yet")
    campaign = db.session.scalars(
        select(Campaign).filter_by(id=candidate.campaign_id, organisation_id=candidate.organisation_id)
    ).one()
    row = comparison.ranked(campaign, [candidate])[0]
    cuts = row.matrix.rules.cuts
    role = [tenths(in_levels(theta, cuts)) for theta in (row.gap.low, row.gap.high)] if row.ranks else None
    skills = {name: _skill(row, name) for name in role_of(campaign).required}
    return orders.described(order) | {
        "outcome": row.band,
        "levels_above_role": role,
        "answers": row.answers,
        "language": row.language,
        "skills": skills,
        "note": "An interval holds the true level nine times of ten. A person decides, not this figure.",
    }


def middle(result: dict[str, Any]) -> float | None:
    """The one number that some lists have room for: levels above the role, in the middle of the interval."""
    low, high = result["levels_above_role"] or (None, None)
    return None if low is None else round((low + high) / 2, 1)


def sentence(result: dict[str, Any]) -> str:
    """A result in a line, with its interval."""
    low, high = result["levels_above_role"] or (None, None)
    span = "too little is known to say" if low is None else f"{low:+} to {high:+} levels from what the role asks"
    return f"{result['outcome']}; {span}; {result['answers']} answers. {result['note']}"


def _skill(row: comparison.CandidateRow, name: str) -> dict[str, Any] | None:
    """The level and the ends that the pages show; None where nothing was answered, which is no zero."""
    statement = row.statement.cells[name]
    if not statement.known:
        return None
    lowest, highest = statement.ends
    return {
        "lowest_level": lowest,
        "highest_level": highest,
        "interval": [statement.low, statement.high],
        "level": statement.level,
        "capped": statement.cap is not None,
        "answers": statement.n,
    }
