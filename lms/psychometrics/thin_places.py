"""Where a bank measures too coarsely, and how many more items would do."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from lms.psychometrics.arrays import Floats
from lms.psychometrics.items import Items
from lms.psychometrics.model import information

BETTER_HALF = 0.75  # quantile of the items' peaks: the median of the better half
USUAL_WORTH = 0.25  # peak information of an item where the bank has none


@dataclass(frozen=True)
class ThinPlace:
    """A sub-competency in which the bank measures a level too coarsely: its information there, and how many more items
    of the kind that the bank has (its better half, moved to that level) would do."""

    sub: str
    level: int
    information: float
    wanted: int


def thin(
    items: Items,
    subs: Sequence[str],
    cuts: Sequence[float],
    max_sd: float = 0.65,
    all_subs: Sequence[str] = (),
) -> list[ThinPlace]:
    """Where to write items: sub-competencies (of `subs` (n,), and `all_subs`, which may have none) and levels 1.. at
    whose cut even a test of all items leaves a posterior SD above max_sd under a N(0, 1) prior; the thinnest first."""
    needed = max_sd**-2 - 1
    form = items.with_difficulty_error()
    at_cuts, worth = information(form, cuts), _worth(form)
    places = [
        ThinPlace(sub, level, float(total), ceil((needed - total) / worth))
        for sub in dict.fromkeys((*all_subs, *subs))
        for level, total in enumerate(at_cuts[:, np.array(subs) == sub].sum(axis=1), start=1)
        if total < needed
    ]
    return sorted(places, key=lambda place: (place.information, place.sub, place.level))


def _worth(form: Items) -> float:
    """Peak information of an item such as the bank's better ones."""
    curves = information(form, np.linspace(-4, 4, 81))
    peaks: Floats = curves.max(axis=0, initial=0.0)
    return float(np.quantile(peaks, BETTER_HALF)) if len(peaks) else USUAL_WORTH
