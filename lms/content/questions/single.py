"""Single choice: one right option among three to five."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lms.content.fragments import Fragments
from lms.content.model import Item, ItemText
from lms.content.questions import options
from lms.content.questions.parts import Problem, numbered, with_feedback
from lms.content.questions.posted import Form, posted
from lms.content.questions.values import ExplainedPart, Field, Score
from lms.content.text import Text

OPTION = re.compile(r"[-*] \[(?P<mark>[ xX])\]\s+(?P<text>.+)")


class Single(options.Lettered):
    """`- [x] right`, `- [ ] wrong`, each with feedback."""

    name = "single"
    title = Text(hy="մեկ պատասխան", en="one answer")
    instruction = Text(hy="Ընտրեք մեկ պատասխան։", en="Choose one answer.")
    frame = Text(
        hy=(
            "Հարցի տեքստը։\n"
            "\n"
            "- [x] Ճիշտ տարբերակ\n"
            "  > Ինչու է ճիշտ։\n"
            "- [ ] Սխալ տարբերակ\n"
            "  > Ինչու է սխալ։\n"
            "- [ ] Մեկ այլ սխալ տարբերակ\n"
            "  > Ինչու է սխալ։\n"
        ),
        en=(
            "The question.\n"
            "\n"
            "- [x] The right option\n"
            "  > Why it is right.\n"
            "- [ ] A wrong option\n"
            "  > Why it is wrong.\n"
            "- [ ] Another wrong option\n"
            "  > Why it is wrong.\n"
        ),
    )
    part = OPTION
    single_key = True

    def problems(self, item: Item, text: ItemText) -> Iterator[Problem]:
        """Three to five different options with feedback, exactly one right."""
        yield from numbered(text.parts, 3, 5, text.line, options.OPTIONS)
        if sum(self.key(item, text)) != 1:
            yield text.line, Text(en="exactly one option is marked [x]", hy="ուղիղ մեկ տարբերակ է նշվում [x]")
        yield from with_feedback(text.parts)

    def key(self, item: Item, text: ItemText) -> tuple[bool, ...]:
        """Which options are right."""
        return self.right_options(text)

    def fields(self, item: Item, instance: options.Order, language: str, html: Fragments) -> tuple[Field, ...]:
        """One choice."""
        return (Field("answer", "choice", "", options.choices(item, instance, language, html)),)

    def read(self, item: Item, instance: options.Order, form: Form) -> str | None:
        """The chosen letter."""
        return posted(form, "answer", options.letters(instance))

    def score(self, item: Item, instance: options.Order, value: Any) -> Score:
        """1 or 0; the fixed lower asymptote stands for chance."""
        hit = float(value in options.ticked(item, instance))
        return Score(hit, hit)

    def outcomes(self, item: Item) -> dict[float, float]:
        """1/n by chance."""
        n = len(item.text().parts)
        return {0.0: 1 - 1 / n, 1.0: 1 / n}

    def explain(
        self, item: Item, instance: options.Order, value: Any, language: str, html: Fragments
    ) -> tuple[str, tuple[ExplainedPart, ...]]:
        """The right option and every option's feedback."""
        parts = options.explained(item, instance, {value}, options.ticked(item, instance), language, html)
        return next(part.label_html for part in parts if part.right), parts
