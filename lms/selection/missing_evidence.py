"""What is still missing of one candidate's evidence, and the shortest piece of work that would show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lms.campaigns.further_work import MOST, MOST_OF_ONE, FurtherWork
from lms.campaigns.offered_works import OfferedWork, offered_works
from lms.hiring.comparison import AgainstRole
from lms.psychometrics.evidence import Gate, Observation, Rules
from lms.psychometrics.profile import RoleProfile

UNSURE = 4  # more questions where the evidence is of the right kind and its answers allow both
NARROWER = 2  # more questions of each skill where only the whole is too near the line
BY_WORK = ("performance", "human")  # counts of a gate that questions don't raise


@dataclass(frozen=True)
class Missing:
    """request: what would show it; keys: skills and sub-competencies that it is about, all of the role where only the
    whole is near the line; left: those that neither questions nor work samples settle."""

    request: FurtherWork
    keys: tuple[str, ...]
    left: tuple[str, ...]
    near_the_line: bool


@dataclass
class Need:
    """One level that the role asks for and the evidence doesn't open yet, with the counts that its gates look at."""

    key: str
    gates: Sequence[Gate]
    observations: int
    subs: set[str]
    kinds: set[str]
    human: int
    portfolio: int

    def add(self, work: OfferedWork) -> None:
        for sub in (sub for sub in work.subs if self.key in (sub, sub.partition(".")[0])):
            self.observations += 1
            self.human += work.by_people
            self.subs.add(sub)
            self.kinds.add(work.kind)

    def lacks(self) -> Counter[str]:
        """The most that any gate up to the level still lacks of each count."""
        have = {
            "observations": self.observations,
            "subs": len(self.subs),
            "performance": len(self.kinds),
            "human": self.human,
            "portfolio": self.portfolio,
        }
        wanted = {name: max((getattr(gate, name) for gate in self.gates), default=0) for name in have}
        return Counter({name: wanted[name] - count for name, count in have.items() if wanted[name] > count})


def missing(figures: AgainstRole, role: RoleProfile, codes: Collection[str]) -> Missing | None:
    """None where the figures have decided. codes: of the work samples that the candidate has had."""
    gap = figures.gap
    if gap.outcome != "inconclusive":
        return None
    needs = [_need(figures, key, role.critical.get(key) or role.required[key]) for key in (*gap.open, *gap.thin)]
    if not needs:
        skills = [skill for skill, level in role.required.items() if level]
        return Missing(FurtherWork((), dict.fromkeys(skills, NARROWER)), tuple(skills), (), near_the_line=True)
    works = _works(needs, codes)
    request = FurtherWork(tuple(work.code for work in works), _questions(needs, works, figures.matrix.skills))
    left = tuple(need.key for need in needs if any(need.lacks()[name] for name in (*BY_WORK, "portfolio")))
    return Missing(request, tuple(need.key for need in needs if need.key not in left), left, near_the_line=False)


def _need(figures: AgainstRole, key: str, level: int) -> Need:
    rules: Rules = figures.matrix.rules
    gates = [gate for gate in (rules.sub_gates if "." in key else rules.skill_gates) if gate.level <= level]
    observations: Sequence[Observation] = figures.matrix.cells[key].observations
    return Need(
        key,
        gates,
        len(observations),
        {observation.sub for observation in observations},
        {observation.kind for observation in observations if observation.performance},
        sum(observation.performance and observation.human_raters >= 1 for observation in observations),
        sum(observation.portfolio and observation.human_raters >= 2 for observation in observations),
    )


def _works(needs: Sequence[Need], codes: Collection[str]) -> list[OfferedWork]:
    """One after the other the work that for its minutes opens the most; the needs know of it then. What people rate
    costs their minutes too."""
    left, chosen = [work for work in offered_works().values() if work.code not in codes], list[OfferedWork]()
    while left:
        best = max(left, key=lambda work: (_opened(needs, work) / (work.minutes * (1 + work.raters)), work.code))
        if not _opened(needs, best):
            break
        for need in needs:
            need.add(best)
        chosen.append(best)
        left.remove(best)
    return chosen


def _opened(needs: Sequence[Need], work: OfferedWork) -> int:
    """How much of what only work shows it brings."""
    count = 0
    for need in needs:
        lacks = need.lacks()
        mine = [sub for sub in work.subs if need.key in (sub, sub.partition(".")[0])]
        if mine:
            count += int(lacks["performance"] > 0 and work.kind not in need.kinds)
            count += min(lacks["human"], len(mine)) if work.by_people else 0
    return count


def _questions(
    needs: Sequence[Need], works: Sequence[OfferedWork], skills: Mapping[str, Sequence[str]]
) -> dict[str, int]:
    """First of single sub-competencies, then of skills what those do not bring already."""
    counts: Counter[str] = Counter()
    for need in (need for need in needs if "." in need.key):
        shown = any(work.shows(need.key) for work in works)
        counts[need.key] = need.lacks()["observations"] or (0 if shown else UNSURE)
    for need in (need for need in needs if "." not in need.key):
        fresh = [sub for sub in skills[need.key] if sub not in need.subs and not counts[sub]]
        for sub in fresh[: need.lacks()["subs"]]:
            counts[sub] = 1
        counts[need.key] = need.lacks()["observations"] - sum(counts[sub] for sub in skills[need.key])
    return dict(_within(counts))


def _within(counts: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """No more than a candidate can be asked for at once."""
    room = MOST
    for key, count in counts.items():
        count = min(count, MOST_OF_ONE, room)
        if count > 0:
            room -= count
            yield key, count
