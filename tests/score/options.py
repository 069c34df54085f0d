"""What every option of a question drew."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from lms.psychometrics.arrays import Floats, Ints
from lms.psychometrics.classical import correlation


@dataclass(frozen=True)
class OptionTable:
    """Per option (K,): how many and what share of the people chose it, and its correlation with their rest scores: it
    should be positive for the key and negative for a distractor."""

    n: Ints
    share: Floats
    rest: Floats


def distractors(
    chosen: Sequence[Hashable],
    rest: ArrayLike,
    options: Sequence[Hashable],
) -> OptionTable:
    """chosen (N,): option of each person, anything else (None) for omitted; rest (N,): score on the other items."""
    picks = np.array(
        [[choice == option for choice in chosen] for option in options],
        float,
    )
    rest_scores = np.asarray(rest, float)
    n = picks.sum(axis=1)
    return OptionTable(
        n=n.astype(int),
        share=n / max(len(chosen), 1),
        rest=np.array([correlation(picked, rest_scores) for picked in picks]),
    )
