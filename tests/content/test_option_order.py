"""Options in another order in one language are told of, where digits or Latin words give them away; keys in words."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from lms.content.model import Item, Part
from lms.content.rules.option_order import other_order
from tests.content.samples import HEAD, section
from tests.content.test_schema import item_findings, parse_item

SAYS = (
    (["Բացել Instagram-ը", "Սպասել 24 ժամ", "Գրել"], ["Open Instagram", "Wait 24 hours", "Write"], ""),
    (["Բացել Instagram-ը", "Սպասել 24 ժամ", "Գրել"], ["Wait 24 hours", "Open Instagram", "Write"], "24"),
    (["Սպասել 24 ժամ", "Գրել 2 ժամ"], ["Wait 2 hours", "Write for 24 hours"], "2"),
    (["7 և 3", "7 լայք"], ["Three", "7 of 7"], ""),  # named twice, or in one language only: says nothing
    (["Գրել CTR-ը", "Գրել"], ["Write", "Write the ctr"], "ctr"),
    (["Գրել", "Ջնջել"], ["Delete", "Write"], ""),  # nothing tells
)


def with_options(hy: list[str], en: list[str], kind: str = "ordering") -> Item:
    item = parse_item(section(kind), HEAD)
    parts = {"hy": hy, "en": en}
    texts = {
        language: replace(
            text, parts=tuple(Part(str(at), told, "", "", at) for at, told in enumerate(parts[language], 1))
        )
        for language, text in item.languages.items()
    }
    return replace(item, languages=texts)


@pytest.mark.parametrize(("hy", "en", "sign"), SAYS)
def test_what_both_languages_name_gives_another_order_away(hy: list[str], en: list[str], sign: str) -> None:
    told = other_order(with_options(hy, en))
    assert (told is not None) == bool(sign)
    assert told is None or told.en.startswith(f"{sign} stands in option")


KEYS = (
    ("matching", "- d => 4\n- => 5", "- d => 4"),
    ("categorising", "#### Other\n- d\n", "- d\n#### Other\n"),
    ("cloze", "[[d|=e|f]]", "[[=e|d|f]]"),
    ("numeric", "Reach {reach}, likes {likes}", "Likes {likes}"),
    ("single", "- [ ] Four\n  > No.\n", ""),
)


@pytest.mark.parametrize(("kind", "old", "new"), KEYS, ids=[kind for kind, *_ in KEYS])
def test_a_key_is_told_in_the_readers_words(kind: str, old: str, new: str) -> None:
    source = section(kind)
    assert old in source
    (note,) = item_findings(source.replace(old, new, 1))
    said = note.said("hy").split("պատասխանը")[1]
    names = r"hy|en|x|reach|likes|comments|saves|shares|[a-z]+_[a-z]+"
    assert not set(re.findall(r"[A-Za-z_]{2,}", said)) - set(re.findall(rf"\b(?:{names})\b", said)), said
