"""Whether groups of candidates are let through at the same rate: a ratio, and how easily chance alone would make it.

Groups are what candidates chose to say. Below a minimum size nothing is said of a group, so that no figure is about
somebody who can be recognised.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import comb

LEAST = 5  # people of a group, below which nothing is shown of it
RATIO = 0.8  # four fifths of the highest rate: Uniform Guidelines, 29 CFR 1607.4 D


@dataclass(frozen=True)
class Group:
    """selected of people (n); rate: 0..1; ratio: to the highest rate of a shown group; p_value: two-sided exact
    probability of a difference from that group at least as unlikely, given the totals; both None for the highest
    group itself, and where nobody at all is selected."""

    name: str
    selected: int
    people: int
    rate: float
    ratio: float | None
    p_value: float | None

    @property
    def below_four_fifths(self) -> bool:
        return self.ratio is not None and self.ratio < RATIO


def compare_groups(counts: Mapping[str, tuple[int, int]], least: int = LEAST) -> list[Group]:
    """The groups of at least `least` people, by falling rate; [] where fewer than two are left, since one alone
    compares with nobody. counts: name -> (selected, people). ValueError where more are selected than there are."""
    for name, (selected, people) in counts.items():
        if not 0 <= selected <= people:
            raise ValueError(f"{name}: {selected} selected of {people}")
    shown = {name: pair for name, pair in counts.items() if pair[1] >= least}
    if len(shown) < 2:
        return []
    ordered = sorted(shown, key=lambda name: (-shown[name][0] / shown[name][1], -shown[name][1], name))
    highest = shown[ordered[0]]
    return [_group(name, shown[name], None if name == ordered[0] else highest) for name in ordered]


def _group(name: str, counts: tuple[int, int], highest: tuple[int, int] | None) -> Group:
    selected, people = counts
    rate = selected / people
    if highest is None or highest[0] == 0:
        return Group(name, selected, people, rate, None, None)
    return Group(name, selected, people, rate, rate / (highest[0] / highest[1]), exact_p(counts, highest))


def exact_p(first: tuple[int, int], second: tuple[int, int]) -> float:
    """Fisher's exact test, two-sided (Fisher 1935): the probability, with both margins fixed, of all tables at most as
    probable as the one seen."""
    (selected, people), (others, size) = first, second
    total, chosen = people + size, selected + others
    support = range(max(0, chosen - size), min(chosen, people) + 1)
    ways = {k: comb(chosen, k) * comb(total - chosen, people - k) for k in support}  # whole numbers: exact
    return sum(count for count in ways.values() if count <= ways[selected]) / comb(total, people)
