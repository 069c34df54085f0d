"""Situational judgement: pick the most and the least effective action, held against mean expert ratings."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Any

from lms.content.fragments import Fragments
from lms.content.model import Item, ItemText
from lms.content.questions import options
from lms.content.questions.parts import RATED_PART, Problem, numbered, ratings, with_feedback
from lms.content.questions.posted import Form, posted
from lms.content.questions.values import ExplainedPart, Field, Score
from lms.content.text import Text

MOST = Text(hy="Ամենաարդյունավետը", en="Most effective")
LEAST = Text(hy="Ամենաքիչ արդյունավետը", en="Least effective")


EXTREMES = Text(
    en="one option must be the best and one the worst",
    hy="մեկ տարբերակը պետք է լինի լավագույնը, մեկը՝ վատագույնը",
)


class Judgement(options.Lettered):
    """`- (4.6) action` with feedback. x = (rating of best - rating of worst) / (highest - lowest rating)."""

    name = "judgement"
    title = Text(hy="իրավիճակի գնահատում", en="judging a situation")
    instruction = Text(
        hy="Ընտրեք ամենաարդյունավետ և ամենաքիչ արդյունավետ գործողությունը։",
        en="Choose the most effective and the least effective action.",
    )
    frame = Text(
        hy=(
            "Հարցի տեքստը։\n"
            "\n"
            "- (4.6) Լավագույն գործողություն\n"
            "  > Ինչու է լավագույնը։\n"
            "- (3.4) Լավ գործողություն\n"
            "  > Ինչն է պակասում։\n"
            "- (2.2) Թույլ գործողություն\n"
            "  > Ինչն է պակասում։\n"
            "- (1.2) Վատագույն գործողություն\n"
            "  > Ինչու է վատագույնը։\n"
        ),
        en=(
            "The question.\n"
            "\n"
            "- (4.6) The best action\n"
            "  > Why it is the best.\n"
            "- (3.4) A good action\n"
            "  > What it lacks.\n"
            "- (2.2) A weak action\n"
            "  > What it lacks.\n"
            "- (1.2) The worst action\n"
            "  > Why it is the worst.\n"
        ),
    )
    part = RATED_PART
    performance = True
    idle_options = False  # the worst action is there to be left
    answer_field = "answer.best"
    note = Text(hy="Հաշվվում է լավագույն համարված գործողությունը։", en="Counted is the action called the best.")

    def problems(self, item: Item, text: ItemText) -> Iterator[Problem]:
        """Four or five options with feedback, ratings from 1 to 5, one clear best and one clear worst."""
        yield from numbered(text.parts, 4, 5, text.line, options.OPTIONS)
        scale = sorted(ratings(text))
        if scale and not (scale[0] >= 1 and scale[-1] <= 5):
            yield text.line, Text(en="ratings go from 1 to 5", hy="գնահատականը 1-ից 5 է")
        if len(scale) > 1 and (scale[0] == scale[1] or scale[-1] == scale[-2]):
            yield text.line, EXTREMES
        yield from with_feedback(text.parts)

    def key(self, item: Item, text: ItemText) -> tuple[float, ...]:
        """The ratings."""
        return ratings(text)

    def right_options(self, text: ItemText) -> tuple[bool, ...]:
        """The best rated."""
        rated = ratings(text)
        return tuple(rating == max(rated) for rating in rated)

    def fields(self, item: Item, instance: options.Order, language: str, html: Fragments) -> tuple[Field, ...]:
        """Two choices over one list of options."""
        offered = options.choices(item, instance, language, html)
        return (
            Field("answer.best", "extreme", MOST.get(language), offered),
            Field("answer.worst", "extreme", LEAST.get(language), offered),
        )

    def read(self, item: Item, instance: options.Order, form: Form) -> dict[str, str] | None:
        """{"best": letter, "worst": letter}; one of the two may still be open."""
        offered = options.letters(instance)
        both = {name: posted(form, f"answer.{name}", offered) for name in ("best", "worst")}
        return {name: value for name, value in both.items() if value} or None

    def contradicts(self, value: Any) -> bool:
        """The best and the worst at once."""
        return len(value) > len(set(value.values()))

    def score(self, item: Item, instance: options.Order, value: Any) -> Score:
        """An open choice counts as the mean rating; the same option twice is worth nothing."""
        rated = {letter: float(part.mark.replace(",", ".")) for letter, part in options.shown(item, instance, "hy")}
        mean = sum(rated.values()) / len(rated)
        best, worst = (rated.get(value.get(name), mean) for name in ("best", "worst"))
        x = (best - worst) / (max(rated.values()) - min(rated.values()))
        return Score(x, max(0.0, x))

    def outcomes(self, item: Item) -> dict[float, float]:
        """Two different options at random."""
        rated = ratings(item.text())
        pairs = list(permutations(rated, 2))
        chances: dict[float, float] = {}
        for best, worst in pairs:
            x = (best - worst) / (max(rated) - min(rated))
            chances[x] = chances.get(x, 0.0) + 1 / len(pairs)
        return chances

    def explain(
        self, item: Item, instance: options.Order, value: Any, language: str, html: Fragments
    ) -> tuple[str, tuple[ExplainedPart, ...]]:
        """The experts' best and worst; every action with its feedback, and as what the person chose it."""
        rated = [(float(part.mark.replace(",", ".")), letter) for letter, part in options.shown(item, instance, "hy")]
        best, worst = max(rated)[1], min(rated)[1]
        key, answer = {"best": best, "worst": worst}, dict(value or {})
        mistaken = {letter for role, letter in answer.items() if letter != key[role]}
        parts = options.explained(item, instance, set(answer.values()), {best, worst} - mistaken, language, html)
        label = dict(zip(options.letters(instance), (part.label_html for part in parts), strict=True))
        chosen_as = {answer.get("best"): MOST, answer.get("worst"): LEAST}
        parts = tuple(
            part._replace(label_html=f"{chosen_as[letter].get(language)} – {part.label_html}")
            if letter in chosen_as
            else part
            for letter, part in zip(options.letters(instance), parts, strict=True)
        )
        lines = (f"{MOST.get(language)} – {label[best]}", f"{LEAST.get(language)} – {label[worst]}")
        return html.bullets(lines), parts
