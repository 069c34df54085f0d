"""When an adaptive test ends, and with what outcome."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from lms.psychometrics.arrays import Flags, Floats

NO_CUT = np.array(np.nan)


@dataclass(frozen=True)
class Stop:
    """Rules of an end; those left None don't apply.

    max_items, min_items: of the whole test. target_sd: a skill this precise takes no more items; cuts: nor does one
    that is surely above or below its own cut after `min_skill` answers; the test ends when all skills are settled.
    cut: decide whether the ability, or the mean over skills, reaches it: pass at P(theta >= cut | answers) >= sure,
    fail at P <= 1 - sure; an end without either is "inconclusive".
    """

    max_items: int
    min_items: int = 0
    target_sd: float | None = None
    cuts: Mapping[str, float] = field(default_factory=dict)
    min_skill: int = 3
    cut: float | None = None
    sure: float = 0.95

    def settled(self, sd: Floats, p_above: Floats) -> Flags:
        """The skills (S,) that are known well enough. sd of each; p_above: P(theta >= its cut), nan without one."""
        precise = sd <= (self.target_sd or 0.0)
        return np.asarray(precise | (p_above >= self.sure) | (p_above <= 1 - self.sure))

    def outcome(
        self,
        n: int,
        sd: Floats,
        p_pass: float,
        p_above: Floats = NO_CUT,
    ) -> str:
        """ "pass" | "fail" | "precise" | "inconclusive" | "length", or "" to go on, after n answers. sd, p_above: as in
        `settled`; p_pass: P(theta >= cut)."""
        if n >= max(self.min_items, 1):
            decision = self._decision(p_pass)
            if decision:
                return decision
            if self.settled(sd, p_above).all():
                return self.exhausted("precise")
        return self.exhausted("length") if n >= self.max_items else ""

    def exhausted(self, reason: str) -> str:
        """How a test ends that can't go on: undecided where a decision was asked for."""
        return reason if self.cut is None else "inconclusive"

    def _decision(self, p_pass: float) -> str:
        if self.cut is None:
            return ""
        if p_pass >= self.sure:
            return "pass"
        return "fail" if p_pass <= 1 - self.sure else ""
