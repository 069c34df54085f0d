"""Matching: each left side with its right side; rights without a left are distractors."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Any

from lms.content.fragments import Fragments
from lms.content.model import Item, ItemText, Part
from lms.content.questions.base import QuestionType
from lms.content.questions.parts import Problem, numbered, permutation
from lms.content.questions.placing import chance_of_places, place_fields, place_score, placed, read_places
from lms.content.questions.posted import Form
from lms.content.questions.values import ExplainedPart, Field, Instance, Score
from lms.content.reference import Reference
from lms.content.text import Text

PAIRS = Text(hy="զույգեր", en="pairs (a pair is written `- left => right`)")
RIGHTS = Text(
    en="the right-hand sides must differ (12 at most); use categorising for groups",
    hy="աջ կողմերը պետք է տարբեր լինեն (առավելագույնը՝ 12). խմբերի համար կա categorising տեսակը",
)
COUNTED = Text(hy="{pairs} զույգ, {more} ավելորդ", en="{pairs} pairs, {more} distractors")
DISTRACTORS = Text(
    en="put the `- => distractor` lines after the pairs", hy="`- => ավելորդ` տողերը գրվում են զույգերից հետո"
)


def pairs(text: ItemText) -> tuple[Part, ...]:
    """The parts that have a left side."""
    return tuple(part for part in text.parts if part.text)


class Sides(Instance, frozen=True, kw_only=True):
    """The author's indices of the left and of the right sides, in display order."""

    lefts: list[int]
    rights: list[int]


ARROW = re.compile(r"[-*]\s+\S.*?(?:->|→|—>|=)\s*\S")
WRONG_ARROW = Text(en="a pair is joined by =>: {line}", hy="զույգը միացվում է => նշանով՝ {line}")


class Matching(QuestionType[Sides]):
    """`- left => right`, `- => distractor`. x = (c - e)/(n - e), e the matches expected by chance."""

    name = "matching"
    drawn = Sides
    title = Text(hy="համապատասխանեցում", en="matching")
    instruction = Text(hy="Ընտրեք յուրաքանչյուրի համապատասխան զույգը։", en="Choose the match for each.")
    frame = Text(
        hy=(
            "Հարցի տեքստը։\n"
            "\n"
            "- Առաջին ձախ => Առաջին աջ\n"
            "- Երկրորդ ձախ => Երկրորդ աջ\n"
            "- Երրորդ ձախ => Երրորդ աջ\n"
            "- => Ավելորդ աջ\n"
        ),
        en=(
            "The question.\n"
            "\n"
            "- First left => First right\n"
            "- Second left => Second right\n"
            "- Third left => Third right\n"
            "- => A right that is left over\n"
        ),
    )
    part = re.compile(r"[-*]\s+(?P<text>.*?)\s*=>\s*(?P<right>.+)")

    def problems(self, item: Item, text: ItemText) -> Iterator[Problem]:
        """Three to seven pairs, twelve rights at most, no side twice, distractors after the pairs."""
        for number, line in enumerate(text.stem.split("\n")):
            if ARROW.match(line):
                yield text.line + number, WRONG_ARROW.filled(line=repr(line[:60]))
        yield from numbered(pairs(text), 3, 7, text.line, PAIRS)
        rights = [part.right for part in text.parts]
        if len(set(rights)) < len(rights) or len(rights) > 12:
            yield text.line, RIGHTS
        if any(not a.text and b.text for a, b in zip(text.parts, text.parts[1:], strict=False)):
            yield text.line, DISTRACTORS

    def key(self, item: Item, text: ItemText) -> tuple[int, int]:
        """Pairs and distractors."""
        return len(pairs(text)), len(text.parts)

    def key_in_words(self, key: Any) -> Text:
        """How many pairs and distractors."""
        pair_count, rights = key
        return COUNTED.filled(pairs=str(pair_count), more=str(rights - pair_count))

    def draw(self, item: Item, rng: random.Random, reference: Reference) -> Sides:
        """Lefts and rights shuffled apart (rights always: side by side they would be the key)."""
        text = item.text()
        rights = list(range(len(text.parts)))
        rng.shuffle(rights)
        return Sides(lefts=permutation(item, rng, len(pairs(text))), rights=rights)

    def fields(self, item: Item, instance: Sides, language: str, html: Fragments) -> tuple[Field, ...]:
        """One list per left side."""
        parts = item.text(language).parts
        lefts = (html.inline(parts[index].text) for index in instance.lefts)
        return place_fields("select", lefts, (html.inline(parts[index].right) for index in instance.rights))

    def read(self, item: Item, instance: Sides, form: Form) -> dict[str, str] | None:
        """{left letter: right letter}."""
        return read_places(form, len(instance.lefts), len(instance.rights))

    def score(self, item: Item, instance: Sides, value: Any) -> Score:
        """Matches beyond chance; shown as matches of all."""
        hits = sum(left == right for left, right in placed(instance.lefts, instance.rights, value))
        return place_score(hits, len(instance.lefts), len(instance.rights))

    def outcomes(self, item: Item) -> dict[float, float]:
        """Each left side given a random right side."""
        return chance_of_places(len(pairs(item.text())), len(item.text().parts))

    def explain(
        self, item: Item, instance: Sides, value: Any, language: str, html: Fragments
    ) -> tuple[str, tuple[ExplainedPart, ...]]:
        """All the pairs; each left side with what the person chose for it."""
        texts = item.text(language).parts

        def pair(left: int, right: int | None) -> str:
            return html.inline(texts[left].text) + ("" if right is None else f" → {html.inline(texts[right].right)}")

        choices = placed(instance.lefts, instance.rights, value)
        parts = tuple(
            ExplainedPart(pair(left, right), right is not None, left == right, html.inline(texts[left].feedback))
            for left, right in choices
        )
        return html.bullets(pair(left, left) for left, _ in choices), parts
