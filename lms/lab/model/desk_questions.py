"""What W5 asks of an export, with the answers and the wrong ways that have a name; all computed from the seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from lms.content.expression import evaluate, parse
from lms.lab.model import export
from lms.lab.model.export import FORMATS, PLATFORMS, Export, ExportRow

LEAST = 3  # posts of a format that two formats are compared by
PERCENT, DRAMS = 0.05, 1.0  # tolerance of an answer
# Of metrics.yaml: what a question may ask, its formula over a row's figures, and the wrong formulas that have a name.
METRICS: Mapping[str, str] = {
    "er_reach": "100 * (likes + comments + shares + saves) / reach",
    "er_followers": "100 * (likes + comments + shares + saves) / followers",
    "reach_rate": "100 * reach / followers",
}
WRONG: Mapping[str, Mapping[str, str]] = {
    "er_reach": {
        "by_followers": "100 * (likes + comments + shares + saves) / followers",
        "likes_only": "100 * likes / reach",
        "forgot_saves": "100 * (likes + comments + shares) / reach",
        "not_percent": "(likes + comments + shares + saves) / reach",
    },
    "er_followers": {"by_reach": "100 * (likes + comments + shares + saves) / reach"},
    "reach_rate": {"inverted": "100 * followers / reach"},
}
OTHER_SLIPS = ("mean_of_rates", "per_click", "with_unpaid")  # wrong ways that are no formula of one row
ODD = ("impossible", "missing", "small", "viral", "idle")  # what is said of five rows in step 3; only one cannot be
CLAIMS = ("renamed", "small", "viral")  # kinds of the statement that the data do not support
TRUE = ("most", "formats", "bought")  # and of the three that they do
NEXT = {"repeat": 1.0, "move_all": -0.5, "stop": -0.5, "boost": 0.0}  # credit of each next step; a guess is worth 0
PROOF = {"pooled": 1.0, "likes": -0.4, "followers": -0.4, "one_post": -0.2}  # and of what would change one's mind
APART = 1.15  # times that the second cheapest platform costs at least what the cheapest does


@dataclass(frozen=True)
class DeskQuestions:
    """What the six steps ask of an export. row: number of the post, metric: of `METRICS`, rate: per cent; formats: the
    one asked for and the one beside it, pooled: per cent; odd: (kind, row) in the order shown; claims: kinds in the
    order shown; cheapest: platform, cost: drams a purchase; next, proof: in the order shown; wrong: by score, what a
    wrong formula with a name gives."""

    metric: str
    row: int
    rate: float
    formats: tuple[str, str]
    pooled: float
    odd: tuple[tuple[str, int], ...]
    claims: tuple[str, ...]
    cheapest: str
    cost: float
    next: tuple[str, ...]
    proof: tuple[str, ...]
    wrong: Mapping[str, Mapping[str, float]]


@lru_cache(maxsize=64)
def ask(seed: int) -> DeskQuestions:
    """The questions of a seed."""
    data, random = export.draw(seed), np.random.default_rng([seed, 503])
    usual = [row for row in data.sound if row.number not in (data.small, data.viral)]
    row, metric = usual[int(random.integers(len(usual)))], list(METRICS)[int(random.integers(len(METRICS)))]
    formats = _formats(data)
    shown = [row for row in data.rows if row.format == formats[0]]
    costs = cost_by_platform(data)
    return DeskQuestions(
        metric=metric,
        row=row.number,
        rate=_value(METRICS[metric], row),
        formats=formats,
        pooled=pooled(shown),
        odd=tuple(_shuffled(random, _odd(data))),
        claims=tuple(_shuffled(random, [*TRUE, CLAIMS[int(random.integers(len(CLAIMS)))]])),
        cheapest=min(costs, key=lambda name: costs[name]),
        cost=min(costs.values()),
        next=tuple(_shuffled(random, list(NEXT))),
        proof=tuple(_shuffled(random, list(PROOF))),
        wrong={
            "rate": {name: _value(formula, row) for name, formula in WRONG[metric].items()},
            "pooled": {"mean_of_rates": mean_of_rates(shown)},
            "cost": _wrong_costs(data, min(costs, key=lambda name: costs[name])),
        },
    )


def _value(formula: str, row: ExportRow) -> float:
    return evaluate(parse(formula), {name: float(row.figure(name) or 0) for name in export.FIGURES})


def _shuffled(random: np.random.Generator, things: list[Any]) -> list[Any]:
    return [things[int(at)] for at in random.permutation(len(things))]


def pooled(rows: Sequence[ExportRow]) -> float:
    """All engagement by all reach, per cent."""
    return 100 * sum(row.engagement for row in rows) / max(1, export.total(rows, "reach"))


def mean_of_rates(rows: Sequence[ExportRow]) -> float:
    """Mean of the posts' own rates: a small post weighs as much as a large one."""
    return float(np.mean([100 * row.engagement / row.reach for row in rows]))


