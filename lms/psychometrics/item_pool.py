"""What an adaptive test draws from, and in what shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lms.psychometrics.items import Items


@dataclass(frozen=True)
class ItemPool:
    """n items with the skill and the sub-competency of each.

    sets: name of an item's set, "" for none; a set is sat together in this order. enemies: pairs of indices never in
    one test.
    """

    items: Items
    skills: tuple[str, ...]
    subs: tuple[str, ...]
    sets: tuple[str, ...] = ()
    enemies: tuple[tuple[int, int], ...] = ()

    def check(self) -> None:
        """ValueError names a column that is not as long as the items."""
        n = len(self.items)
        for name, values in {"skills": self.skills, "subs": self.subs, "sets": self.sets}.items():
            if len(values) != n and (values or name != "sets"):
                raise ValueError(f"a bank of {n} items has {len(values)} {name}")

    def set_members(self) -> list[tuple[int, ...]]:
        """For every item the items of its set, in order; the item alone without a set."""
        names = self.sets or ("",) * len(self.items)
        members: dict[str, tuple[int, ...]] = {}
        for index, name in enumerate(names):
            members[name] = (*members.get(name, ()), index)
        return [members[name] if name else (index,) for index, name in enumerate(names)]

    def testlets(self) -> list[str]:
        """For every item what it shares with others of its skill, "" for nothing."""
        names = self.sets or ("",) * len(self.items)
        return [f"{skill} {name}" if name else "" for skill, name in zip(self.skills, names, strict=True)]


@dataclass(frozen=True)
class Blueprint:
    """Shares on any positive scale. Without skills (or the subs of a skill), equal ones over those in the pool."""

    skills: Mapping[str, float] = field(default_factory=dict)
    subs: Mapping[str, float] = field(default_factory=dict)

    def asked_skills(self, pool: ItemPool) -> tuple[str, ...]:
        """Skills of the pool that the test asks for; ValueError where there is none."""
        skills = dict.fromkeys(pool.skills)
        equal = not self.skills
        wanted = [skill for skill in skills if self.skills.get(skill, equal)]
        if not wanted:
            raise ValueError("no item of the bank belongs to a skill of the blueprint")
        return tuple(wanted)
