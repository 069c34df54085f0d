"""Cloze: gaps in the stem, each a list of options or a word to type."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from lms.content.answer_matching import fold_hy, same
from lms.content.fragments import Fragments
from lms.content.front_matter import ItemFront, Switch
from lms.content.model import Item, ItemText
from lms.content.questions.base import QuestionType
from lms.content.questions.parts import LETTERS, Problem, permutation
from lms.content.questions.posted import Form, posted, posted_text
from lms.content.questions.values import ExplainedPart, Field, Instance, Score
from lms.content.reference import Reference
from lms.content.text import Text

GAP = re.compile(r"\[\[(?P<body>[^\[\]]*=[^\[\]]*)\]\]")
NUMBER = Text(
    en="{number} gaps, expected 1 to 6; mark the right option with = as in [[=right|wrong]]",
    hy="{number} բաց տեղ, պետք է լինի 1-ից 6. ճիշտ տարբերակը նշեք =-ով՝ [[=ճիշտ|սխալ]]",
)
ALONE = Text(
    en="a gap is written [[=right|wrong]] or [[=right]]; here `[[` or `]]` stands alone",
    hy="բաց տեղը գրվում է [[=ճիշտ|սխալ]] կամ [[=ճիշտ]]. այստեղ `[[` կամ `]]` մենակ է",
)
ONE_RIGHT = Text(
    en="gap {number}: two to six options, exactly one begins with =",
    hy="{number} բաց տեղ. երկուսից վեց տարբերակ, ուղիղ մեկը սկսվում է =-ով",
)
EMPTY = Text(
    en="gap {number}: an empty option, or one that stands twice",
    hy="{number} բաց տեղ. դատարկ կամ կրկնվող տարբերակ",
)
NO_GAP = Text(
    en="feedback of gap {number}, which does not exist", hy="{number} բաց տեղի բացատրություն, բայց այդպիսի տեղ չկա"
)
CHOSEN = Text(hy="{number} բաց տեղ՝ {size}-ից {right}-րդ տարբերակը", en="gap {number} option {right} of {size}")
TYPED = Text(hy="{number} բաց տեղ՝ գրվող", en="gap {number} typed")
LABEL = Text(hy="Բաց թողնված տեղ", en="Gap")


@dataclass(frozen=True)
class Gap:
    """A gap: its options with the index of the right one, or the accepted words when `right` is None."""

    options: tuple[str, ...]
    right: int | None


def gaps(text: ItemText) -> tuple[Gap, ...]:
    """The gaps of a stem in order; a list without exactly one `=` option has right = -1."""
    return tuple(_gap(match["body"]) for match in GAP.finditer(text.stem))


def _gap(body: str) -> Gap:
    if "|" not in body:
        return Gap(tuple(word.strip() for word in body.split("=")[1:]), None)
    options = [option.strip() for option in body.split("|")]
    marked = [index for index, option in enumerate(options) if option.startswith("=")]
    return Gap(tuple(option.removeprefix("=").strip() for option in options), marked[0] if len(marked) == 1 else -1)


class Gaps(Instance, frozen=True, kw_only=True):
    """`gaps`: the display order of each list, empty for a typed gap."""

    gaps: list[list[int]]


class ClozeFront(ItemFront, frozen=True, kw_only=True):
    """`typo: false` forgives no slip in typed gaps."""

    typo: Switch = True


class Cloze(QuestionType[Gaps]):
    """`[[=right|wrong|wrong]]` or `[[=right=also right]]` in the stem, `- 1: feedback` of gap 1."""

    name = "cloze"
    drawn = Gaps
    front = ClozeFront
    title = Text(hy="լրացում", en="text with gaps")
    instruction = Text(hy="Լրացրեք բաց թողնված տեղերը։", en="Fill in the gaps.")
    frame = Text(
        hy=("Տեքստ, որի բաց տեղը լրացվում է [[=ճիշտ|սխալ|ուրիշ]] բառով։\n\n- 1: Ինչու է սա ճիշտը։\n"),
        en=("A text whose gap takes the [[=right|wrong|other]] word.\n\n- 1: Why this is right.\n"),
    )
    part = re.compile(r"[-*]\s+(?P<mark>\d{1,2}):\s+(?P<text>.+)")

    def problems(self, item: Item, text: ItemText) -> Iterator[Problem]:
        """One to six gaps; lists of two to six different options with one right; feedback of gaps that exist."""
        item_gaps = gaps(text)
        if not 1 <= len(item_gaps) <= 6:
            yield text.line, NUMBER.filled(number=str(len(item_gaps)))
        if "[[" in GAP.sub("", text.stem) or "]]" in GAP.sub("", text.stem):
            yield text.line, ALONE
        for number, gap in enumerate(item_gaps, 1):
            if gap.right == -1 or (gap.right is not None and not 2 <= len(gap.options) <= 6):
                yield text.line, ONE_RIGHT.filled(number=str(number))
            if len(set(gap.options)) < len(gap.options) or not all(fold_hy(option) for option in gap.options):
                yield text.line, EMPTY.filled(number=str(number))
        for part in text.parts:
            if not 1 <= int(part.mark) <= len(item_gaps):
                yield part.line, NO_GAP.filled(number=part.mark)

    def key(self, item: Item, text: ItemText) -> tuple[tuple[int | None, int], ...]:
        """Kind, right option and number of options of each gap (typed gaps are each language's own)."""
        return tuple((gap.right, len(gap.options) if gap.right is not None else 0) for gap in gaps(text))

    def key_in_words(self, key: Any) -> Text:
        """What each gap is."""
        gaps = [
            CHOSEN.filled(number=str(number), right=str(right + 1), size=str(size))
            if size
            else TYPED.filled(number=str(number))
            for number, (right, size) in enumerate(key, 1)
        ]
        return Text(hy=", ".join(gap.hy for gap in gaps), en=", ".join(gap.en for gap in gaps))

    def draw(self, item: Item, rng: random.Random, reference: Reference) -> Gaps:
        """A display order for each list."""
        item_gaps = gaps(item.text())
        orders = [permutation(item, rng, len(gap.options)) if gap.right is not None else [] for gap in item_gaps]
        return Gaps(gaps=orders)

    def stem(self, item: Item, instance: Gaps, language: str) -> str:
        """Gaps become numbered blanks."""
        numbers = iter(range(1, 100))
        return GAP.sub(lambda _: f"{{{{gap:{next(numbers)}}}}}", item.text(language).stem)

    def fields(self, item: Item, instance: Gaps, language: str, html: Fragments) -> tuple[Field, ...]:
        """One control per gap."""
        controls = []
        for number, (gap, order) in enumerate(zip(gaps(item.text(language)), instance.gaps, strict=False), 1):
            offered = tuple((LETTERS[at], html.inline(gap.options[index])) for at, index in enumerate(order))
            kind = "select" if offered else "text"
            controls.append(Field(f"answer.{number}", kind, f"{LABEL.get(language)} {number}", offered))
        return tuple(controls)

    def read(self, item: Item, instance: Gaps, form: Form) -> dict[str, str] | None:
        """{"1": letter or text}."""
        answers = {}
        for number, order in enumerate(instance.gaps, 1):
            name = f"answer.{number}"
            answers[str(number)] = posted(form, name, LETTERS[: len(order)]) if order else posted_text(form, name)
        return {number: value for number, value in answers.items() if value} or None

    def score(self, item: Item, instance: Gaps, value: Any) -> Score:
        """Right gaps beyond chance; shown as right gaps of all."""
        hits = sum(hit for _, hit in self._filled(item, instance, value, "hy"))
        n, expected = len(instance.gaps), sum(1 / len(order) for order in instance.gaps if order)
        return Score((hits - expected) / (n - expected), hits / n)

    def outcomes(self, item: Item) -> dict[float, float]:
        """Each list at random, typed gaps never."""
        chances = [1 / len(gap.options) if gap.right is not None else 0.0 for gap in gaps(item.text())]
        hits = [1.0]
        for chance in chances:
            missed, hit = [p * (1 - chance) for p in hits] + [0.0], [0.0] + [p * chance for p in hits]
            hits = [a + b for a, b in zip(missed, hit, strict=True)]
        n, expected = len(chances), sum(chances)
        return {(count - expected) / (n - expected): p for count, p in enumerate(hits)}

    def explain(
        self, item: Item, instance: Gaps, value: Any, language: str, html: Fragments
    ) -> tuple[str, tuple[ExplainedPart, ...]]:
        """The right fillings; each gap with what was put there and the author's word."""
        text = item.text(language)
        feedback = {part.mark: part.text for part in text.parts}
        right = [gap.options[gap.right or 0] for gap in gaps(text)]
        parts = tuple(
            ExplainedPart(
                f"({number}) {escape(filling)}", bool(filling), hit, html.inline(feedback.get(str(number), ""))
            )
            for number, (filling, hit) in enumerate(self._filled(item, instance, value, language), 1)
        )
        return html.bullets((html.inline(option) for option in right), "ol"), parts

    def _filled(self, item: Item, instance: Gaps, value: Any, language: str) -> list[tuple[str, bool]]:
        """(what stands in the gap, is it right) per gap."""
        filled = []
        for number, (gap, order) in enumerate(zip(gaps(item.text(language)), instance.gaps, strict=False), 1):
            filling = (value or {}).get(str(number), "")
            if gap.right is None:
                filled.append((filling, self._typed(item, number - 1, filling)))
            else:
                index = order[LETTERS.index(filling)] if filling else -1
                filled.append((gap.options[index] if filling else "", index == gap.right))
        return filled

    def _typed(self, item: Item, index: int, filling: str) -> bool:
        accepted = [word for text in item.languages.values() for word in gaps(text)[index].options]
        typo = bool(item.settings.get("typo", True))
        return bool(filling) and any(same(filling, word, typo) for word in accepted)
