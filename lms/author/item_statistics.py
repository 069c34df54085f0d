"""How an item works, from the first answers of one organisation. No figure that needs many answers is given on few."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from flask import current_app
from sqlalchemy import func, select

from lms import evidence, publishing
from lms.author.first_answers import AnswerTable, FirstAnswer, answer_table
from lms.content import Item
from lms.content.questions import TYPES
from lms.database import db
from lms.evidence.models import Evidence
from lms.identity.models import Person
from lms.psychometrics.arrays import Floats, Ints
from lms.psychometrics.classical import correlation, item_table
from lms.psychometrics.fit import LeaningPair, leaning_pairs, mean_squares
from lms.psychometrics.group_difference import GroupDifference, group_differences
from lms.psychometrics.items import Items

POWER = 0.8  # of showing a difference of one level, below which nothing is said about languages
ENOUGH = 30  # first answers below which nothing is said but how many there are and how they went


@dataclass(frozen=True)
class OptionStatistics:
    """place: in the author's order; share of the people who chose it; rest: r of choosing it with the share scored on
    the skill's other items, nan where undefined: it should be positive for the key and negative for the others."""

    place: int
    right: bool
    n: int
    share: float
    rest: float


@dataclass(frozen=True)
class LanguageDif:
    """Armenian pages against English. n: answers in the smaller language; power: the probability that a difference of
    one level would show with as many; harder: logits (a level is one wide), positive when harder in Armenian, with the
    95 % interval low .. high, told where `told`."""

    n: int
    power: float
    harder: float
    low: float
    high: float

    @property
    def told(self) -> bool:
        """Whether so many answers can say anything."""
        return self.power >= POWER

    @property
    def differs(self) -> bool:
        return self.told and (self.low > 0 or self.high < 0)


@dataclass(frozen=True)
class ItemStatistics:
    """n: people who answered first; p: mean share of the full score; people: who has any evidence, so that n / people
    is the exposure; the rest is None below ENOUGH answers, or where its own condition (named there) isn't met.
    item_rest: r with the share scored on the skill's other items; alpha, alpha_without: of the bank, among `complete`
    people who answered all of it; infit, outfit: mean squares, 1 expected; leans_on: items of no common
    table whose answers go with this one's beyond ability."""

    n: int
    people: int
    p: float
    categories: tuple[int, ...]
    omitted: int
    seconds: float | None
    options: tuple[OptionStatistics, ...]
    item_rest: float | None = None
    alpha: float | None = None
    alpha_without: float | None = None
    complete: int = 0
    infit: float | None = None
    outfit: float | None = None
    dif: LanguageDif | None = None
    leans_on: tuple[str, ...] = ()

    @property
    def enough(self) -> bool:
        return self.n >= ENOUGH


def item_statistics(organisation_id: int) -> dict[str, ItemStatistics]:
    """Every item that the organisation's people answered; kept until their next answer or the next publication."""
    last = db.session.execute(
        select(func.count(), func.max(Evidence.id))
        .join(Person, Person.id == Evidence.person_id)
        .where(Person.organisation_id == organisation_id, evidence.counts())
    ).one()
    stamp = (*last, publishing.library())
    cache = current_app.extensions.setdefault("author_item_statistics", {})
    entry: tuple[object, dict[str, ItemStatistics]] | None = cache.get(organisation_id)
    if entry is None or entry[0] != stamp:
        entry = cache[organisation_id] = (stamp, _all(answer_table(organisation_id)))
    return entry[1]


def _all(answers: AnswerTable) -> dict[str, ItemStatistics]:
    library = publishing.library()
    items = [library.items[key] for key in answers.keys]
    statistics: dict[str, ItemStatistics] = {}
    for skill in sorted({item.skill for item in items}):
        statistics |= _of_skill(answers, [item for item in items if item.skill == skill])
    for path in {item.path for item in items}:
        bank = [item for item in library.banks[path].items if item.answerable]
        statistics |= _with_alpha(answers, bank, statistics)
    return statistics


