"""The export as W5 shows it: filtered, sorted, with a formula worked out over its rows. Everything by address, so it
works without a script."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from lms.content.expression import ExpressionError, evaluate, names, parse
from lms.lab.model.export import FIGURES, FORMATS, PLATFORMS, Export, ExportRow, total

SORTS = ("number", *FIGURES)
PAID = ("paid", "unpaid")
SIGNS = {"×": "*", "·": "*", "÷": "/", ",": ".", "−": "-", "–": "-"}


@dataclass(frozen=True)
class View:
    """What the address asks for; "" where it asks for nothing."""

    platform: str
    format: str
    paid: str
    sort: str
    formula: str

    @classmethod
    def of(cls, args: MultiDict[str, str]) -> View:
        def one(name: str, allowed: Sequence[str]) -> str:
            value = args.get(name, "")
            return value if value in allowed else ""

        formula = args.get("formula", "").strip()[:120]
        return cls(one("platform", PLATFORMS), one("format", FORMATS), one("paid", PAID), one("sort", SORTS), formula)

    def rows(self, data: Export) -> list[ExportRow]:
        """Those that pass the filters; largest first where a figure sorts them."""
        kept = [row for row in data.rows if self._passes(row)]
        if self.sort in ("", "number"):
            return kept
        return sorted(kept, key=lambda row: -(row.figure(self.sort) or 0))

    def _passes(self, row: ExportRow) -> bool:
        paid = not self.paid or (self.paid == "paid") == bool(row.spend)
        return self.platform in ("", row.platform) and self.format in ("", row.format) and paid


@dataclass(frozen=True)
class Worked:
    """A formula over rows. by_row: number of the row -> value; of_sums: from the sums; mean: of the rows' values;
    error: why nothing could be worked out, "" where it could."""

    by_row: Mapping[int, float]
    of_sums: float | None
    mean: float | None
    error: str


def work_out(formula: str, rows: Sequence[ExportRow], language: str) -> Worked | None:
    """None without a formula."""
    if not formula:
        return None
    try:
        tree = parse("".join(SIGNS.get(sign, sign) for sign in formula))
    except ExpressionError as error:
        return Worked({}, None, None, error.text.get(language))
    if unknown := sorted(names(tree) - set(FIGURES)):
        return Worked({}, None, None, ", ".join(unknown))
    results = dict[int, float]()
    for row in rows:
        figures = {name: row.figure(name) for name in names(tree)}
        if None not in figures.values():
            value = _value(tree, {name: float(figure or 0) for name, figure in figures.items()})
            results |= {} if value is None else {row.number: value}
    sums = {name: float(total(rows, name)) for name in names(tree)}
    return Worked(results, _value(tree, sums), sum(results.values()) / len(results) if results else None, "")


def _value(tree: ast.expr, figures: Mapping[str, float]) -> float | None:
    try:
        return evaluate(tree, figures)
    except ExpressionError:
        return None
