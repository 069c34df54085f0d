"""The pages of the work samples: their addresses' beginning, and the ways that all kept work has."""

from __future__ import annotations

from flask import Blueprint

from lms.lab import runs
from lms.worklog.pages import Pages

bp = Blueprint("lab", __name__, url_prefix="/lab")
pages = Pages(runs.LOG, "lab.play", "lab.result", "run_id")
