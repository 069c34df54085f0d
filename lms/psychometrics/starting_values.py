"""From chance-corrected scores to ordered categories, and from an expert's estimate to starting parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

LOWEST_CUTS = (0.5, 0.6, 0.7)
UPPER_CUTS = (0.8, 1.0)
# Blind answering may reach category 1 at most this often; otherwise the lowest cut goes.
MOST_LUCK = 0.2
# Ability at which luck may still be worth as much as knowledge.
LOW = -2.5
# Spread of an expert's difficulty estimate on the ability scale.
SD_B = 0.6
EPSILON = 1e-9


@dataclass(frozen=True)
class CreditScale:
    """`cuts` on x, the last always 1; `luck[k]` is the probability of category k under blind answering."""

    cuts: tuple[float, ...]
    luck: tuple[float, ...]

    def category(self, x: float) -> int:
        """Number of cuts that `x` reaches."""
        return sum(x >= cut - EPSILON for cut in self.cuts)

    @property
    def chance(self) -> float:
        """Expected share of the highest category under blind answering."""
        return sum(k * p for k, p in enumerate(self.luck)) / len(self.cuts)


@dataclass(frozen=True)
class StartingParameters:
    """Prior parameters of an item: slope, thresholds, fixed lower asymptote, SD of the difficulty."""

    a: float
    b: tuple[float, ...]
    c: float
    sd_b: float


def scale(outcomes: Mapping[float, float]) -> CreditScale:
    """The scale for the possible x and their probabilities under blind answering.

    The lowest cut is the first that luck reaches seldom enough, so that chance lands in category 0. A cut goes
    when no outcome lies between it and the next (its category would stay empty).
    """
    low = next((cut for cut in LOWEST_CUTS if _reached(outcomes, cut) <= MOST_LUCK), UPPER_CUTS[0])
    cuts = sorted({low, *UPPER_CUTS})
    kept = [
        cut
        for cut, above in zip(cuts, [*cuts[1:], math.inf], strict=True)
        if any(cut - EPSILON <= x < above - EPSILON for x in outcomes)
    ] or [1.0]
    while len(kept) > 1 and _reached(outcomes, kept[0]) > MOST_LUCK:
        kept.pop(0)
    empty = CreditScale(tuple(kept), ())
    luck = [0.0] * (len(kept) + 1)
    for x, p in outcomes.items():
        luck[empty.category(x)] += p
    return CreditScale(tuple(kept), tuple(luck))


def _reached(outcomes: Mapping[float, float], cut: float) -> float:
    return sum(p for x, p in outcomes.items() if x >= cut - EPSILON)


def probabilities(theta: float, a: float, b: Sequence[float]) -> list[float]:
    """Category probabilities of the generalised partial credit model (Muraki 1992):
    P_k proportional to exp(sum over v <= k of a (theta - b_v))."""
    logits = [0.0]
    for threshold in b:
        logits.append(logits[-1] + a * (theta - threshold))
    top = max(logits)
    weights = [math.exp(logit - top) for logit in logits]
    return [weight / sum(weights) for weight in weights]


def starting(level: int, p: float, grade: CreditScale, cuts: Sequence[float], a: float = 1.0) -> StartingParameters:
    """Starting parameters from the modified Angoff estimate `p`: the share of people exactly at the cut of
    `level` (1, 2, ...; `cuts` on theta, ascending) who get full credit.

    Two categories: 2PL with fixed c = chance and b = cut - logit((p - c)/(1 - c))/a. More: GPCM with c = 0 and
    evenly spaced thresholds, placed so that full credit has probability p at the cut, and spread until a person of
    ability -2.5 is expected to score no less than blind answering does: thus luck never reads as ability.
    """
    cut = cuts[level - 1]
    if len(grade.cuts) == 1:
        c = grade.luck[1]
        share = min(max((p - c) / (1 - c), 0.05), 0.95)
        return StartingParameters(a, (cut - math.log(share / (1 - share)) / a,), c, SD_B)
    luck = grade.chance * len(grade.cuts)
    steps = [0.5 + 0.25 * n for n in range(40)]
    spread = next((s for s in steps if _expected(LOW, a, _placed(cut, p, a, grade, s)) >= luck), steps[-1])
    return StartingParameters(a, _placed(cut, p, a, grade, spread), 0.0, SD_B)


def _expected(theta: float, a: float, b: Sequence[float]) -> float:
    return sum(k * p for k, p in enumerate(probabilities(theta, a, b)))


@lru_cache(maxsize=4096)  # items share level, estimate and scale: 621 differ of 1,759
def _placed(cut: float, p: float, a: float, grade: CreditScale, spread: float) -> tuple[float, ...]:
    """Thresholds `spread` apart whose highest category has probability `p` at `cut` (bisection)."""
    m = len(grade.cuts)
    low, high = -20.0, 20.0
    for _ in range(40):
        shift = (low + high) / 2
        b = tuple(shift - spread * (m - 1 - k) for k in range(m))
        low, high = (shift, high) if probabilities(cut, a, b)[-1] > p else (low, shift)
    return b
