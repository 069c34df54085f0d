"""What the pages of a task need to know of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lms.lab.model.log import Form
from lms.lab.models import LabRun


@dataclass(frozen=True)
class Screen:
    """page, result: templates. step: what a step's page shows (run, play, step, its form); missing: one sentence for a
    decision that still lacks, by its name; outcome: what the result page shows beyond the steps (run, play, found);
    first_form: what a step's page is filled with."""

    page: str
    result: str
    step: Callable[[LabRun, Any, int, Form], Mapping[str, Any]]
    missing: Callable[[str], str]
    outcome: Callable[[LabRun, Any, Mapping[str, Any]], Mapping[str, Any]]
    first_form: Callable[[Any, int], Form] = lambda play, step: play.form(step)
