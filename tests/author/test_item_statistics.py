"""How items work, on crowds whose truth is known: nothing is said on few answers, and the planted fault is found."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest
from flask import Flask
from flask_babel import force_locale

from lms import assess, clock, evidence, publishing
from lms.author import item_figures
from lms.author import item_statistics as statistics
from lms.author.answer_table import AnswerTable
from lms.author.first_answers import answers_of
from lms.author.item_statistics import ItemStatistics
from lms.author.overview import by_trouble, item_lines
from lms.author.tallies import FirstAnswer, GivenEvidence, Tally, TallyCell, added, tallies
from lms.author.verdicts import verdicts
from lms.content import Item
from lms.database import db
from lms.learn.specifications import CHECK
from tests.cast import Cast


@pytest.fixture
def engine_name() -> str:
    """Arithmetic, and queries that the other rooms' tests run on both."""
    return "sqlite"


@pytest.fixture(autouse=True)
def english(context: Flask) -> Iterator[None]:
    with force_locale("en"):
        yield


def bank() -> list[Item]:
    """Six single-choice items of one skill."""
    singles = [
        item for _, item in publishing.items(pool="placement") if item.type == "single" and item.skill == "content"
    ]
    return singles[:6]


Crowd = tuple[AnswerTable, dict[str, tuple[FirstAnswer, ...]]]


def everything(crowd: Crowd) -> dict[str, ItemStatistics]:
    """As a page shows it, once every person of the crowd has been counted and the figures have been made."""
    answers, first = crowd
    cells: dict[TallyCell, Tally] = {}
    for row in range(len(answers.people)):
        given = [
            GivenEvidence(
                column, cell(key), publishing.library().items[key].skill, int(answers.table[row, column]), of[row]
            )
            for column, (key, of) in enumerate(first.items())
        ]
        added(cells, tallies(given))
    return statistics.statistics_of(cells, len(answers.people), item_figures.figures_of(answers))


def cell(key: str) -> TallyCell:
    return TallyCell(publishing.revision_of(key) or 0, key, 2, "hy")


def crowd(items: list[Item], n: int, wrong: str = "", harder: str = "", armenian: float = 1.0) -> Crowd:
    """n people of evenly spread ability. Of the item `wrong` the able choose one false option; `harder` is answered
    wrongly by everyone with Armenian pages. Whoever is wrong otherwise takes the false options in turn."""
    rng, thetas = np.random.default_rng(4), np.linspace(-2, 2, n)
    hy = np.arange(n) % round(1 / armenian) == 0 if armenian < 1 else np.ones(n, bool)
    table, sat = np.zeros((n, len(items)), int), {}
    for at, item in enumerate(items):
        marks = [part.mark == "x" for part in item.text().parts]
        false = [place for place, right in enumerate(marks) if not right]
        unit = evidence.parameters([publishing.revision_of(item.id) or 0])[publishing.revision_of(item.id) or 0]
        able = -thetas if item.id == wrong else thetas
        chance = unit.c + (1 - unit.c) / (1 + np.exp(-unit.a * (able - unit.b[0])))
        table[:, at] = (rng.random(n) < chance) & ~(hy & (item.id == harder))
        picks = [marks.index(True) if right else false[0 if item.id == wrong else k % len(false)]
                 for k, right in enumerate(table[:, at])]  # fmt: skip
        sat[item.id] = tuple(FirstAnswer(k, False, frozenset({pick}), 20.0 + k) for k, pick in enumerate(picks))
    pages = np.repeat(np.where(hy, 0, 1)[:, None], len(items), axis=1)
    keys = tuple(item.id for item in items)
    return AnswerTable(tuple(range(n)), keys, table, np.ones(len(items), int), pages), sat


def test_a_wrong_key_is_found_and_said(context: Flask) -> None:
    items = bank()
    bad = items[2]
    found = everything(crowd(items, 300, wrong=bad.id))
    assert found[bad.id].item_rest < -0.1 < 0.1 < found[items[0].id].item_rest
    told = [verdict.text for verdict in verdicts(found[bad.id]) if verdict.misleads]
    false = next(place for place, part in enumerate(bad.text().parts) if part.mark != "x")
    assert told == [
        "Those who know more do worse here: check the key.",
        f"Option {'ABCDE'[false]} attracts the best learners: check the key.",
    ]
    assert not [one for item in items if item is not bad for one in verdicts(found[item.id]) if one.misleads]
    file = publishing.library().banks[bad.path]
    assert by_trouble(item_lines(file, found, {}))[0].item is bad


def test_figures_are_those_of_a_hand(context: Flask) -> None:
    items = bank()
    answers, first = crowd(items, 40)
    one = everything((answers, first))[items[0].id]
    rest = answers.table[:, 1:].mean(axis=1)
    assert (one.n, one.people, one.omitted, one.complete) == (40, 40, 0, 0)
    assert one.p == pytest.approx(answers.table[:, 0].mean()) and one.seconds == pytest.approx(39.5, rel=0.03)
    assert one.item_rest == pytest.approx(np.corrcoef(answers.table[:, 0], rest)[0, 1], abs=1e-4)
    assert sum(option.n for option in one.options) == 40 and sum(option.share for option in one.options) == 1
    key = next(option for option in one.options if option.right)
    assert key.rest == pytest.approx(one.item_rest) and one.categories == (40 - key.n, key.n)
    assert 0.6 < one.infit < 2