def _of_skill(answers: AnswerTable, items: Sequence[Item]) -> dict[str, ItemStatistics]:
    """Statistics that hold an item against the other items of its skill."""
    table, places = answers.columns(item.id for item in items)
    keys = [answers.keys[place] for place in places]
    maxima = answers.maxima[places]
    parameters = _parameters(keys)
    classical = item_table(table, maxima)
    infit, outfit = mean_squares(parameters, table)
    leaning = _leaning(items, keys, leaning_pairs(parameters, table))
    differences = group_differences(parameters, table, answers.armenian[:, places])
    statistics = {}
    for column, key in enumerate(keys):
        rest = _rest_shares(table, maxima, column)
        plain = _plain(answers, key, table[:, column], rest, float(classical.p[column]))
        if plain.enough:
            plain = replace(
                plain,
                item_rest=_number(classical.item_rest[column]),
                infit=_number(infit[column]),
                outfit=_number(outfit[column]),
                dif=_language_dif(differences[column]),
                leans_on=tuple(leaning[key]),
            )
        statistics[key] = plain
    return statistics


def _leaning(items: Sequence[Item], keys: Sequence[str], pairs: Sequence[LeaningPair]) -> dict[str, list[str]]:
    """By item, those it leans on; those of one table are known to, and are counted together."""
    tables = {item.id: item.set_id for item in items}
    leaning: dict[str, list[str]] = {key: [] for key in keys}
    for pair in pairs:
        first, second = keys[pair.first], keys[pair.second]
        if not tables[first] or tables[first] != tables[second]:
            leaning[first].append(second)
            leaning[second].append(first)
    return leaning


def _plain(answers: AnswerTable, key: str, column: Ints, rest: Floats, p: float) -> ItemStatistics:
    """What may be said of any number of answers."""
    first = answers.first.get(key, ())
    times = [answer.seconds for answer in first if answer.seconds is not None and not answer.omitted]
    return ItemStatistics(
        n=int((column >= 0).sum()),
        people=len(answers.people),
        p=p,
        categories=tuple(int((column == category).sum()) for category in range(int(column.max()) + 1)),
        omitted=sum(answer.omitted for answer in first),
        seconds=float(np.median(times)) if times else None,
        options=_options(answers, publishing.library().items[key], first, rest),
    )


def _options(
    answers: AnswerTable,
    item: Item,
    first: Sequence[FirstAnswer],
    rest: Floats,
) -> tuple[OptionStatistics, ...]:
    """Nothing for types without options; r only over people who have answered other items of the skill."""
    row_of = {person: row for row, person in enumerate(answers.people)}
    scores = np.array([rest[row_of[answer.person]] for answer in first], float)
    options = []
    for place, right in enumerate(TYPES[item.type].right_options(item.text())):
        picked = np.array([place in answer.picked for answer in first], float)
        options.append(_option(place, right, picked, scores))
    return tuple(options)


def _option(place: int, right: bool, picked: Floats, scores: Floats) -> OptionStatistics:
    known = ~np.isnan(scores)
    return OptionStatistics(
        place=place,
        right=right,
        n=int(picked.sum()),
        share=float(picked.mean()) if len(picked) else 0.0,
        rest=correlation(picked[known], scores[known]),
    )


def _rest_shares(table: Ints, maxima: Ints, column: int) -> Floats:
    """(N,) share scored on the other items, nan without any."""
    others = np.delete(table, column, axis=1)
    possible = (others >= 0) @ np.delete(maxima, column)
    scored = np.where(others >= 0, others, 0).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(scored / possible)


def _language_dif(found: GroupDifference | None) -> LanguageDif | None:
    return LanguageDif(found.n, found.power(), found.harder, found.low, found.high) if found else None


def _with_alpha(
    answers: AnswerTable,
    bank: Sequence[Item],
    statistics: dict[str, ItemStatistics],
) -> dict[str, ItemStatistics]:
    """Alpha of the bank with and without each item, where at least ENOUGH people answered all of it; else nothing."""
    table, places = answers.columns(item.id for item in bank)
    if len(places) < len(bank):
        return {}
    whole = item_table(table, answers.maxima[places])
    if whole.complete < ENOUGH:
        return {}
    keys = [answers.keys[place] for place in places]
    return {
        key: replace(
            statistics[key],
            alpha=_number(whole.alpha),
            alpha_without=_number(without),
            complete=whole.complete,
        )
        for key, without in zip(keys, whole.alpha_without, strict=True)
    }


def _parameters(keys: Iterable[str]) -> Items:
    revisions = [publishing.revision_of(key) or 0 for key in keys]
    parameters = evidence.parameters(revisions)
    return Items.of([parameters[revision] for revision in revisions])


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
