"""The climb to the top of the likelihood."""

import numpy as np

from lms.psychometrics.maximise import STRIDE, _Mixing


def test_residuals_that_point_the_same_way_are_not_mixed_beyond_a_stride():
    """Mean and log deviation of a population, as anchors that 200 people had answered once gave them: the third mixing
    led to a mean of 87 and a deviation of 1e-290, whose square is no number."""
    past = _Mixing()
    for image, residual in (
        ([0.01185571, -0.03107067], [0.16766506, -0.62141348]),
        ([0.02022918, -0.05855996], [0.12215614, -0.54978581]),
        ([0.06702315, -0.24032650], [-0.09715219, -0.20458916]),
    ):
        past.add(np.array(image), np.array(residual))
    assert np.abs(past.mixed() - past.images[-1]).max() == STRIDE


def test_residuals_that_cancel_are_mixed_to_their_root():
    past = _Mixing()
    for at in (0.0, 1.0):  # half the way to 3 each time
        past.add(np.array([(at + 3) / 2]), np.array([(3 - at) / 2]))
    assert past.mixed() == 3
