"""The shipped framework and its level rules, for tests that know no database. Evidence ages by the scorer's default."""

from __future__ import annotations

from dataclasses import replace

from lms.competency import level_rules, read_framework
from lms.config import ROOT

PATH = ROOT / "quizzes" / "reference" / "skill_matrix.yaml"
SHIPPED = read_framework(PATH.read_text("utf-8"), PATH.name)
RULES = replace(level_rules(SHIPPED), valid_months={})
CUTS = RULES.cuts
