"""What each minimum of a role gets from the work samples that there are, which `docs/measurement.md` tells."""

from collections import Counter

from lms.learn.work_units import work_units
from tests.framework import CUTS, SHIPPED


def test_every_minimum_of_the_manager_is_shown_by_some_work_sample():
    units = list(work_units(SHIPPED.tree, CUTS))
    shown = Counter(unit.sub for unit in units)
    role = SHIPPED.role("smm_manager")
    least = {"time_management.planning": 1, "communication.reviews": 2, "communication.moderation_crisis": 2}
    assert role and all(shown[key] >= least.get(key, 1) for key in role.critical)
    assert all(unit.performance and unit.category == -1 for unit in units)
    rated = {unit.sub for unit in units if unit.human_raters}
    assert "communication.reviews" in rated and "time_management.planning" not in rated
