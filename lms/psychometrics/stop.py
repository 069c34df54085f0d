"""When an adaptive test ends, and with what outcome."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log

import numpy as np
from numpy.typing import ArrayLike

from lms.psychometrics.model import TINY, Floats, Items, as_categories, category_probs


@dataclass(frozen=True)
class Stop:
    """Rules of an end; those left None don't apply.

    max_items, min_items: of the whole test. target_sd: a skill this precise takes no more items; the test ends when all
    are. cut: decide whether the ability, or the composite by `weights` over skills, reaches it: pass at
    P(theta >= cut | answers) >= sure, fail at P <= 1 - sure; an end without either is "inconclusive". delta: decide by
    SPRT instead (Wald 1947; one skill), indifferent within cut +- delta, both its error rates 1 - sure."""

    max_items: int
    min_items: int = 0
    target_sd: float | None = None
    cut: float | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    sure: float = 0.95
    delta: float | None = None

    def outcome(self, n: int, sd: Floats, p_pass: float, llr: float = 0.0) -> str:
        """ "pass" | "fail" | "precise" | "inconclusive" | "length", or "" to go on, after n answers. sd (S,) of the
        skills; p_pass: P(theta >= cut); llr: log-likelihood ratio of cut + delta to cut - delta."""
        if n >= max(self.min_items, 1):
            if self.cut is not None and (decision := self._decision(p_pass, llr)):
                return decision
            if self.target_sd is not None and bool((sd <= self.target_sd).all()):
                return self.exhausted("precise")
        return self.exhausted("length") if n >= self.max_items else ""

    def exhausted(self, reason: str) -> str:
        """How a test ends that can't go on: undecided where a decision was asked for."""
        return reason if self.cut is None else "inconclusive"

    def _decision(self, p_pass: float, llr: float) -> str:
        if self.delta is not None:
            return sprt(llr, 1 - self.sure, 1 - self.sure)
        return "pass" if p_pass >= self.sure else "fail" if p_pass <= 1 - self.sure else ""


def sprt_llr(items: Items, categories: ArrayLike, cut: float, delta: float) -> float:
    """Log-likelihood ratio of theta = cut + delta to cut - delta given categories (n,), -1 for missing."""
    answers = as_categories(items, categories)
    seen = np.flatnonzero(answers >= 0)
    low, high = np.log(np.maximum(category_probs(items, [cut - delta, cut + delta]), TINY))[:, seen, answers[seen]]
    return float((high - low).sum())


def sprt(llr: float, alpha: float, beta: float) -> str:
    """Wald's decision: "pass" above log((1 - beta) / alpha), "fail" below log(beta / (1 - alpha)), else "". alpha:
    rate of false passes, beta: of false fails, each in (0, .5)."""
    if llr >= log((1 - beta) / alpha):
        return "pass"
    return "fail" if llr <= log(beta / (1 - alpha)) else ""
