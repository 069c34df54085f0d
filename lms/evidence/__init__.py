"""Evidence of a person, parameters of items, the matrix as of a date."""

from __future__ import annotations

from flask import Flask

from lms import publishing
from lms.evidence import commands, framework_commands
from lms.evidence.counted import (
    Counted,
    before_removal,
    counted,
    counted_people,
    forget_count,
    mark_counted,
    release,
    uncounted,
    voids_until,
)
from lms.evidence.evidence import (
    Answer,
    Sitting,
    answered_keys,
    mark_seen,
    mark_shown,
    people_with_evidence,
    record_answers,
    seen_keys,
    unsee,
    withdraw,
)
from lms.evidence.frameworks import add_edition, editions_of, framework, newest_edition, overlay_in, version_data
from lms.evidence.languages import LanguageStatus, language_status, say_language_status
from lms.evidence.matrix import (
    history,
    matrices_at,
    matrices_of,
    matrix_of,
    observations,
    rescored,
    rules,
    rules_for,
    skills,
)
from lms.evidence.outdated_sums import Outdated, basis_of, mark_summed, note_change, outdated, settled
from lms.evidence.parameters import calibrated_answers, current_set, current_set_id, drifts, parameters, prior, units
from lms.evidence.skill_estimates import estimates_of
from lms.evidence.trials import KNOWN, Trial, record_trials, trial_of, wanted_trials
from lms.evidence.voids import VoidVerdict, add_void, counts, supposing, void_rows, voids_for
from lms.evidence.work import (
    PERIOD,
    WorkShown,
    counted_since,
    counts_as_evidence,
    record_work,
    withdraw_work,
    work_rows,
)

__all__ = [
    "KNOWN",
    "PERIOD",
    "Answer",
    "Counted",
    "LanguageStatus",
    "Outdated",
    "Sitting",
    "Trial",
    "VoidVerdict",
    "WorkShown",
    "add_edition",
    "add_void",
    "answered_keys",
    "basis_of",
    "before_removal",
    "calibrated_answers",
    "counted",
    "counted_people",
    "counted_since",
    "counts",
    "counts_as_evidence",
    "current_set",
    "current_set_id",
    "drifts",
    "editions_of",
    "estimates_of",
    "forget_count",
    "framework",
    "history",
    "language_status",
    "mark_counted",
    "mark_seen",
    "mark_shown",
    "mark_summed",
    "matrices_at",
    "matrices_of",
    "matrix_of",
    "newest_edition",
    "note_change",
    "observations",
    "outdated",
    "overlay_in",
    "parameters",
    "prior",
    "record_answers",
    "record_trials",
    "record_work",
    "release",
    "rescored",
    "rules",
    "rules_for",
    "say_language_status",
    "seen_keys",
    "settled",
    "skills",
    "supposing",
    "trial_of",
    "uncounted",
    "units",
    "unsee",
    "version_data",
    "void_rows",
    "voids_for",
    "voids_until",
    "wanted_trials",
    "withdraw",
    "withdraw_work",
    "work_rows",
]


def init_app(app: Flask) -> None:
    commands.init_app(app)
    publishing.count_people_with(app, people_with_evidence)
    app.cli.add_command(framework_commands.commands)
