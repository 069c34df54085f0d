"""From marked answers to the skill matrix: every cell carries its level, its error, its evidence and its reasons.

A cell's ability is the EAP over all its observations, each raised to its freshness 0.5 ** (age / valid months), those
of one testlet also to what they tell together (`testlets`); the kind of evidence never weighs, it only opens gates.
Then, in this order:
1. no observation: level None, reason "not_assessed" (never zero);
2. else the level is the number of cuts <= theta, lowered to the cap (reason "capped"): the highest level whose gate,
   and every gate below it, is met. `missing` names what the next gate still asks for. Gates that ask for nothing but
   answers lower no level: how few they are is what the interval says;
3. the answers alone say level 1 with less than Rules.earned, from a prior that stands at its cut: the interval reaches
   below level 1 ("unearned"). The usual prior alone puts most people above that cut, so two lucky answers would do;
4. SD above Rules.max_sd (reason "imprecise"), or unearned: the level is only the likeliest of those in the interval.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from lms.psychometrics.ability import posterior_aged
from lms.psychometrics.arrays import Floats
from lms.psychometrics.evidence import Gate, Observation, Rules, counts_of
from lms.psychometrics.items import Items
from lms.psychometrics.testlets import mean_information_of, powers_of_testlets

FEW = 4  # people or moments


@dataclass(frozen=True)
class Cell:
    """One skill or sub-competency. theta, sd: posterior (the prior if n = 0); low, high: interval for theta;
    low_level, high_level: the same as levels, within the cap; cap: what the gates open, None if n = 0; precise: one
    level may be named alone; reasons: "not_assessed" | "imprecise" | "capped" | "unearned"; missing: what the gate
    above the cap lacks."""

    key: str
    theta: float
    sd: float
    level: int | None
    low_level: int
    high_level: int
    low: float
    high: float
    n: int
    kinds: Mapping[str, int]
    precise: bool
    reasons: tuple[str, ...]
    cap: int | None
    missing: tuple[tuple[str, int], ...]
    observations: tuple[Observation, ...]


@dataclass(frozen=True)
class Ability:
    """What answers say of theta: posterior mean and SD, and P(level 1) from a prior that stands at its cut."""

    theta: float
    sd: float
    by_itself: float = 1.0


@dataclass(frozen=True)
class Matrix:
    """cells by key, for skills and sub-competencies; skills: skill -> its sub-competencies; rules they were made by."""

    cells: Mapping[str, Cell]
    skills: Mapping[str, tuple[str, ...]]
    rules: Rules


def matrix(observations: Sequence[Observation], skills: Mapping[str, tuple[str, ...]], rules: Rules) -> Matrix:
    """A cell for every skill and sub-competency. ValueError names an observation outside the given skills, or whose
    category the item doesn't have."""
    return matrices([observations], skills, rules)[0]


def matrices(
    people: Sequence[Sequence[Observation]], skills: Mapping[str, tuple[str, ...]], rules: Rules
) -> list[Matrix]:
    """The matrix of each person, the abilities of many cells from one batch."""
    home = {sub: skill for skill, subs in skills.items() for sub in subs}
    marked = [_by_key(observations, home) for observations in people]
    abilities: dict[tuple[int, str], Ability] = {}
    for keys in _batches(skills, len(people)):
        if places := [(person, key) for person, of_person in enumerate(marked) for key in keys if key in of_person]:
            abilities |= zip(places, _abilities([marked[person][key] for person, key in places], rules), strict=True)
    of_skill, of_sub = (cell_of("", [], None, rules, whole) for whole in (True, False))
    empty = {key: replace(of_skill if key in skills else of_sub, key=key) for key in (*skills, *home)}
    cells = [
        empty
        | {
            key: cell_of(key, answers, abilities[person, key], rules, key in skills)
            for key, answers in of_person.items()
        }
        for person, of_person in enumerate(marked)
    ]
    return [Matrix(of_person, skills, rules) for of_person in cells]


