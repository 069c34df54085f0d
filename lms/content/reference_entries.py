"""What the reference files hold, entry by entry; the classes are the schema of the files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from msgspec import Meta, Struct

from lms.content.front_matter import (
    CourseId,
    Day,
    Level,
    Minutes,
    ModuleId,
    Slug,
    Switch,
    TextPair,
    Word,
    Words,
    whole,
)
from lms.content.schema import expects
from lms.content.text import Text

Days = Annotated[int, Meta(ge=1, le=3650, extra=whole(1, 3650))]
Recipe = Annotated[dict[str, Any], Meta(extra=expects("{name: …}", "{անուն: …}"))]
Entries = Annotated[list[Any], Meta(min_length=1, extra=expects("a list of entries", "գրառումների ցանկ"))]


class Look(Struct, frozen=True, kw_only=True):
    """What to look at to check a fact, and where: an address without the scheme."""

    hy: Word
    en: Word
    address: Word

    def get(self, language: str) -> str:
        return self.hy if language == "hy" else self.en


LookPlace = Annotated[Look, Meta(extra=expects("{hy: …, en: …, address: …}", "{hy: …, en: …, address: …}"))]


class Fact(Struct, frozen=True, kw_only=True):
    """A platform fact: value (None when sources conflict), unit, date and how long it stands."""

    id: Word
    platform: Word
    text: TextPair
    status: Word
    valid_days: Days
    value: Annotated[str | int | None, Meta(extra=expects("a number or a text", "թիվ կամ տեքստ"))] = None
    unit: Word | None = None
    as_of: Day | None = None
    may_be_scored: Switch = False
    basis: Word | None = None
    note: Word | None = None
    look: LookPlace | None = None

    @property
    def valid_until(self) -> dt.date:
        """The last day the value stands; a fact without a date is always due."""
        return self.as_of + dt.timedelta(days=self.valid_days) if self.as_of else dt.date.min

    def is_due(self, today: dt.date) -> bool:
        """Whether `as_of + valid_days` is past."""
        return self.valid_until < today


def oldest_first(facts: Iterable[Fact]) -> list[Fact]:
    """What has been due longest, or falls due next, first."""
    return sorted(facts, key=lambda fact: (fact.valid_until, fact.id))


class Metric(Struct, frozen=True, kw_only=True):
    """A metric; its recipe (formula, inputs, wrong, unit) is checked where an item uses it."""

    id: Word
    name: TextPair
    definition: TextPair | None = None
    formula: Word | None = None
    unit: Word | None = None
    inputs: Recipe | None = None
    wrong: Recipe | None = None
    stem_extra: Words = ()


class PlannedModule(Struct, frozen=True, kw_only=True):
    """A module as the catalogue promises it."""

    id: ModuleId
    slug: Slug
    title: TextPair
    minutes: Minutes
    sub_competencies: Words
    objective: TextPair
    seed: Words = ()
    practice: Word | None = None
    prerequisites: Words = ()


class PlannedCourse(Struct, frozen=True, kw_only=True):
    """A course as the catalogue promises it; `modules` are PlannedModules."""

    id: CourseId
    slug: Slug
    title: TextPair
    about: TextPair
    level: Level
    modules: Entries
    prerequisites: Words = ()
    minutes: Minutes | None = None


class SeedClaim(Struct, frozen=True, kw_only=True):
    """A claim of the founding article as seed.yaml writes it."""

    summary: Word
    modules: Words
    outdated: TextPair | None = None


class Paragraph(Struct, frozen=True, kw_only=True):
    """A paragraph of the founding article."""

    hy: Word
    en: Word


class Term(Struct, frozen=True, kw_only=True):
    """A glossary row."""

    en: Word
    hy: Word
    note: str = ""


@dataclass(frozen=True)
class Claim:
    """A claim of the founding article and the modules that the coverage map gives it to; `outdated` says where the
    profession has moved past it."""

    id: str
    summary: str
    modules: tuple[str, ...]
    outdated: Text | None = None
