"""All that an object of the content holds, as a text that says the same of its twin."""

from __future__ import annotations

import re

SETS = re.compile(r"(?<=frozenset\(\{)[^{}]*(?=\}\))")


def told(thing: object) -> str:
    """Sets in one order, and no places in memory."""
    words = re.sub(r" at 0x\w+", "", repr(thing))
    return SETS.sub(lambda match: ", ".join(sorted(match[0].split(", "))), words)
