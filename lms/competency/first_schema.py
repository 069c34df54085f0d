"""The skill matrix of the first release, which revisions in older data folders still hold.

Its numbers for cuts and gates were read by nobody: that release judged by constants of its code. They stand here so
that what was judged by them can be replayed; they are history and never change with the framework of today.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lms.competency.cuts import PROVISIONAL, Cuts
from lms.competency.framework import (
    DecisionRule,
    EvidenceGate,
    Framework,
    Gates,
    LevelDescriptor,
    Precision,
    Role,
    Skill,
    SubCompetency,
)
from lms.competency.words import Words

CUTS = Cuts(PROVISIONAL, (-1.5, -0.5, 0.5, 1.5, 2.5))
PRECISION = Precision(0.65, 0.9)
DECISION = DecisionRule(0.95, 1)
SUB_GATES = {1: (1,), 2: (3,), 3: (4, 0, 1), 4: (6, 0, 2, 1), 5: (6, 0, 2, 1, 1)}
SKILL_GATES = {1: (1,), 2: (4, 2), 3: (6, 3, 1), 4: (10, 3, 2, 1), 5: (10, 3, 2, 1, 1)}
GATES = Gates(
    {level: EvidenceGate(*counts) for level, counts in SUB_GATES.items()},
    {level: EvidenceGate(*counts) for level, counts in SKILL_GATES.items()},
)


def from_first_schema(data: Mapping[str, Any]) -> Framework:
    """The framework that a file of schema 1 stood for. KeyError or TypeError where it is none."""
    return Framework(
        version=str(data["version"]),
        title=_words(data["title"]),
        levels=tuple(LevelDescriptor(it["level"], _words(it["name"]), _words(it["meaning"])) for it in data["levels"]),
        cuts=CUTS,
        precision=PRECISION,
        gates=GATES,
        decision=DECISION,
        skills=tuple(_skill(entry) for entry in data["skills"]),
        roles=tuple(_role(entry) for entry in data["roles"]),
        blueprints=(),
    )


def _skill(entry: Mapping[str, Any]) -> Skill:
    subs = tuple(_sub(sub) for sub in entry["sub_competencies"])
    return Skill(entry["id"], _words(entry["name"]), _words(entry["description"]), subs)


def _sub(entry: Mapping[str, Any]) -> SubCompetency:
    levels = {level: _words(text) for level, text in entry["levels"].items()}
    ask, months = _words(entry.get("interview", {})), float(entry["evidence_valid_months"])
    return SubCompetency(entry["id"], _words(entry["name"]), ask, months, levels)


def _role(entry: Mapping[str, Any]) -> Role:
    required, weights, critical = (dict(entry[name]) for name in ("required", "weights", "critical"))
    return Role(entry["id"], _words(entry["name"]), _words(entry["note"]), required, weights, critical)


def _words(entry: Mapping[str, str]) -> Words:
    return Words(str(entry.get("hy", "")), str(entry.get("en", "")))
