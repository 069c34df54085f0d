"""What types have in common that list parts: letters, the order shown, and rules for authors."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from lms.content.model import Item, ItemText, Part
from lms.content.text import Text

LETTERS = "abcdefghijklmnopqrstuvwxyz"
Problem = tuple[int, Text]  # line and message
TWICE = Text(en="the text stands twice: {text}", hy="տեքստը կրկնվում է՝ {text}")
NO_FEEDBACK = Text(
    en="no feedback below this option: add a line `  > why` (indented by two spaces)",
    hy="այս տարբերակը բացատրություն չունի. ավելացրեք `  > ինչու` տողը (երկու բացատ խորությամբ)",
)


RATED_PART = re.compile(r"[-*] \((?P<mark>\d(?:[.,]\d{1,2})?)\)\s+(?P<text>.+)")  # `- (4.6) text`


def ratings(text: ItemText) -> tuple[float, ...]:
    """Experts' mean rating of each part, in the author's order."""
    return tuple(float(part.mark.replace(",", ".")) for part in text.parts)


def permutation(item: Item, rng: random.Random, size: int) -> list[int]:
    """Display order of `size` parts: random, or the author's with `shuffle: false`."""
    order = list(range(size))
    if item.settings.get("shuffle", True):
        rng.shuffle(order)
    return order


def numbered(parts: Sequence[Part], low: int, high: int, line: int, what: Text) -> Iterator[Problem]:
    """Rules shared by lists of parts: their number, no empty one, no two alike."""
    if not low <= len(parts) <= high:
        yield (
            line,
            Text(
                en=f"{len(parts)} {what.en}, expected {low} to {high}",
                hy=f"{what.hy}՝ {len(parts)}, պետք է լինի {low}-ից {high}",
            ),
        )
    earlier: set[str] = set()
    for part in parts:
        if not part.text:
            yield part.line, Text(en=f"an empty one among the {what.en}", hy=f"դատարկ տող կա ({what.hy})")
        if part.text in earlier:
            yield part.line, TWICE.filled(text=repr(part.text[:60]))
        earlier.add(part.text)


def with_feedback(parts: Sequence[Part]) -> Iterator[Problem]:
    """Every option needs its feedback."""
    for part in parts:
        if not part.feedback:
            yield part.line, NO_FEEDBACK
