"""Ranks of a few people among all standings, counted by index: however many there are, none is loaded."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from itertools import accumulate, count
from typing import Any

from sqlalchemy import Float, Integer, column, func, select, values

from lms.database import db
from lms.hiring.comparison import Key, Ranks, is_ranked
from lms.hiring.models import Standing
from lms.psychometrics.profile import RoleGap

Conditions = tuple[Any, ...]
Within = Callable[[Any, Any], Any]


def ranks_of(among: Conditions, gaps: Mapping[Key, RoleGap]) -> dict[Key, Ranks]:
    """As `comparison.ranks_among` has it: one more than those surely ahead, and all whom the answers don't leave surely
    behind. among: what the standings that count fulfil. A list begins with the best, so it is counted from above."""
    ranked = {key: gap for key, gap in gaps.items() if is_ranked(gap)}
    if not ranked:
        return {}
    ahead = _counted(among, {gap.high for gap in ranked.values()}, Standing.low, operator.le, operator.gt)
    reach = _counted(among, {gap.low for gap in ranked.values()}, Standing.high, operator.lt, operator.ge)
    return {key: (ahead[gap.high] + 1, reach[gap.low]) for key, gap in ranked.items()}


def _counted(among: Conditions, marks: Iterable[float], end: Any, before: Within, to: Within) -> dict[float, int]:
    """Of each mark, how many ends lie above it. Counted from mark to mark, so that every end is passed once: in a
    stretch are those `before` the mark above it and down `to` its own."""
    ordered = sorted(marks, reverse=True)
    stretches = values(column("number", Integer), column("start", Float), column("stop", Float), name="stretch")
    stretch = stretches.data(list(zip(count(), [math.inf, *ordered], ordered))).cte()
    inside = select(func.count()).where(*among, before(end, stretch.c.start), to(end, stretch.c.stop))
    counted = db.session.execute(select(stretch.c.number, inside.scalar_subquery()).order_by(stretch.c.number))
    return dict(zip(ordered, accumulate(row[1] for row in counted), strict=True))
