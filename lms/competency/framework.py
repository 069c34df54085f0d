"""The competency framework as frozen objects: what is measured, where levels begin, what they ask for, what roles ask.

The classes are the schema of `quizzes/reference/skill_matrix.yaml`: a field is a key there, `read.py` holds the file
against them, `validate.py` holds the numbers against one another. This room is pure: no Flask, no database, no clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from lms.competency.blueprint import TestBlueprint
from lms.competency.cuts import PROVISIONAL, Cuts
from lms.competency.words import Words

USUAL_ROLE = "smm_manager"  # what a person is held against until they choose
COUNTS = ("observations", "sub_competencies", "performance", "human", "portfolio")


@dataclass(frozen=True)
class LevelDescriptor:
    """A level from 0 on: what it is called and what it means over all skills."""

    level: int
    name: Words
    meaning: Words


@dataclass(frozen=True)
class EscoLabel:
    """The concept of the European classification that a sub-competency comes nearest to."""

    label: str
    uri: str


@dataclass(frozen=True)
class SubCompetency:
    """interview: the question HR asks about it; levels: what a person at levels 1 to 5 does; evidence_valid_months:
    ageing, the months after which an answer weighs half."""

    id: str
    name: Words
    interview: Words
    evidence_valid_months: float
    levels: Mapping[int, Words]
    esco: tuple[EscoLabel, ...] = ()


@dataclass(frozen=True)
class Skill:
    """A skill and its sub-competencies, whose ids begin with its own: `content`, `content.copy`."""

    id: str
    name: Words
    description: Words
    sub_competencies: tuple[SubCompetency, ...]


@dataclass(frozen=True)
class EvidenceGate:
    """Evidence that a level asks for, all counts: observations, sub-competencies among them, distinct performance
    kinds, performance observations rated by a person, portfolio pieces rated by two people."""

    observations: int
    sub_competencies: int = 0
    performance: int = 0
    human: int = 0
    portfolio: int = 0


@dataclass(frozen=True)
class Gates:
    """The gate of every level, of a sub-competency and of a whole skill."""

    sub_competency: Mapping[int, EvidenceGate]
    skill: Mapping[int, EvidenceGate]

    def first_level(self, count: str) -> int | None:
        """The lowest level of a sub-competency that asks for any of the count ("performance", "human", ...)."""
        return next((level for level, gate in sorted(self.sub_competency.items()) if getattr(gate, count)), None)


@dataclass(frozen=True)
class Precision:
    """max_sd: the standard error up to which a level is named; interval: the probability that intervals hold;
    correlation, spread: how much any two skills go together and how far people's abilities spread, taken for granted in
    the learner's own picture and nowhere else; testlet_sd: how much the answers to one table, or of one work sample,
    share beside ability, as a deviation on theta; earned: the probability that answers must give level 1 by themselves,
    from even odds, before any interval leaves level 0 (both 0, not asked, where an older framework does not say)."""

    max_sd: float
    interval: float
    correlation: float = 0.6
    spread: float = 1.2
    testlet_sd: float = 0.0
    earned: float = 0.0


@dataclass(frozen=True)
class DecisionRule:
    """probability: what settles whether a role is met, and that a critical minimum is missed; minimum: of a critical
    minimum's level, what meets it; floor_below: levels that a skill may lie below its role's."""

    probability: float
    floor_below: int
    minimum: float = 0.85


@dataclass(frozen=True)
class Role:
    """required: level per skill, 0 = not needed; weights: per cent, summing to 100; critical: least level of single
    sub-competencies; floor_below: as in `DecisionRule`, where the role has its own."""

    id: str
    name: Words
    note: Words
    required: Mapping[str, int]
    weights: Mapping[str, float]
    critical: Mapping[str, int]
    floor_below: int | None = None


@dataclass(frozen=True, eq=False)
class Framework:
    """Everything that levels and roles are judged by; told apart by identity, so that it can key a cache."""

    version: str
    title: Words
    levels: tuple[LevelDescriptor, ...]
    cuts: Cuts
    precision: Precision
    gates: Gates
    decision: DecisionRule
    skills: tuple[Skill, ...]
    roles: tuple[Role, ...]
    blueprints: tuple[TestBlueprint, ...]

    @property
    def highest(self) -> int:
        """The highest level there is; 0 where there are none."""
        return max((descriptor.level for descriptor in self.levels), default=0)

    @cached_property
    def sub_competencies(self) -> Mapping[str, SubCompetency]:
        """Every sub-competency by its id, in the order of the file."""
        return {sub.id: sub for skill in self.skills for sub in skill.sub_competencies}

    @cached_property
    def tree(self) -> Mapping[str, tuple[str, ...]]:
        """skill -> its sub-competencies, ids in the order of the file."""
        return {skill.id: tuple(sub.id for sub in skill.sub_competencies) for skill in self.skills}

    def role(self, role_id: str) -> Role | None:
        return next((role for role in self.roles if role.id == role_id), None)

    def role_or_usual(self, wanted: str | None) -> str:
        """The id of the wanted role where there is one, else of the usual role, else of the first; "" without roles."""
        ids = [role.id for role in self.roles]
        return next((name for name in (wanted or "", USUAL_ROLE, *ids) if name in ids), "")

    def cell_names(self, language: str) -> dict[str, str]:
        """Names by id, of the skills and of their sub-competencies."""
        names = {skill.id: skill.name for skill in self.skills}
        names |= {sub.id: sub.name for sub in self.sub_competencies.values()}
        return {key: name.get(language) for key, name in names.items()}

    def level_names(self, language: str) -> dict[int, str]:
        return {descriptor.level: descriptor.name.get(language) for descriptor in self.levels}

    def role_titles(self, language: str) -> dict[str, str]:
        return {role.id: role.name.get(language) for role in self.roles}

    def describe(self, key: str, level: int, language: str) -> str:
        """What a person at that level of a sub-competency does; empty for a skill or an unknown level."""
        sub = self.sub_competencies.get(key)
        return sub.levels[level].get(language) if sub and level in sub.levels else ""

    def about(self, key: str, language: str) -> str:
        """What a skill is; empty for anything else."""
        return next((skill.description.get(language) for skill in self.skills if skill.id == key), "")


# Where no framework is published: nothing is measured.
EMPTY = Framework(
    "", Words("", ""), (), Cuts(PROVISIONAL, ()), Precision(1.0, 0.5), Gates({}, {}), DecisionRule(1.0, 0), (), (), ()
)
