"""`flask simulate languages`: what the product's function for differences between languages finds where they are
known, by the answers that there are in each language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import click
import numpy as np
from numpy.random import Generator

from lms.psychometrics.arrays import Flags, Floats, Ints
from lms.psychometrics.group_difference import POWER, GroupDifference, group_differences
from lms.psychometrics.items import ItemParameters, Items
from lms.psychometrics.model import category_probs

ANSWERS = (100, 200, 500)  # a language
SIZES = (0.0, 0.5, 1.0)  # levels by which an item is harder in one language
ITEMS, HARDER = 12, 2  # of a test, and of them harder
LOWER = 0.5  # by which the people of that language are less able
HEAD = "answers a language\tdifference\tfound\tinterval holds it\tshown\tpower said\ttold of"


@dataclass(frozen=True)
class SizeFigures:
    """Over the items of a size. difference: mean found; coverage: share of intervals that hold the true one; shown:
    share that leave 0 out; power: mean of what the function says of such a size, of one level where the size is 0;
    stated: share of which a page says anything."""

    difference: float
    coverage: float
    shown: float
    power: float
    stated: float


def print_languages(bank: Sequence[ItemParameters], repeats: int, rng: Generator) -> None:
    """bank: items with the error of their difficulty; each repeat draws twelve of them and people anew."""
    click.echo(HEAD)
    for answers in ANSWERS:
        for size in SIZES:
            drawn = [_drawn(bank, rng) for _ in range(repeats)]
            differing = [each for items in drawn for each in differences(items, answers, size, rng)]
            it = figures(differing, size)
            row = (it.difference, it.coverage, it.shown, it.power, it.stated)
            click.echo("\t".join([str(answers), f"{size:g}", *(f"{figure:.3f}" for figure in row)]))


def _drawn(bank: Sequence[ItemParameters], rng: Generator) -> Items:
    return Items.of([bank[place] for place in rng.choice(len(bank), min(ITEMS, len(bank)), replace=False)])


def differences(items: Items, answers: int, size: float, rng: Generator) -> list[GroupDifference]:
    """What is found of the items that are harder by `size` for one of two languages, everybody answering all."""
    true = replace(items, b=items.b + (rng.standard_normal(len(items)) * items.sd_b)[:, None])
    moved = replace(true, b=true.b + (size * (np.arange(len(items)) < HARDER))[:, None])
    first, second = _answers(true, rng.normal(0, 1, answers), rng), _answers(moved, rng.normal(-LOWER, 1, answers), rng)
    focal: Flags = np.repeat(np.arange(2 * answers)[:, None] >= answers, len(items), axis=1)
    return [each for each in group_differences(items, np.vstack([first, second]), focal)[:HARDER] if each]


def _answers(items: Items, theta: Floats, rng: Generator) -> Ints:
    probs = category_probs(items, theta)
    above = rng.random(probs.shape[:2])[:, :, None] > probs.cumsum(axis=2)
    return np.asarray(np.minimum(above.sum(axis=2), items.m), np.int64)


def figures(differences: Sequence[GroupDifference], size: float) -> SizeFigures:
    return SizeFigures(
        difference=float(np.mean([each.harder for each in differences])),
        coverage=float(np.mean([each.low <= size <= each.high for each in differences])),
        shown=float(np.mean([each.low > 0 or each.high < 0 for each in differences])),
        power=float(np.mean([each.power(size or 1.0) for each in differences])),
        stated=float(np.mean([each.power() >= POWER for each in differences])),
    )
