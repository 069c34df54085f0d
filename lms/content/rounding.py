"""Rounding as people do it by hand: a half goes away from zero, also where a binary fraction falls just short of it."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal

DIGITS = 12  # that a float's value is taken at its word for; what comes after them is noise of the calculation
_context = Context(prec=400)


def rounded(value: float, places: int) -> float:
    """`value` to so many places (negative: tens, hundreds): 6.85 -> 6.9, 2232.5 -> 2233, -0.5 -> -1."""
    return _quantised(value, places, ROUND_HALF_UP)


def cut(value: float, places: int) -> float:
    """`value` without what stands after so many places."""
    return _quantised(value, places, ROUND_DOWN)


def _quantised(value: float, places: int, how: str) -> float:
    exact = Decimal(f"{value:.{DIGITS}g}")
    return float(exact.quantize(Decimal(1).scaleb(-places), rounding=how, context=_context))
