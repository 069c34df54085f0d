"""The declared shapes of front matter and of an item's yaml. A new key is one line here (or in its question type)."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from lms.content.schema import expects, one_of, says
from lms.content.text import LANGUAGES, Text

BLOOM = ("remember", "understand", "apply", "analyse", "evaluate", "create")
POOLS = ("practice", "pretest", "placement", "closed")
SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
STEM = r"\d\d-" + SLUG
ITEM_ID = SLUG


def whole(low: int, high: int) -> dict[str, Any]:
    """The message of a whole number outside its range."""
    return says(
        f"{{value}} is not a whole number from {low} to {high}",
        f"{{value}}՝ {low}-ից {high} ամբողջ թիվ չէ",
    )


LIST = says(
    "must be a list of texts: `[a, b]`; quote an entry that holds `: ` or begins with a sign",
    "պետք է լինի տեքստերի ցանկ՝ `[a, b]`. `: ` ունեցող կամ նշանով սկսվող տարրը գրեք չակերտներում",
)
FULL_LIST = says(
    "must be a list of texts and must not be empty: `[a, b]`; quote an entry that holds `: ` or begins with a sign",
    "պետք է լինի տեքստերի ոչ դատարկ ցանկ՝ `[a, b]`. `: ` ունեցող կամ նշանով սկսվող տարրը գրեք չակերտներում",
)
Word = Annotated[str, Meta(pattern=r"\S", extra=expects("some text", "տեքստ"))]
Words = Annotated[tuple[Annotated[str, Meta(pattern=r"\S")], ...], Meta(extra=LIST)]
SomeWords = Annotated[tuple[Annotated[str, Meta(pattern=r"\S")], ...], Meta(min_length=1, extra=FULL_LIST)]
Slug = Annotated[str, Meta(pattern=rf"^{SLUG}\Z", extra=expects("small-letters-and-hyphens", "փոքրատառեր և գծիկներ"))]
CourseId = Annotated[str, Meta(pattern=r"^C\d{1,3}\Z", extra=expects("C1", "C1"))]
ModuleId = Annotated[str, Meta(pattern=r"^C\d{1,3}\.\d{1,3}\Z", extra=expects("C1.1", "C1.1"))]
Sub = Annotated[
    str,
    Meta(pattern=r"^[a-z_]+\.[a-z_]+\Z", extra=expects("skill.sub_competency", "skill.sub_competency")),
]
Level = Annotated[int, Meta(ge=1, le=5, extra=whole(1, 5))]
Version = Annotated[int, Meta(ge=1, le=10_000, extra=whole(1, 10_000))]
Minutes = Annotated[int, Meta(ge=1, le=600, extra=whole(1, 600))]
Share = Annotated[
    float,
    Meta(
        ge=0.05,
        le=0.95,
        extra=says(
            "{value} is not a number from 0.05 to 0.95, written with a point",
            "{value}՝ 0.05-ից 0.95 թիվ չէ (գրվում է կետով)",
        ),
    ),
]
Switch = Annotated[bool, Meta(extra=says("{value}, must be true or false", "{value}, պետք է լինի true կամ false"))]
Day = Annotated[
    dt.date,
    Meta(extra=says("{value} is not a date such as 2026-11-23", "{value}՝ ամսաթիվ չէ. գրեք այսպես՝ 2026-11-23")),
]
TextPair = Annotated[
    Text,
    Meta(
        extra=says(
            "must hold a text for hy and for en: `{hy: …, en: …}`",
            "պետք է ունենա տեքստ և՛ hy, և՛ en լեզվով՝ `{hy: …, en: …}`",
            "missing-language",
        )
    ),
]
Bloom = Annotated[
    Literal["remember", "understand", "apply", "analyse", "evaluate", "create"], Meta(extra=one_of(BLOOM))
]
Pool = Annotated[Literal["practice", "pretest", "placement", "closed"], Meta(extra=one_of(POOLS))]
Language = Annotated[Literal["hy", "en"], Meta(extra=one_of(LANGUAGES))]
SetId = Annotated[str, Meta(pattern=rf"^{ITEM_ID}\Z", extra=expects("the id of a table", "աղյուսակի id"))]


class CourseFront(Struct, frozen=True, kw_only=True):
    """course.yaml; `modules` are the stems of the module files in order."""

    id: CourseId
    slug: Slug
    level: Level
    title: TextPair
    about: TextPair
    modules: SomeWords
    prerequisites: Words = ()


class ModuleFront(Struct, frozen=True, kw_only=True):
    """The front matter of one language of a module."""

    id: ModuleId
    slug: Slug
    version: Version
    minutes: Minutes
    updated: Day
    sub_competencies: SomeWords
    title: Word
    summary: Word
    objectives: SomeWords
    seed: Words = ()
    practice: Word | None = None


class BankFront(Struct, frozen=True, kw_only=True):
    """The front matter of a question bank."""

    bank: Word
    pool: Pool
    course: Word | None = None
    module: Word | None = None


class SectionFront(Struct, frozen=True, kw_only=True, rename={"set_id": "set"}):
    """The yaml keys that every section of a bank may have; `because` is the author's reason for level and p."""

    type: Word
    set_id: SetId | None = None
    seed: Words = ()
    facts: Words = ()
    enemies: Words = ()
    pretest: Switch = False
    shuffle: Switch = True
    behind: Language | None = None
    reviewed: Any = None
    because: Word | None = None


class ItemFront(SectionFront, frozen=True, kw_only=True):
    """What a question needs beside."""

    sub: Sub
    bloom: Bloom
    level: Level
    p: Share
