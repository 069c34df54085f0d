"""Short answer: a word or a few, compared after Armenian folding; either language is accepted."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from lms.content.answer_matching import fold_hy, same
from lms.content.fragments import Fragments
from lms.content.model import Item, ItemText, Part
from lms.content.questions.base import ExplainedPart, Field, Form, Problem, Question, Score, posted_text
from lms.content.reference import Reference
from lms.content.text import Text


def parts_of(item: Item, mark: str) -> list[Part]:
    """The parts with `mark` of both languages."""
    return [part for text in item.languages.values() for part in text.parts if part.mark == mark]


class Short(Question):
    """`- = accepted`, `- ~ near miss` with feedback. One slip is forgiven in long words unless `typo: false`."""

    name = "short"
    title = Text(hy="կարճ տեքստ", en="short text")
    instruction = Text(hy="Գրեք կարճ պատասխան։", en="Write a short answer.")
    part = re.compile(r"[-*]\s+(?P<mark>[=~])\s*(?P<text>.+)")
    settings = ("typo",)

    def problems(self, item: Item, text: ItemText) -> Iterator[Problem]:
        """At least one accepted answer in each language, none empty after folding, feedback for near misses."""
        if not any(part.mark == "=" for part in text.parts):
            yield text.line, "no accepted answer (`- = text`)"
        for part in text.parts:
            if not fold_hy(part.text) or len(part.text) > 100:
                yield part.line, "an answer without letters or digits, or longer than 100 characters"
            if part.mark == "~" and not part.feedback:
                yield part.line, "a near miss needs its feedback"
            if part.mark == "~" and any(same(part.text, good.text) for good in text.parts if good.mark == "="):
                yield part.line, f"{part.text!r} is accepted and a near miss at once"

    def key(self, item: Item, text: ItemText) -> None:
        """Accepted texts are each language's own."""

    def draw(self, item: Item, rng: random.Random, reference: Reference) -> dict[str, Any]:
        """Nothing is random."""
        return {}

    def fields(self, item: Item, instance: Mapping[str, Any], language: str, html: Fragments) -> tuple[Field, ...]:
        """One line of text."""
        return (Field("answer", "text", ""),)

    def read(self, item: Item, instance: Mapping[str, Any], form: Form) -> str | None:
        """The text as typed."""
        return posted_text(form, "answer")

    def score(self, item: Item, instance: Mapping[str, Any], value: Any) -> Score:
        """1 when it equals an accepted answer, and no near miss exactly."""
        hit = float(self._accepted(item, value) is not None)
        return Score(hit, hit)

    def outcomes(self, item: Item) -> dict[float, float]:
        """Blind typing hits nothing."""
        return {0.0: 1.0, 1.0: 0.0}

    def explain(
        self, item: Item, instance: Mapping[str, Any], value: Any, language: str, html: Fragments
    ) -> tuple[str, tuple[ExplainedPart, ...]]:
        """The first accepted answer; the typed one with the feedback of a near miss."""
        correct = html.inline(next(part.text for part in item.text(language).parts if part.mark == "="))
        if value is None:
            return correct, ()
        reached = self._accepted(item, value) or self._near(item, value, language)
        feedback = html.inline(reached.feedback) if reached else ""
        return correct, (ExplainedPart(escape(value), True, bool(reached and reached.mark == "="), feedback),)

    def prose(self, text: ItemText) -> Iterator[tuple[int, str]]:
        """Stem and feedback; what people may type is not held against the language rules."""
        yield text.line, text.stem
        for part in text.parts:
            yield part.line, part.feedback
        yield text.general_line, text.general

    def _accepted(self, item: Item, value: str) -> Part | None:
        accepted = parts_of(item, "=")
        exact = next((part for part in accepted if same(value, part.text)), None)
        if exact or any(same(value, part.text) for part in parts_of(item, "~")):
            return exact
        typo = bool(item.settings.get("typo", True))
        return next((part for part in accepted if same(value, part.text, typo)), None)

    def _near(self, item: Item, value: str, language: str) -> Part | None:
        own = [part for part in item.text(language).parts if part.mark == "~"]
        return next((part for part in own + parts_of(item, "~") if same(value, part.text)), None)
