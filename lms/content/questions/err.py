"""Error spotting: mark every line of a post, a profile or a report that has a fault."""

from __future__ import annotations

import random
from collections.abc import Iterator

from lms.content.fragments import Fragments
from lms.content.model import Item, ItemText
from lms.content.questions import options
from lms.content.questions.multiple import Multiple
from lms.content.questions.parts import Problem, numbered, with_feedback
from lms.content.questions.values import Field
from lms.content.reference import Reference
from lms.content.text import Text

LINES = Text(hy="տողեր", en="lines")
FAULTS = Text(
    en="one line or more is marked [x] (a fault), and two at least are not",
    hy="մեկ կամ ավելի տող է նշվում [x] (սխալ), և առնվազն երկուսը՝ ոչ",
)


class ErrorSpotting(Multiple):
    """`- [x] line with a fault`, `- [ ] sound line`, in the order in which they are read; each with feedback.

    x = faults found/faults - sound lines marked/sound lines. The lines stay in their order, since they are one text.
    """

    name = "err"
    title = Text(hy="սխալների որոնում", en="finding faults")
    instruction = Text(hy="Նշեք բոլոր այն տողերը, որոնցում սխալ կա։", en="Mark every line that has a fault.")
    idle_options = False  # a sound line is there to be left
    frame = Text(
        hy=(
            "Ստուգեք գրառումը հրապարակելուց առաջ։\n"
            "\n"
            "- [ ] Առանց սխալի տող\n"
            "  > Ինչու է ճիշտ։\n"
            "- [x] Սխալ ունեցող տող\n"
            "  > Ինչն է սխալ և ինչպես ուղղել։\n"
            "- [ ] Առանց սխալի մեկ այլ տող\n"
            "  > Ինչու է ճիշտ։\n"
            "- [x] Սխալ ունեցող մեկ այլ տող\n"
            "  > Ինչն է սխալ և ինչպես ուղղել։\n"
        ),
        en=(
            "Check the post before it is published.\n"
            "\n"
            "- [ ] A sound line\n"
            "  > Why it is right.\n"
            "- [x] A line with a fault\n"
            "  > What is wrong and how to put it right.\n"
            "- [ ] Another sound line\n"
            "  > Why it is right.\n"
            "- [x] Another line with a fault\n"
            "  > What is wrong and how to put it right.\n"
        ),
    )

    def problems(self, item: Item, text: ItemText) -> Iterator[Problem]:
        """Four to twelve different lines with feedback, a fault at least, two sound ones at least."""
        yield from numbered(text.parts, 4, 12, text.line, LINES)
        faults = sum(self.right_options(text))
        if not 1 <= faults <= len(text.parts) - 2:
            yield text.line, FAULTS
        yield from with_feedback(text.parts)

    def draw(self, item: Item, rng: random.Random, reference: Reference) -> options.Order:
        """The author's order: the lines are one text."""
        return options.Order(order=list(range(len(item.text().parts))))

    def fields(self, item: Item, instance: options.Order, language: str, html: Fragments) -> tuple[Field, ...]:
        """One text, a box a line."""
        return (Field("answer", "lines", "", options.choices(item, instance, language, html)),)
