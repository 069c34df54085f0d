"""Matching: each left side with its right side; rights without a left are distractors."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from math import comb
from typing import Any

from lms.content.fragments import Fragments
from lms.content.model import Item, ItemText, Part
from lms.content.questions.base import QuestionType
from lms.content.questions.parts import LETTERS, Problem, numbered, permutation
from lms.content.questions.posted import Form, posted
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


def binomial(n: int, chance: float) -> list[float]:
    """Probabilities of 0..n hits."""
    return [comb(n, k) * chance**k * (1 - chance) ** (n - k) for k in range(n + 1)]


def chosen(instance: Sides, value: Any) -> list[tuple[int, int | None]]:
    """(author's index of the left side, of the right side chosen for it or None) in display order."""
    rights = dict(zip(LETTERS, instance.rights, strict=False))
    return [
        (index, rights.get(str((value or {}).get(letter))))
        for letter, index in zip(LETTERS, instance.lefts, strict=False)
    ]


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
        offered = tuple(
            (letter, html.inline(parts[index].right)) for letter, index in zip(LETTERS, instance.rights, strict=False)
        )
        return tuple(
            Field(f"answer.{letter}", "select", html.inline(parts[index].text), offered)
            for letter, index in zip(LETTERS, instance.lefts, strict=False)
        )

    def read(self, item: Item, instance: Sides, form: Form) -> dict[str, str] | None:
        """{left letter: right letter}."""
        rights = LETTERS[: len(instance.rights)]
        lefts = LETTERS[: len(instance.lefts)]
        answers = {letter: posted(form, f"answer.{letter}", rights) for letter in lefts}
        return {letter: value for letter, value in answers.items() if value} or None

    def score(self, item: Item, instance: Sides, value: Any) -> Score:
        """Matches beyond chance; shown as matches of all."""
        n, expected = len(instance.lefts), len(instance.lefts) / len(instance.rights)
        hits = sum(left == right for left, right in chosen(instance, value))
        return Score((hits - expected) / (n - expected), hits / n)

    def outcomes(self, item: Item) -> dict[float, float]:
        """Each left side given a random right side."""
        n, rights = len(pairs(item.text())), len(item.text().parts)
        expected = n / rights
        return {(hits - expected) / (n - expected): p for hits, p in enumerate(binomial(n, 1 / rights))}

    def explain(
        self, item: Item, instance: Sides, value: Any, language: str, html: Fragments
    ) -> tuple[str, tuple[ExplainedPart, ...]]:
        """All the pairs; each left side with what the person chose for it."""
        texts = item.text(language).parts

        def pair(left: int, right: int | None) -> str:
            return html.inline(texts[left].text) + ("" if right is None else f" → {html.inline(texts[right].right)}")

        choices = chosen(instance, value)
        parts = tuple(
            ExplainedPart(pair(left, right), right is not None, left == right, html.inline(texts[left].feedback))
            for left, right in choices
        )
        return html.bullets(pair(left, left) for left, _ in choices), parts
