"""A drawn calculation, and what a typed number is worth in it."""

from __future__ import annotations

from collections.abc import Iterator

from lms.content.number_reading import in_unit
from lms.content.questions.values import Instance
from lms.content.rounding import cut, rounded


class Calculation(Instance, frozen=True, kw_only=True):
    """The numbers drawn, the right result rounded to `decimals`, and the results of the named wrong formulas."""

    inputs: dict[str, float]
    answer: float
    wrong: dict[str, float]
    unit: str
    decimals: int


def meant(instance: Calculation, value: str) -> tuple[float, ...]:
    """The numbers that were typed; none in another unit than the question's, where that is a unit one can know."""
    return in_unit(value, instance.unit)


def _tolerance(decimals: int) -> float:
    return max(0.01, 0.5 * 10.0**-decimals) + 1e-9


def wrong_formulas(instance: Calculation, number: float) -> Iterator[str]:
    for name, result in instance.wrong.items():
        if abs(number - result) <= _tolerance(instance.decimals) and result:
            yield name


def credit_of(instance: Calculation, number: float) -> float:
    answer, decimals = instance.answer, instance.decimals
    if abs(number - rounded(answer, decimals)) <= _tolerance(decimals):
        return 1.0
    unit_slip = instance.unit == "percent" and _near(number * 100, answer, 0.15, 0.5)
    if unit_slip:
        return 0.5
    if any(wrong_formulas(instance, number)):
        return 0.0
    return 0.5 if any(_near(number, coarse, 0.0, 1e-9) for coarse in _coarser(answer, decimals)) else 0.0


def _coarser(answer: float, decimals: int) -> Iterator[float]:
    """The answer cut instead of rounded, or rounded one or two places too early, within 5 %."""
    for places in (decimals, decimals - 1, decimals - 2):
        for value in (cut(answer, places), rounded(answer, places)):
            if abs(value - answer) <= 0.05 * abs(answer):
                yield value


def _near(number: float, target: float, relative: float, absolute: float) -> bool:
    """Within the relative bound when one is given, and within the absolute one."""
    distance = abs(number - target)
    return distance <= absolute and (not relative or distance <= relative * abs(target))
