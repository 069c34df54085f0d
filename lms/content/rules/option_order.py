"""Options that seem to stand in another order in one of the two languages. Texts in two languages prove nothing; digits
and Latin words that both name in one option each do say something, so it is a warning."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lms.content.model import Item
from lms.content.text import EQUAL, Text

SIGNS = re.compile(r"\d+|[a-z][a-z0-9]+")
OTHER_ORDER = Text(
    en="{sign} stands in option {hy} of the Armenian text, in option {en} of the English one; is the order the same?",
    hy="{sign}-ը հայերեն տեքստում {hy}-րդ տարբերակում է, անգլերենում՝ {en}-րդում. նո՞ւյնն է արդյոք հերթականությունը",
)


def other_order(item: Item) -> Text | None:
    """The first sign that both languages name in exactly one option, and not in the same; None where there is none."""
    if any(language not in item.languages for language in EQUAL):
        return None
    hy, en = (_places([part.text for part in item.text(language).parts]) for language in EQUAL)
    moved = [sign for sign, place in hy.items() if en.get(sign, place) != place]
    return OTHER_ORDER.filled(sign=moved[0], hy=str(hy[moved[0]]), en=str(en[moved[0]])) if moved else None


def _places(options: Sequence[str]) -> dict[str, int]:
    """Sign -> the one option, from 1, that holds it."""
    signs_by_option = [set(SIGNS.findall(option.lower())) for option in options]
    every = sorted(set().union(*signs_by_option))
    places = {sign: [at for at, signs in enumerate(signs_by_option, 1) if sign in signs] for sign in every}
    return {sign: keys[0] for sign, keys in places.items() if len(keys) == 1}
