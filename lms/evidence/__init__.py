"""Evidence of a person, parameters of items, the matrix as of a date."""

from __future__ import annotations

from flask import Flask

from lms import publishing
from lms.evidence import commands
from lms.evidence.evidence import (
    Answer,
    Sitting,
    answered_keys,
    mark_seen,
    people_with_evidence,
    record_answers,
    seen_keys,
)
from lms.evidence.matrix import history, matrices_of, matrix_of, observations, rescored, rules, skills
from lms.evidence.parameters import calibrated_answers, current_set, parameters, units

__all__ = [
    "Answer",
    "Sitting",
    "answered_keys",
    "calibrated_answers",
    "current_set",
    "history",
    "mark_seen",
    "matrices_of",
    "matrix_of",
    "observations",
    "parameters",
    "record_answers",
    "rescored",
    "rules",
    "seen_keys",
    "skills",
    "units",
]


def init_app(app: Flask) -> None:
    commands.init_app(app)
    publishing.count_people_with(app, people_with_evidence)
