"""What the judges gave: saved at each answer, whole where a round is handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from lms import clock
from lms.database import db
from lms.panels.models import Panel, PanelJudge, PanelRating

STEP = 5
Given = Mapping[int, int]  # position -> value


def ratings_of(judge: PanelJudge, number: int) -> dict[int, int]:
    """Of one round."""
    rows = select(PanelRating).where(PanelRating.organisation_id == judge.organisation_id)
    rows = rows.where(PanelRating.judge_id == judge.id, PanelRating.round == number)
    return {row.position: row.value for row in db.session.scalars(rows)}


def give(judge: PanelJudge, number: int, position: int, value: int) -> None:
    """Keep a value in the place of an earlier one of the round. ValueError for none of 0, 5, ... 100."""
    if value not in range(0, 101, STEP):
        raise ValueError("value")
    rows = select(PanelRating).where(PanelRating.organisation_id == judge.organisation_id)
    ratings = rows.where(
        PanelRating.judge_id == judge.id, PanelRating.round == number, PanelRating.position == position
    )
    row = db.session.scalar(ratings)
    if row is None:
        ours = {"organisation_id": judge.organisation_id, "panel_id": judge.panel_id, "judge_id": judge.id}
        row = PanelRating(**ours, round=number, position=position)
        db.session.add(row)
    row.value, row.given_at = value, clock.now()
    db.session.flush()


def whole(panel: Panel, judges: Sequence[PanelJudge]) -> tuple[list[list[int]], list[list[int]]]:
    """The ratings of everybody who handed in the first round, in the first and as they stand at last: what a judge did
    not look at again keeps its first value. Rows of judges, columns of items."""
    rows = select(PanelRating).where(PanelRating.organisation_id == panel.organisation_id)
    values = {
        (row.judge_id, row.round, row.position): row.value
        for row in db.session.scalars(rows.where(PanelRating.panel_id == panel.id))
    }
    places = range(1, len(panel.items) + 1)
    counted = [judge.id for judge in judges if judge.done(1)]
    first = [[values[judge, 1, place] for place in places] for judge in counted]
    last = [[values.get((judge, 2, place), values[judge, 1, place]) for place in places] for judge in counted]
    return first, last


def at_item(panel: Panel, position: int, judges: Sequence[PanelJudge]) -> list[int]:
    """First values of all who handed them in, ascending: no name goes with them."""
    counted = [judge.id for judge in judges if judge.done(1)]
    rows = select(PanelRating.value).where(PanelRating.organisation_id == panel.organisation_id)
    rows = rows.where(PanelRating.panel_id == panel.id, PanelRating.round == 1, PanelRating.position == position)
    return sorted(db.session.scalars(rows.where(PanelRating.judge_id.in_(counted))))
