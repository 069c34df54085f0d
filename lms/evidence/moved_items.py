"""Which items a calibration moved, and which anchors drift, as its report and its set of parameters tell them."""

from __future__ import annotations

from typing import Any

import numpy as np

from lms.evidence.calibration import SkillRun

EASIER, HARDER = "more people were right than expected", "fewer people were right than expected"


MOVED = 0.05  # logits or relative slope below which a change is not worth telling


def drifted(run: SkillRun) -> list[dict[str, Any]]:
    """The anchors that moved since the set before, the surest first; change: levels by which they are harder."""
    return [
        {
            "item": run.before[drift.column].name,
            "revision": run.revisions[drift.column],
            "answers": drift.n,
            "change": round(drift.change, 2),
            "error": round(drift.error, 2),
        }
        for drift in run.drifting
    ]


def moved(run: SkillRun) -> list[dict[str, Any]]:
    """The items whose difficulty or slope changed, largest shift first, each with the reason."""
    away = {drift.column for drift in run.drifting}
    lines = [_line(run, index) for index in range(len(run.revisions)) if not run.anchors[index] and index not in away]
    notable = [line for line in lines if abs(line["shift"]) >= MOVED or abs(line["slope"] - 1) >= MOVED]
    return sorted(notable, key=lambda line: -abs(line["shift"]))


def _line(run: SkillRun, index: int) -> dict[str, Any]:
    before, after, n = run.before[index], run.after[index], run.answers[index]
    return {
        "item": after.name,
        "revision": run.revisions[index],
        "skill": run.skill,
        "answers": n,
        "before": round(float(np.mean(before.b)), 3),
        "after": round(float(np.mean(after.b)), 3),
        "shift": round(float(np.mean(after.b) - np.mean(before.b)), 3),
        "slope": round(after.a / before.a, 3),
        "why": "; ".join(
            filter(None, (EASIER if np.mean(after.b) < np.mean(before.b) else HARDER, run.result.notes.get(after.name)))
        ),
    }
