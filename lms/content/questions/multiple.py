"""Multiple choice: two or more right options, at least one wrong."""

from __future__ import annotations

from collections.abc import Iterator
from math import comb
from typing import Any

from lms.content.fragments import Fragments
from lms.content.model import Item, ItemText
from lms.content.questions import options
from lms.content.questions.parts import Problem, numbered, with_feedback
from lms.content.questions.posted import Form
from lms.content.questions.single import OPTION
from lms.content.questions.values import ExplainedPart, Field, Score
from lms.content.text import Text

KEYS = Text(
    en="two options or more are marked [x], and one at least is not",
    hy="երկու կամ ավելի տարբերակ է նշվում [x], և առնվազն մեկը՝ ոչ",
)


class Multiple(options.Lettered):
    """The same lines as single choice. x = hits/keys - false alarms/(options - keys)."""

    name = "multiple"
    title = Text(hy="մի քանի պատասխան", en="several answers")
    instruction = Text(hy="Ընտրեք բոլոր ճիշտ պատասխանները։", en="Choose all the right answers.")
    frame = Text(
        hy=(
            "Հարցի տեքստը։\n"
            "\n"
            "- [x] Ճիշտ տարբերակ\n"
            "  > Ինչու է ճիշտ։\n"
            "- [x] Մեկ այլ ճիշտ տարբերակ\n"
            "  > Ինչու է ճիշտ։\n"
            "- [ ] Սխալ տարբերակ\n"
            "  > Ինչու է սխալ։\n"
        ),
        en=(
            "The question.\n"
            "\n"
            "- [x] A right option\n"
            "  > Why it is right.\n"
            "- [x] Another right option\n"
            "  > Why it is right.\n"
            "- [ ] A wrong option\n"
            "  > Why it is wrong.\n"
        ),
    )
    part = OPTION

    def problems(self, item: Item, text: ItemText) -> Iterator[Problem]:
        """Three to eight different options with feedback, two right at least, one wrong at least."""
        yield from numbered(text.parts, 3, 8, text.line, options.OPTIONS)
        keys = sum(self.key(item, text))
        if keys < 2 or keys == len(text.parts):
            yield text.line, KEYS
        yield from with_feedback(text.parts)

    def key(self, item: Item, text: ItemText) -> tuple[bool, ...]:
        """Which options are right."""
        return self.right_options(text)

    def fields(self, item: Item, instance: options.Order, language: str, html: Fragments) -> tuple[Field, ...]:
        """One list of boxes."""
        return (Field("answer", "choices", "", options.choices(item, instance, language, html)),)

    def read(self, item: Item, instance: options.Order, form: Form) -> list[str] | None:
        """The ticked letters, sorted."""
        values = {value for value in form.get("answer", ()) if value}
        if values - set(options.letters(instance)):
            raise ValueError("answer: an option that was not offered")
        return sorted(values) or None

    def score(self, item: Item, instance: options.Order, value: Any) -> Score:
        """Hits less false alarms; shown as max(0, x)."""
        right, chosen = options.ticked(item, instance), set(value)
        x = len(chosen & right) / len(right) - len(chosen - right) / (len(instance.order) - len(right))
        return Score(x, max(0.0, x))

    def outcomes(self, item: Item) -> dict[float, float]:
        """Each box ticked by the toss of a coin."""
        right = [part.mark.lower() == "x" for part in item.text().parts]
        keys, others = sum(right), len(right) - sum(right)
        chances: dict[float, float] = {}
        for hits in range(keys + 1):
            for false in range(others + 1):
                x = hits / keys - false / others
                chances[x] = chances.get(x, 0.0) + comb(keys, hits) * comb(others, false) / 2 ** len(right)
        return chances

    def explain(
        self, item: Item, instance: options.Order, value: Any, language: str, html: Fragments
    ) -> tuple[str, tuple[ExplainedPart, ...]]:
        """The right options and every option's feedback."""
        parts = options.explained(item, instance, set(value or ()), options.ticked(item, instance), language, html)
        return html.bullets(part.label_html for part in parts if part.right), parts
