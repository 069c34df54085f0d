"""The one competency framework: skills, levels, cuts, gates, ageing, roles, blueprints, and what is said by them."""

from lms.competency.blueprint import TestBlueprint
from lms.competency.cuts import CutRecord, Cuts
from lms.competency.edition import Overlay, checked, effective, overlay_data, overlay_of, read_overlay
from lms.competency.framework import EMPTY, Framework, Role
from lms.competency.problems import FrameworkError, Problem
from lms.competency.read import read_framework
from lms.competency.scoring import level_rules, role_profiles
from lms.competency.statement import LevelStatement, MatrixStatement, on_scale, state, state_matrix, state_skills
from lms.competency.words import Words

__all__ = [
    "EMPTY",
    "CutRecord",
    "Cuts",
    "Framework",
    "FrameworkError",
    "LevelStatement",
    "MatrixStatement",
    "Overlay",
    "Problem",
    "Role",
    "TestBlueprint",
    "Words",
    "checked",
    "effective",
    "level_rules",
    "on_scale",
    "overlay_data",
    "overlay_of",
    "read_framework",
    "read_overlay",
    "role_profiles",
    "state",
    "state_matrix",
    "state_skills",
]