def test_on_few_answers_only_n_and_p_are_given(context: Flask) -> None:
    items = bank()
    few = everything(crowd(items, item_figures.ENOUGH - 1, wrong=items[2].id))[items[2].id]
    assert (few.item_rest, few.infit, few.outfit, few.dif, few.alpha) == (None,) * 5 and not verdicts(few)
    assert few.n == item_figures.ENOUGH - 1 and 0 < few.p < 1


def test_languages_are_compared_only_with_enough_people_in_each(context: Flask) -> None:
    items = bank()
    key = items[1].id
    assert everything(crowd(items, 38, harder=key, armenian=0.5))[key].dif is None
    few = everything(crowd(items, 60, harder=key, armenian=0.5))[key]
    assert not few.dif.told and not [one for one in verdicts(few) if "Armenian" in one.text], "the power is too small"
    found = everything(crowd(items, 700, harder=key, armenian=0.5))
    assert found[key].dif.told and found[key].dif.low > 0
    assert "Equally able people find it harder in Armenian: compare the two texts." in [
        verdict.text for verdict in verdicts(found[key])
    ]


def test_alpha_needs_people_who_answered_the_whole_bank(context: Flask) -> None:
    whole = [item for _, item in publishing.items(pool="pretest", course="C1")]
    n = 40
    table = (np.linspace(-2, 2, n)[:, None] > np.linspace(-1, 1, len(whole))).astype(int)
    people, keys = tuple(range(n)), tuple(item.id for item in whole)
    full = AnswerTable(people, keys, table, np.ones(len(keys), int), np.zeros(table.shape, int))
    parts = [table.var(axis=0).sum(), table.sum(axis=1).var()]
    expected = len(keys) / (len(keys) - 1) * (1 - parts[0] / parts[1])
    found = item_figures.figures_of(full)
    assert [one.alpha for one in found.values()] == pytest.approx([expected] * len(keys)) and found[
        keys[0]
    ].complete == n
    holes = table.copy()
    holes[:11, 0] = -1
    few = item_figures.figures_of(AnswerTable(people, keys, holes, full.maxima, full.languages))
    assert {one.alpha for one in few.values()} == {None}


@pytest.mark.parametrize(
    ("p", "omitted", "told"),
    [(0.5, 0, []), (0.96, 0, ["Too easy: 96"]), (0.19, 0, ["Too hard: only 19"]), (0.5, 8, ["Left out by 20"])],
)
def test_words_stand_beside_extreme_numbers(context: Flask, p: float, omitted: int, told: list[str]) -> None:
    one = statistics.ItemStatistics(40, 40, p, (), omitted, None, (), item_rest=0.4)
    texts = [verdict.text for verdict in verdicts(one)]
    assert len(texts) == len(told) and all(text.startswith(start) for text, start in zip(texts, told, strict=True))


def test_an_option_that_nobody_chooses_is_named(context: Flask) -> None:
    options = (
        statistics.OptionStatistics(0, True, 39, 0.98, 0.3),
        statistics.OptionStatistics(1, False, 0, 0.0, math.nan),
    )
    one = statistics.ItemStatistics(40, 40, 0.9, (), 0, None, options, item_rest=0.4)
    assert [(verdict.misleads, verdict.text) for verdict in verdicts(one)] == [(False, "Nobody chose option B.")]


def test_what_was_picked_left_out_and_how_long_it_took_comes_from_the_attempt(context: Flask, cast: Cast) -> None:
    """Two questions: the first answered after forty seconds, then changed; the second left out."""
    chosen = [number for number, item in publishing.items(pool="placement") if item.type == "single"][:2]
    attempt = assess.start(cast.person("trainee"), CHECK, "C1.1", {"hy": "x", "en": "x"}, chosen)
    letters = "abcde"[: len(attempt.items[0].instance["order"])]
    for seq, (seconds, letter) in enumerate(((40, letters[0]), (70, letters[1])), 1):
        clock.shift(timedelta(seconds=seconds))
        attempt.answer(1, {"answer": [letter]}, attempt.last_seq() + 1, f"key-{seq}", attempt.writer().tab)
    attempt.finish()
    db.session.commit()
    sat = {given.cell.revision_id: given.first for given in answers_of([cast.trainee])[cast.trainee]}
    first, second = (sat[row.revision_id] for row in attempt.items)
    assert first and second
    assert first.picked == {attempt.items[0].instance["order"][1]} and not first.omitted
    assert first.seconds == pytest.approx(40, abs=5)
    assert second.omitted and second.picked == frozenset() and second.seconds is None
    assert not answers_of([cast.outsider])[cast.outsider]


@pytest.mark.parametrize(("n", "told"), [(40, 0), (400, 1)])
def test_a_correlation_that_chance_brings_is_no_reproach(context: Flask, n: int, told: int) -> None:
    """r = -.15 over forty people is chance, over four hundred it isn't; the same for what a wrong option attracts."""
    options = (
        statistics.OptionStatistics(0, True, n - 9, 0.8, -0.15),
        statistics.OptionStatistics(1, False, 9, 0.2, 0.15),
    )
    by_rest = verdicts(statistics.ItemStatistics(n, n, 0.5, (), 0, None, (), item_rest=-0.15))
    by_option = verdicts(statistics.ItemStatistics(n, n, 0.5, (), 0, None, options, item_rest=0.3))
    assert [sum(verdict.misleads for verdict in found) for found in (by_rest, by_option)] == [told, told]
