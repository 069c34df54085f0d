"""The demonstration: an invented agency whose people have been learning for three weeks.

Nothing of it is painted on: each answer is given through the same attempts, marks and evidence as a real person's.
"""

from __future__ import annotations

from lms.demo.history import is_missing, seed

__all__ = ["is_missing", "seed"]
