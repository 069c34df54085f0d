"""Names of the arrays that this room passes around.

Shapes in docstrings: n items, N persons, M the most thresholds that any item has, Q quadrature points, S skills.
"""

import numpy as np
from numpy.typing import NDArray

TINY = 1e-300  # below any probability: keeps logarithms and ratios finite

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
