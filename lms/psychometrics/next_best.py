"""What to ask next, so that a matrix says more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lms.psychometrics.arrays import TINY, Floats
from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.matrix import Cell, Matrix
from lms.psychometrics.model import category_probs, information

REACH, POINTS = 5, 41  # deviations to either side, and quadrature points
Candidate = tuple[str, ItemParameters]  # sub-competency, item


@dataclass(frozen=True)
class VarianceReduction:
    """Candidate number `index` would bring the variance of cell `key` from `variance` down to `expected`."""

    index: int
    key: str
    variance: float
    expected: float

    @property
    def gain(self) -> float:
        return self.variance - self.expected


def next_best(
    matrix: Matrix,
    candidates: Sequence[Candidate],
    keys: Sequence[str] = (),
) -> list[VarianceReduction]:
    """What would sharpen which cell most: every candidate against its own cell and its skill's (only `keys` where
    given), by falling gain. Each cell's posterior is taken as normal."""
    reductions: list[VarianceReduction] = []
    places = _places(candidates)
    for key, cell in matrix.cells.items():
        if not keys or key in keys:
            indices = sorted(index for sub in _subs(matrix, key) for index in places.get(sub, ()))
            reductions += _reductions(cell, candidates, indices)
    return sorted(
        reductions,
        key=lambda reduction: (
            -reduction.gain,
            reduction.index,
            reduction.key,
        ),
    )


def most_informative(candidates: Sequence[Candidate], cuts: Mapping[str, float], each: int, most: int) -> list[int]:
    """Places of the candidates to ask, so that it comes out on which side of a sub-competency's cut (theta) somebody
    stands: by information at the cut, so many of each at most, the best of each first, `most` in all."""
    ranked: list[tuple[int, float, int]] = []
    for sub, cut in cuts.items():
        places = [place for place, (candidate_sub, _) in enumerate(candidates) if candidate_sub == sub]
        if places:
            items = Items.of([candidates[place][1] for place in places]).with_difficulty_error()
            brought = sorted(zip(information(items, cut)[0].tolist(), places, strict=True), reverse=True)[:each]
            ranked += [(rank, -gain, place) for rank, (gain, place) in enumerate(brought)]
    return [place for _, _, place in sorted(ranked)[:most]]


def _subs(matrix: Matrix, key: str) -> set[str]:
    """Sub-competencies whose answers count for a cell."""
    return {key, *matrix.skills.get(key, ())}


def _places(candidates: Sequence[Candidate]) -> dict[str, list[int]]:
    """Numbers of the candidates of each sub-competency."""
    places: dict[str, list[int]] = {}
    for index, (sub, _) in enumerate(candidates):
        places.setdefault(sub, []).append(index)
    return places


def _reductions(
    cell: Cell,
    candidates: Sequence[Candidate],
    indices: Sequence[int],
) -> list[VarianceReduction]:
    if not indices:
        return []
    items = Items.of([candidates[index][1] for index in indices])
    expected = _expected_variance(cell, items.with_difficulty_error())
    return [
        VarianceReduction(index, cell.key, cell.sd**2, float(variance))
        for index, variance in zip(indices, expected, strict=True)
    ]


def _expected_variance(cell: Cell, items: Items) -> Floats:
    """Posterior variance (n,) expected after one more answer: the mean over categories of the variance each leaves
    (minimum expected posterior variance, van der Linden 1998)."""
    points = np.linspace(-REACH, REACH, POINTS)
    density = np.exp(-0.5 * points**2)
    weights = density / density.sum()
    probs = category_probs(items, cell.theta + cell.sd * points)
    joint = probs * weights[:, None, None]
    chance, first, second = (
        np.einsum("t,tnk->nk", points**power, joint)  # moments of each category's posterior
        for power in range(3)
    )
    variances = second - first**2 / np.maximum(chance, TINY)
    return np.asarray(cell.sd**2 * variances.sum(axis=1))