def _formats(data: Export) -> tuple[str, str]:
    """Two formats without a row that cannot be or lacks a value; first the one in which the two rates differ most."""
    fit = [name for name in FORMATS if _usable(data, name)]
    order = sorted(fit, key=lambda name: -_gap([row for row in data.rows if row.format == name]))
    return (order[0], order[1]) if len(order) > 1 else (FORMATS[0], FORMATS[1])


def _usable(data: Export, name: str) -> bool:
    rows = [row for row in data.rows if row.format == name]
    return len(rows) >= LEAST and all(row in data.sound for row in rows)


def _gap(rows: Sequence[ExportRow]) -> float:
    return abs(pooled(rows) - mean_of_rates(rows))


def _odd(data: Export) -> list[tuple[str, int]]:
    idle = next(
        (row.number for row in data.sound if row.clicks and not row.conversions and row.number != data.small), 1
    )
    return list(zip(ODD, (data.impossible, data.missing, data.small, data.viral, idle), strict=True))


def showings(data: Export, late: bool) -> float:
    """Impressions or, later in the month, views by person reached: the name has changed, and with it the number."""
    name = "views" if late else "impressions"
    rows = [row for row in data.sound if row.figure(name)]
    return export.total(rows, name) / max(1, export.total(rows, "reach"))


def paid_rows(data: Export, platform: str) -> list[ExportRow]:
    return [row for row in data.rows if row.platform == platform and row.spend]


def cost_by_platform(data: Export) -> dict[str, float]:
    """Drams that a purchase cost, over the paid posts of each platform that has any."""
    rows = {name: paid_rows(data, name) for name in PLATFORMS}
    return {
        name: export.total(paid, "spend") / export.total(paid, "conversions")
        for name, paid in rows.items()
        if export.total(paid, "conversions")
    }


def _wrong_costs(data: Export, platform: str) -> dict[str, float]:
    paid = paid_rows(data, platform)
    every = [row for row in data.rows if row.platform == platform]
    spent, bought = export.total(paid, "spend"), export.total(every, "conversions")
    return {"per_click": spent / max(1, export.total(paid, "clicks")), "with_unpaid": spent / max(1, bought)}


def is_fair(seed: int) -> bool:
    """Whether a month asks every question clearly: two formats to compare whose two rates differ, and a cheapest
    platform well below the next."""
    data = export.draw(seed)
    costs = sorted(cost_by_platform(data).values())
    usable = [name for name in FORMATS if _usable(data, name)]
    if len(usable) < 2 or len(costs) < len(PLATFORMS) or costs[1] < APART * costs[0]:
        return False
    rows = [row for row in data.rows if row.format == _formats(data)[0]]
    wrong = _wrong_costs(data, min(cost_by_platform(data), key=lambda name: cost_by_platform(data)[name]))
    return _gap(rows) > 4 * PERCENT and all(abs(value - costs[0]) > 2 * DRAMS for value in wrong.values())
