"""A calibration's outcome as plain data, so that one process may compute it and another, who may write, keep it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lms.database import db
from lms.evidence.calibration import SkillRun
from lms.evidence.moved_items import drifted, moved
from lms.evidence.parameter_models import ItemParameter, ParameterSet

Draft = dict[str, list[dict[str, Any]]]


def draft_of(runs: Sequence[SkillRun]) -> Draft:
    """JSON-able: parameters of each revision (a, b, c, sd_b, n), and the items that moved and drifted."""
    return {
        "parameters": [line for run in runs for line in _parameters(run)],
        "moved": [line for run in runs for line in moved(run)],
        "drifted": [line for run in runs for line in drifted(run)],
    }


def _parameters(run: SkillRun) -> list[dict[str, Any]]:
    return [
        {"revision_id": revision, "n": n, "a": unit.a, "b": list(unit.b), "c": unit.c, "sd_b": unit.sd_b}
        for revision, n, unit in zip(run.revisions, run.answers, run.after, strict=True)
    ]


def store(draft: Draft, name: str, note: str) -> ParameterSet:
    """The draft as the new current set; the caller commits. The sets before stay as they are."""
    new_set = ParameterSet(name=name, note=note, moved=draft["moved"], drifted=draft["drifted"])
    db.session.add(new_set)
    db.session.flush()
    db.session.add_all(ItemParameter(set_id=new_set.id, origin="calibrated", **line) for line in draft["parameters"])
    return new_set


def write_set(name: str, note: str, runs: Sequence[SkillRun]) -> ParameterSet:
    return store(draft_of(runs), name, note)
