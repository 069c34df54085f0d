"""`flask simulate languages` in small: a planted difference comes out in the figures that the command prints."""

import numpy as np

from lms.learn.language_figures import differences, figures
from lms.psychometrics.items import ItemParameters, Items

ITEMS = Items.of([ItemParameters(1.0, (b,), 0.25, 0.4) for b in np.linspace(-1.5, 1.5, 8)])


def test_a_planted_difference_shows_and_none_does_not():
    rng = np.random.default_rng(5)
    planted, none = (
        figures([each for _ in range(2) for each in differences(ITEMS, 120, size, rng)], size) for size in (1.5, 0.0)
    )
    assert planted.difference > 0.6 > 0.4 > abs(none.difference)
    assert planted.shown > 0.4 and not none.shown and planted.power > none.power > 0.5
