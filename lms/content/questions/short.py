"""Short answer: a word or a few, compared after Armenian folding; either language is accepted."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from typing import Any

from lms.content.answer_matching import fold_hy, same
from lms.content.fragments import Fragments
from lms.content.front_matter import ItemFront, Switch
from lms.content.model import Item, ItemText, Part
from lms.content.questions.base import QuestionType
from lms.content.questions.parts import Problem
from lms.content.questions.posted import Form, posted_text
from lms.content.questions.values import ExplainedPart, Field, Instance, Score
from lms.content.reference import Reference
from lms.content.text import Text

NO_ANSWER = Text(en="no accepted answer (`- = text`)", hy="ընդունվող պատասխան չկա (`- = տեքստ`)")
UNUSABLE = Text(
    en="an answer without letters or digits, or longer than 100 characters",
    hy="պատասխանը առանց տառի ու թվանշանի է կամ 100 նշանից երկար",
)
NEAR_FEEDBACK = Text(
    en="a near miss needs its feedback: add a line `  > why` (indented by two spaces)",
    hy="մոտ պատասխանը պահանջում է բացատրություն. ավելացրեք `  > ինչու` տողը (երկու բացատ խորությամբ)",
)
BOTH = Text(en="{text} is accepted and a near miss at once", hy="{text}՝ միաժամանակ և՛ ընդունվող է, և՛ մոտ պատասխան")


def parts_of(item: Item, mark: str) -> list[Part]:
    """The parts with `mark` of both languages."""
    return [part for text in item.languages.values() for part in text.parts if part.mark == mark]


@lru_cache(maxsize=1024)
def _accepted(item: Item, value: str) -> Part | None:
    """The part that the answer reaches. Kept: an answer is marked, explained and often given by the next person too."""
    accepted = parts_of(item, "=")
    exact = next((part for part in accepted if same(value, part.text)), None)
    if exact or any(same(value, part.text) for part in parts_of(item, "~")):
        return exact
    typo = bool(item.settings.get("typo", True))
    return next((part for part in accepted if same(value, part.text, typo)), None)


class ShortFront(ItemFront, frozen=True, kw_only=True):
    """`typo: false` forgives no slip."""

    typo: Switch = True


class Short(QuestionType[Instance]):
    """`- = accepted`, `- ~ near miss` with feedback. One slip is forgiven in long words unless `typo: false`."""

    name = "short"
    drawn = Instance
    front = ShortFront
    title = Text(hy="կարճ տեքստ", en="short text")
    instruction = Text(hy="Գրեք կարճ պատասխան։", en="Write a short answer.")
    frame = Text(
        hy=("Հարցի տեքստը։\n\n- = ընդունվող պատասխան\n- ~ մոտ պատասխան\n  > Ինչու չի ընդունվում։\n"),
        en=("The question.\n\n- = accepted answer\n- ~ near miss\n  > Why it is not accepted.\n"),
    )
    part = re.compile(r"[-*]\s+(?P<mark>[=~])\s*(?P<text>.+)")

    def problems(self, item: Item, text: ItemText) -> Iterator[Problem]:
        """At least one accepted answer in each language, none empty after folding, feedback for near misses."""
        if not any(part.mark == "=" for part in text.parts):
            yield text.line, NO_ANSWER
        for part in text.parts:
            if not fold_hy(part.text) or len(part.text) > 100:
                yield part.line, UNUSABLE
            if part.mark == "~" and not part.feedback:
                yield part.line, NEAR_FEEDBACK
            if part.mark == "~" and any(same(part.text, good.text) for good in text.parts if good.mark == "="):
                yield part.line, BOTH.filled(text=repr(part.text))

    def key(self, item: Item, text: ItemText) -> None:
        """Accepted texts are each language's own."""

    def draw(self, item: Item, rng: random.Random, reference: Reference) -> Instance:
        """Nothing is random."""
        return Instance()

    def fields(self, item: Item, instance: Instance, language: str, html: Fragments) -> tuple[Field, ...]:
        """One line of text."""
        return (Field("answer", "text", ""),)

    def read(self, item: Item, instance: Instance, form: Form) -> str | None:
        """The text as typed."""
        return posted_text(form, "answer")

    def score(self, item: Item, instance: Instance, value: Any) -> Score:
        """1 when it equals an accepted answer, and no near miss exactly."""
        hit = float(_accepted(item, value) is not None)
        return Score(hit, hit)

    def outcomes(self, item: Item) -> dict[float, float]:
        """Blind typing hits nothing."""
        return {0.0: 1.0, 1.0: 0.0}

    def explain(
        self, item: Item, instance: Instance, value: Any, language: str, html: Fragments
    ) -> tuple[str, tuple[ExplainedPart, ...]]:
        """The first accepted answer; the typed one with the feedback of a near miss."""
        correct = html.inline(next(part.text for part in item.text(language).parts if part.mark == "="))
        if value is None:
            return correct, ()
        reached = _accepted(item, value) or self._near(item, value, language)
        feedback = html.inline(reached.feedback) if reached else ""
        return correct, (ExplainedPart(escape(value), True, bool(reached and reached.mark == "="), feedback),)

    def prose(self, text: ItemText) -> Iterator[tuple[int, str]]:
        """Stem and feedback; what people may type is not held against the language rules."""
        yield text.line, text.stem
        for part in text.parts:
            yield part.line, part.feedback
        yield text.general_line, text.general

    def _near(self, item: Item, value: str, language: str) -> Part | None:
        near = [part for part in item.text(language).parts if part.mark == "~"]
        return next((part for part in near + parts_of(item, "~") if same(value, part.text)), None)
