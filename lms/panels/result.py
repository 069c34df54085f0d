"""What a panel came to, as plain values that are kept with it: the cut with its error, the judges without their names,
the items, and how many people would stand above."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import Any

import numpy as np
from sqlalchemy import func, select

from lms import evidence
from lms.database import db
from lms.evidence.models import Evidence
from lms.identity.models import Person
from lms.panels.blueprint import framework_of
from lms.panels.models import Panel, PanelJudge
from lms.panels.panel_items import parameters_of
from lms.panels.ratings import whole
from lms.psychometrics.arrays import Floats
from lms.psychometrics.model import expected_scores
from lms.psychometrics.panel_cut import PanelCut, panel_cut
from lms.psychometrics.special import normal_cdf

LEAST_JUDGES = 3  # below that a distribution would show single values
LEAST_ANSWERS = 30  # of an item, before its share of right answers is told
LEAST_PEOPLE = 30  # with answers, before a share of them is told
MOST_PEOPLE = 400  # whose matrices are counted; the newest
DIGITS = 4


def outcome_of(panel: Panel, judges: Sequence[PanelJudge]) -> dict[str, Any]:
    """{} with fewer than three judges who handed in their first round."""
    first, last = (np.array(table, float) / 100 for table in whole(panel, judges))
    if len(first) < LEAST_JUDGES:
        return {}
    items = parameters_of(panel)
    before, cut = panel_cut(items, first), panel_cut(items, last)
    expected = (expected_scores(items, np.array([cut.theta])) / items.m)[0]
    return {
        "theta": round(cut.theta, DIGITS),
        "se": round(cut.se, DIGITS),
        "se_general": round(cut.se_general, DIGITS),
        "beyond": cut.at_an_end,
        "first": {"theta": round(before.theta, DIGITS), "se": round(before.se, DIGITS)},
        "moved": round(float(np.abs(last - first).mean()), DIGITS),
        "returned": sum(judge.done(2) for judge in judges if judge.done(1)),
        "judges": _judges(before, cut, np.abs(last - first).mean(axis=1)),
        "items": _items(panel, last, expected),
        "people": people_above(panel, cut.theta),
        "cut_before": framework_of(panel).cuts.theta[panel.level - 1],
    }


def _judges(before: PanelCut, cut: PanelCut, moved: Floats) -> list[dict[str, float | None]]:
    """From the mildest on, so that the order says nothing about who came first."""
    columns = {
        "severity": cut.severity,
        "first": before.severity + before.theta - cut.theta,
        "agreement": cut.agreement,
        "difficulty": cut.difficulty,
        "misfit": cut.misfit,
        "moved": moved,
    }
    order = np.argsort(cut.severity, kind="stable")
    return [{name: _plain(column[place]) for name, column in columns.items()} for place in order]


def _plain(value: float) -> float | None:
    return None if isnan(value) else round(float(value), DIGITS)


def _items(panel: Panel, last: Floats, expected: Floats) -> list[dict[str, Any]]:
    real = real_shares(panel)
    return [
        {
            "mean": _plain(last[:, place].mean()),
            "spread": _plain(last[:, place].std(ddof=1)),
            "expected": _plain(expected[place]),
            "real": real.get(kept["revision"]),
        }
        for place, kept in enumerate(panel.items)
    ]


def real_shares(panel: Panel) -> dict[int, list[float]]:
    """(share of the full mark, first answers) of the panel's items over the organisation's people, by revision; none
    below thirty answers."""
    share = func.avg(Evidence.category * 1.0 / (Evidence.categories - 1))
    rows = (
        select(Evidence.revision_id, share, func.count())
        .join(Person, Person.id == Evidence.person_id)
        .where(Person.organisation_id == panel.organisation_id)
        .where(Evidence.revision_id.in_([item["revision"] for item in panel.items]))
        .group_by(Evidence.revision_id)
        .having(func.count() >= LEAST_ANSWERS)
    )
    return {revision: [round(float(mean), DIGITS), count] for revision, mean, count in db.session.execute(rows)}


def people_above(panel: Panel, theta: float) -> dict[str, Any]:
    """n: people of the organisation with answers of the skill (of any, where the panel is about all); above: the share
    of them whose ability lies above the cut, each counted by its probability; None below thirty."""
    people = select(Person.id).where(Person.organisation_id == panel.organisation_id, Person.active)
    measured = people.where(Person.id.in_(select(Evidence.person_id))).order_by(Person.id.desc()).limit(MOST_PEOPLE)
    shares = []
    for matrix in evidence.matrices_of(db.session.scalars(measured).all()).values():
        cells = [matrix.cells[skill] for skill in ([panel.skill] if panel.skill else matrix.skills)]
        above = [float(normal_cdf((cell.theta - theta) / cell.sd)) for cell in cells if cell.n]
        shares += [sum(above) / len(above)] if above else []
    enough = len(shares) >= LEAST_PEOPLE
    return {"n": len(shares), "above": round(sum(shares) / len(shares), DIGITS) if enough else None}
