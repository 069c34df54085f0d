"""Figures of items that need whole people: fit to the model, reliability of a bank, the two languages against each
other. Made in the background from the newest people once a tenth more have answered, or once a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
from sqlalchemy import delete, insert, select, update

from lms import clock, evidence, publishing
from lms.author.answer_table import AnswerTable, answer_table
from lms.author.item_counts import round_of
from lms.author.models import ItemCountRound, ItemFigures
from lms.content import Item
from lms.database import db, may_write
from lms.psychometrics.arrays import Ints
from lms.psychometrics.classical import item_table
from lms.psychometrics.fit import LeaningPair, leaning_pairs, mean_squares
from lms.psychometrics.group_difference import POWER, GroupDifference, group_differences
from lms.psychometrics.items import Items

ENOUGH = 30  # first answers below which nothing is said but how many there are and how they went
OLD = timedelta(days=1)


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
class FitFigures:
    """infit, outfit: mean squares, 1 expected; alpha, alpha_without: of the bank, among `complete` people who answered
    all of it; None below ENOUGH answers or people; leans_on: items of no common table whose answers go with this one's
    beyond ability."""

    infit: float | None = None
    outfit: float | None = None
    dif: LanguageDif | None = None
    alpha: float | None = None
    alpha_without: float | None = None
    complete: int = 0
    leans_on: tuple[str, ...] = ()


def figures_of(answers: AnswerTable) -> dict[str, FitFigures]:
    """item -> its figures, for the items of the table that are published."""
    library = publishing.library()
    items = [library.items[key] for key in answers.keys]
    figures: dict[str, FitFigures] = {}
    for skill in sorted({item.skill for item in items}):
        figures |= _of_skill(answers, [item for item in items if item.skill == skill])
    for path in {item.path for item in items}:
        bank = [item for item in library.banks[path].items if item.answerable]
        figures |= _with_alpha(answers, bank, figures)
    return figures


def _of_skill(answers: AnswerTable, items: Sequence[Item]) -> dict[str, FitFigures]:
    """What holds an item against the other items of its skill."""
    table, places = answers.columns(item.id for item in items)
    keys = [answers.keys[place] for place in places]
    parameters = _parameters(keys)
    infit, outfit = mean_squares(parameters, table)
    differences = group_differences(parameters, *answers.of_two_languages(places))
    leaning = _leaning(items, keys, leaning_pairs(parameters, table))
    return {
        key: FitFigures(
            _number(infit[column]),
            _number(outfit[column]),
            _language_dif(differences[column]),
            leans_on=tuple(leaning[key]),
        )
        if _is_enough(table[:, column])
        else FitFigures()
        for column, key in enumerate(keys)
    }


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


def _is_enough(column: Ints) -> bool:
    return int((column >= 0).sum()) >= ENOUGH


def _language_dif(difference: GroupDifference | None) -> LanguageDif | None:
    return (
        LanguageDif(difference.n, difference.power(), difference.harder, difference.low, difference.high)
        if difference
        else None
    )


def _with_alpha(answers: AnswerTable, bank: Sequence[Item], figures: dict[str, FitFigures]) -> dict[str, FitFigures]:
    """Alpha of the bank with and without each item, where at least ENOUGH people answered all of it; else nothing."""
    table, places = answers.columns(item.id for item in bank)
    if len(places) < len(bank):
        return {}
    whole = item_table(table, answers.maxima[places])
    if whole.complete < ENOUGH:
        return {}
    keys = [answers.keys[place] for place in places]
    return {
        key: replace(figures[key], alpha=_number(whole.alpha), alpha_without=_number(without), complete=whole.complete)
        for key, without in zip(keys, whole.alpha_without, strict=True)
    }


def _parameters(keys: Iterable[str]) -> Items:
    revisions = [publishing.revision_of(key) or 0 for key in keys]
    parameters = evidence.parameters(revisions)
    return Items.of([parameters[revision] for revision in revisions])


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def are_due(organisation_id: int) -> bool:
    """Whether a tenth more people, or any and a day, have been counted since the figures were made."""
    present = round_of(organisation_id)
    if present is None or present.number == present.figured:
        return False
    old = present.figured_at is not None and clock.now() - present.figured_at > OLD
    return bool(old or present.figured == 0 or present.number - present.figured > present.people // 10)


def make(organisation_id: int) -> None:
    """Make the figures anew from what has been answered until now."""
    present = round_of(organisation_id)
    if present is None:
        return
    figures = figures_of(answer_table(organisation_id))
    rows = [
        {"organisation_id": organisation_id, "item_key": key, "figures": asdict(each)} for key, each in figures.items()
    ]
    db.session.rollback()  # what was read is done with
    mine = ItemCountRound.organisation_id == organisation_id
    with may_write(), db.engine.begin() as connection:
        numbering = update(ItemCountRound).where(mine).values(figured=present.number, figured_at=clock.now())
        connection.execute(numbering)
        connection.execute(delete(ItemFigures).where(ItemFigures.organisation_id == organisation_id))
        if rows:
            connection.execute(insert(ItemFigures), rows)


def stored(organisation_id: int) -> dict[str, FitFigures]:
    rows = select(ItemFigures.item_key, ItemFigures.figures).where(ItemFigures.organisation_id == organisation_id)
    return {row.item_key: _read(row.figures) for row in db.session.execute(rows)}


def language_status(organisation_id: int, keys: Collection[str]) -> evidence.LanguageStatus:
    """How many of these items could be compared between the languages, by the organisation's own answers."""
    differences = [figures.dif for key, figures in stored(organisation_id).items() if key in keys and figures.dif]
    compared, differ = sum(dif.told for dif in differences), sum(dif.differs for dif in differences)
    return evidence.LanguageStatus(len(keys), compared, differ)


def _read(kept: dict[str, Any]) -> FitFigures:
    dif = kept["dif"] and LanguageDif(**kept["dif"])
    return FitFigures(**{**kept, "dif": dif, "leans_on": tuple(kept.get("leans_on", ()))})
