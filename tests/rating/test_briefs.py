"""The briefs of the reply under criticism: enough of them, alike in form in both languages, each met before any comes
again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from lms import clock, evidence
from lms.content.rules.language import RULES
from lms.content.text import LANGUAGES
from lms.rating import desk, draws, works
from lms.rating.tasks import TASKS, Variant
from tests.cast import Cast
from tests.rating import writer

REPLY = TASKS["reply"]
COMMENT = re.compile(r"^([1-6])\. .+$", re.MULTILINE)
HEADINGS = {
    "hy": ("Հայտնի է՝", "Դեռ հայտնի չէ,", "Էջի տոնը՝", "Մեկնաբանությունները."),
    "en": ("Known:", "Not known yet:", "The tone of the page:", "The comments:"),
}
FOREIGN = re.compile(r"«[^»Ա-և]*[A-Za-zА-я][^»Ա-և]*»")
every = pytest.mark.parametrize("variant", REPLY.variants.values(), ids=lambda variant: variant.name)


def comments(variant: Variant, language: str) -> list[str]:
    return [match[0] for match in COMMENT.finditer(variant.text.get(language))]


def test_there_are_twelve_briefs_for_a_reply() -> None:
    assert len(REPLY.variants) >= 12
    assert len({each.title.get(language) for each in REPLY.variants.values() for language in LANGUAGES}) >= 24


@every
def test_a_brief_says_the_same_in_both_languages(variant: Variant) -> None:
    for language in LANGUAGES:
        text = variant.text.get(language)
        assert all(text.count(heading) == 1 for heading in HEADINGS[language])
        assert [each[0] for each in comments(variant, language)] == list("123456")
        assert 100 <= len(text.split()) <= 220, "as long as the others"
    hours = [re.findall(r"\d\d:\d\d", variant.text.get(language)) for language in LANGUAGES]
    assert sorted(hours[0]) == sorted(hours[1])
    assert hours[0], "when it is decided"


@every
def test_one_comment_of_a_brief_lays_open_what_is_private(variant: Variant) -> None:
    for language in LANGUAGES:
        bare = [each[0] for each in comments(variant, language) if "XX" in each]
        assert len(bare) == 1, language
    if variant.name != "cakes":
        assert len([each for each in comments(variant, "hy") if FOREIGN.search(each)]) == 1, "as people write"
        assert any("՞" in each or "?" in each for each in comments(variant, "hy"))


@every
def test_the_armenian_of_a_brief_keeps_the_rules(variant: Variant) -> None:
    for text in (variant.title.hy, variant.text.hy):
        assert [(rule.code, match[0]) for rule in RULES for match in rule.pattern.finditer(text)] == []
    assert all(each.endswith("»։") for each in comments(variant, "hy"))


def test_every_brief_comes_once_before_one_comes_again(context: Flask, cast: Cast) -> None:
    """Also long after the period in which one work is evidence."""
    person, drawn = cast.person("trainee"), []
    for number in range(1, len(REPLY.variants) + 3):
        drawn.append(writer.write(person).variant)
        clock.shift(number * (evidence.PERIOD + timedelta(days=1)))
    assert set(drawn[:-2]) == set(REPLY.variants)
    assert drawn[-2:] == drawn[:2], "then the one met longest ago"
    assert len(draws.unmet(person.id, REPLY)) == len(REPLY.variants)


def test_a_brief_whose_replies_a_person_has_rated_comes_last(context: Flask, cast: Cast) -> None:
    for _ in range(len(REPLY.variants) - 1):
        desk.take(writer.write(cast.person("trainee")), cast.candidate, counts=False)
    (left,) = draws.unmet(cast.trainee, REPLY)
    assert draws.drawn(cast.person("candidate"), REPLY) == left
    assert works.may_count(cast.candidate, REPLY), "to rate is not yet to write"