def _batches(skills: Mapping[str, tuple[str, ...]], people: int) -> Iterable[tuple[str, ...]]:
    """The keys whose abilities are computed together. A batch costs much and its cells little while these are few; of
    many people each skill has a batch with only its own items."""
    families = [(skill, *subs) for skill, subs in skills.items()]
    return [tuple(chain.from_iterable(families))] if people <= FEW else families


def _by_key(observations: Sequence[Observation], home: Mapping[str, str]) -> dict[str, list[Observation]]:
    """Marked observations under their sub-competency and again under its skill."""
    by_key: dict[str, list[Observation]] = {}
    for observation in observations:
        if observation.sub not in home:
            raise ValueError(f"item {observation.item.name}: no skill holds sub-competency {observation.sub!r}")
        if observation.category > len(observation.item.b):
            raise ValueError(
                f"item {observation.item.name}: {observation.category} is no category 0..{len(observation.item.b)}"
            )
        if observation.category >= 0:
            by_key.setdefault(observation.sub, []).append(observation)
            by_key.setdefault(home[observation.sub], []).append(observation)
    return by_key


def cell_of(key: str, observations: Sequence[Observation], ability: Ability | None, rules: Rules, skill: bool) -> Cell:
    """A cell of these observations at what they say; None: the prior."""
    at = ability or Ability(rules.mu, rules.sd)
    theta, sd, unearned = at.theta, at.sd, at.by_itself < rules.earned
    low, high = theta - rules.margin(sd), theta + rules.margin(sd)
    low = min(low, rules.below) if unearned else low
    gates = rules.skill_gates if skill else rules.sub_gates
    cap, missing = _cap(observations, gates)
    highest = len(rules.cuts) if cap is None else max(cap, rules.counted(gates))
    level, low_level, high_level = (min(rules.level(x), highest) for x in (theta, low, high))
    flags = {"imprecise": sd > rules.max_sd, "capped": level < rules.level(theta), "unearned": unearned and level > 0}
    reasons = tuple(name for name, holds in flags.items() if holds) if observations else ("not_assessed",)
    named, precise = level if observations else None, bool(observations) and not {"imprecise", "unearned"} & {*reasons}
    interval = (low_level, high_level, low, high)
    return Cell(
        key,
        theta,
        sd,
        named,
        *interval,
        len(observations),
        Counter(each.kind for each in observations),
        precise,
        reasons,
        cap,
        missing,
        tuple(observations),
    )


def _abilities(groups: Sequence[Sequence[Observation]], rules: Rules) -> list[Ability]:
    """What every group of observations says, each raised to its power."""
    column = {item: at for at, item in enumerate({observation.item: None for group in groups for observation in group})}
    items = Items.of(list(column))
    information = np.array([mean_information_of(item, rules.mu, rules.sd) for item in column])
    scored, weight = np.zeros((2, len(groups), len(column)))
    for row, group in enumerate(groups):
        places = np.array([column[observation.item] for observation in group], int)
        power = powers(group, information[places], rules)
        np.add.at(weight[row], places, power)
        np.add.at(scored[row], places, power * [observation.category for observation in group])
    belief = posterior_aged(items, scored, weight, rules.mu, rules.sd)
    by_itself = belief.moved(rules.cuts[0] - rules.mu, rules.sd).above(rules.cuts[0])
    return [
        Ability(*figures) for figures in zip(belief.mean.tolist(), belief.sd.tolist(), by_itself.tolist(), strict=True)
    ]


def powers(observations: Sequence[Observation], information: Floats, rules: Rules) -> Floats:
    """What each answer's likelihood is raised to (n,): how fresh it is, and what it leans on. information:
    (n,), of their items on average, see `mean_information_of`."""
    fresh = np.array([rules.freshness(each) for each in observations])
    return fresh * powers_of_testlets([each.testlet for each in observations], fresh * information, rules.testlet_sd)


def _cap(observations: Sequence[Observation], gates: Sequence[Gate]) -> tuple[int | None, tuple[tuple[str, int], ...]]:
    """The highest level open to this evidence, and what the gate above it lacks."""
    level, have = 0, counts_of(observations)
    for gate in gates:
        if missing := gate.missing(have):
            return (level if observations else None), missing
        level = gate.level
    return level, ()
