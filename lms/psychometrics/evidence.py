"""What the matrix is made of: observations, the gates that evidence opens, and a framework's rules for both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from statistics import NormalDist

from lms.psychometrics.items import ItemParameters


@dataclass(frozen=True)
class Observation:
    """One marked answer. category 0..m, or -1 while a person has yet to mark it (it is then left out); kind: item type;
    human_raters: people who rated it; portfolio: a portfolio piece or work sample; testlet: name of what answers share
    beside ability (a table, one run of a work sample), "" for nothing; ref: the caller's, untouched."""

    sub: str
    item: ItemParameters
    category: int
    kind: str = ""
    performance: bool = False
    human_raters: int = 0
    portfolio: bool = False
    age_months: float = 0.0
    testlet: str = ""
    ref: object = None


@dataclass(frozen=True)
class Gate:
    """Evidence that a level asks for, all counts: observations, sub-competencies among them, distinct performance
    kinds, performance observations rated by a person, portfolio pieces rated by two people."""

    level: int
    observations: int
    subs: int = 0
    performance: int = 0
    human: int = 0
    portfolio: int = 0

    def missing(self, have: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
        """What the counts of evidence still lack: (name of the count, how many more); empty when the gate is met."""
        return tuple((name, getattr(self, name) - n) for name, n in have.items() if getattr(self, name) > n)


def counts_of(observations: Sequence[Observation]) -> dict[str, int]:
    """What gates ask for, by the names that they have for it."""
    return {
        "observations": len(observations),
        "subs": len({o.sub for o in observations}),
        "performance": len({o.kind for o in observations if o.performance}),
        "human": sum(o.performance and o.human_raters >= 1 for o in observations),
        "portfolio": sum(o.portfolio and o.human_raters >= 2 for o in observations),
    }


@cache
def _deviations(interval: float) -> float:
    """Standard deviations from the middle to either end of a normal interval of this probability."""
    return NormalDist().inv_cdf(0.5 + interval / 2)


@dataclass(frozen=True)
class Rules:
    """What a competency framework says to the scorer. cuts: theta of levels 1, 2, ..., ascending; sub_gates,
    skill_gates: one for each level, ascending; max_sd: standard error up to which one level is named alone; interval:
    its probability; valid_months: half-life of evidence per sub-competency, default_months where it names none; mu, sd:
    prior; correlation, spread: what the learner's own picture takes for granted, see picture; testlet_sd: deviation of
    what the answers of one testlet share, see testlets; earned: probability of level 1, from a prior that stands at its
    cut, below which no interval leaves level 0, see matrix."""

    cuts: tuple[float, ...]
    sub_gates: tuple[Gate, ...]
    skill_gates: tuple[Gate, ...]
    max_sd: float
    interval: float
    valid_months: Mapping[str, float] = field(default_factory=dict)
    default_months: float = 24.0
    mu: float = 0.0
    sd: float = 1.0
    correlation: float = 0.6
    spread: float = 1.2
    testlet_sd: float = 0.0
    earned: float = 0.0

    def level(self, theta: float) -> int:
        """Number of cuts at or below theta: 0 .. len(cuts)."""
        return sum(cut <= theta for cut in self.cuts)

    @property
    def below(self) -> float:
        """Theta just below level 1, a tenth of a level."""
        return self.cuts[0] - (self.cuts[1] - self.cuts[0]) / 10 if len(self.cuts) > 1 else self.cuts[0]

    @staticmethod
    def counted(gates: Sequence[Gate]) -> int:
        """The highest level whose gate, and every one below, asks for nothing but answers."""
        kinds = (gate.level for gate in gates if gate.performance or gate.human or gate.portfolio)
        return min(kinds, default=gates[-1].level + 1 if gates else 1) - 1

    def margin(self, sd: float) -> float:
        """Half the width of the interval for a standard error."""
        return _deviations(self.interval) * sd

    def freshness(self, observation: Observation) -> float:
        """Power of a likelihood in (0, 1]: 1 when new, .5 after the valid months."""
        return float(
            0.5 ** (max(observation.age_months, 0.0) / self.valid_months.get(observation.sub, self.default_months))
        )
