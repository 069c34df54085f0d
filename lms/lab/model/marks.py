"""From a task's scores to what is stored of it: 0 is chance and 1 a good professional, in every task."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

CUTS = (0.25, 0.5, 0.75)  # of a sub-competency's mean score x: below the first is category 0, from the last on 3
DIGITS = 6  # of stored numbers: enough to recompute them on every machine
Places = Mapping[str, tuple[int, str]]  # score -> (step, sub-competency; "" where it is shown to learners only)


def choice(right: bool, options: int) -> float:
    """One of so many options, against a guess: 1 right, a guess is worth 0 on the mean."""
    return 1.0 if right else -1 / (options - 1)


def by_sub(scores: Mapping[str, float | None], places: Places) -> dict[str, float]:
    """x of each sub-competency: the mean of its scores, not clipped."""
    grouped: dict[str, list[float]] = {}
    for name, score in scores.items():
        if score is not None and places[name][1]:
            grouped.setdefault(places[name][1], []).append(score)
    return {sub: float(np.mean(each)) for sub, each in sorted(grouped.items())}


def units(scores: Mapping[str, float | None], places: Places) -> dict[str, int]:
    """Category 0..3 of each sub-competency by `CUTS`: the stated mapping of every work sample, provisional."""
    return {sub: sum(x >= cut for cut in CUTS) for sub, x in by_sub(scores, places).items()}


def steps(scores: Mapping[str, float | None], places: Places) -> dict[str, float]:
    """Mean of each step that has scores, by its number as text."""
    grouped: dict[int, list[float]] = {}
    for name, score in scores.items():
        if score is not None:
            grouped.setdefault(places[name][0], []).append(score)
    return {str(step): float(np.mean(each)) for step, each in sorted(grouped.items())}


def canonical(outcome: Mapping[str, Any]) -> str:
    """An outcome as it is stored: the same text for the same log, byte for byte."""
    return json.dumps(outcome, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def rounded(value: Any) -> Any:
    """With every number of it as it is stored."""
    if isinstance(value, dict):
        return {name: rounded(each) for name, each in value.items()}
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return round(float(value), DIGITS) + 0.0 if isinstance(value, float) else value


def outcome(version: str, scores: Mapping[str, float | None], places: Places, **other: Any) -> dict[str, Any]:
    """What a short task's outcome says, as JSON takes it."""
    outcome = {"model": version, "scores": dict(scores), "steps": steps(scores, places), "units": units(scores, places)}
    return dict(rounded({**outcome, **other}))
