"""Table: a stimulus without an answer of its own; items with `set: <its id>` are sat together beside it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from lms.content.document import Document, parse
from lms.content.fragments import Fragments
from lms.content.front_matter import Bloom, Level, SectionFront, Share, Sub
from lms.content.model import Item, ItemText
from lms.content.questions.base import QuestionType
from lms.content.questions.parts import Problem
from lms.content.questions.posted import Form
from lms.content.questions.values import ExplainedPart, Field, Instance, Score
from lms.content.reference import Reference
from lms.content.text import Text

NOTHING = Text(
    en="neither a pipe table, nor a ```csv block, nor a picture",
    hy="չկա ո՛չ աղյուսակ, ո՛չ ```csv բլոկ, ո՛չ նկար",
)


class TableFront(SectionFront, frozen=True, kw_only=True):
    """A table measures nothing: what a question needs may be left out."""

    sub: Sub | None = None
    bloom: Bloom | None = None
    level: Level | None = None
    p: Share | None = None


class Table(QuestionType[Instance]):
    """A pipe table, a ```csv block or a picture in both languages."""

    name = "table"
    drawn = Instance
    front = TableFront
    answerable = False
    title = Text(hy="աղյուսակ", en="table")
    instruction = Text(hy="", en="")
    frame = Text(
        hy=("| Անուն | Թիվ |\n| --- | --: |\n| Առաջին | 10 |\n| Երկրորդ | 20 |\n"),
        en=("| Name | Number |\n| --- | --: |\n| First | 10 |\n| Second | 20 |\n"),
    )

    def problems(self, item: Item, text: ItemText) -> Iterator[Problem]:
        """There must be something to read."""
        if not _read(item, text).of("rows", "picture"):
            yield text.line, NOTHING

    def key(self, item: Item, text: ItemText) -> int:
        """The number of table rows."""
        return sum(1 for _row in _read(item, text).root.iter("tr"))

    def key_in_words(self, key: Any) -> Text:
        """How many rows."""
        return Text(hy=f"աղյուսակի {key} տող", en=f"{key} table rows")

    def draw(self, item: Item, rng: random.Random, reference: Reference) -> Instance:
        """Nothing is random."""
        return Instance()

    def fields(self, item: Item, instance: Instance, language: str, html: Fragments) -> tuple[Field, ...]:
        """Nothing to answer."""
        return ()

    def read(self, item: Item, instance: Instance, form: Form) -> None:
        """Never an answer."""

    def score(self, item: Item, instance: Instance, value: Any) -> Score:
        """Never any credit."""
        return Score(0.0, 0.0)

    def outcomes(self, item: Item) -> dict[float, float]:
        """One category."""
        return {0.0: 1.0}

    def explain(
        self, item: Item, instance: Instance, value: Any, language: str, html: Fragments
    ) -> tuple[str, tuple[ExplainedPart, ...]]:
        """Nothing to explain."""
        return "", ()


def _read(item: Item, text: ItemText) -> Document:
    language = next(name for name, each in item.languages.items() if each is text)
    return parse(text.stem, language)
