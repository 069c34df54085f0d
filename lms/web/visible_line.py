"""Names as they may be kept: one line that a reader can see."""

from __future__ import annotations

import re
import unicodedata

# What has no picture of its own, beside the categories below: fillers, a blank braille cell, variation selectors.
UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f]")
NOT_WRITING = {"Cc", "Cf", "Cs", "Co", "Cn"}  # controls, direction overrides, zero width, private, unassigned
ACCENTS = re.compile(r"(\S)([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0]{4,})")
MOST_ACCENTS = 3  # on one letter; more of them run over the lines above and below


def visible_line(text: str | None) -> str:
    """`text` on one line, composed, without signs that nobody sees; "" where no letter or digit is left.

    A joiner between two letters stays: Persian and Indic names need it.
    """
    composed = unicodedata.normalize("NFC", text or "")
    padded = f" {composed} "
    kept = (sign for place, sign in enumerate(composed) if _is_seen(padded, place, sign))
    line = " ".join("".join(kept).split())
    line = ACCENTS.sub(lambda match: match[1] + match[2][:MOST_ACCENTS], line)
    return line if any(unicodedata.category(sign)[0] in "LN" for sign in line) else ""


def _is_seen(padded: str, place: int, sign: str) -> bool:
    """`padded` has a space before and after, so that `place` is the sign before this one."""
    if sign in "\u200c\u200d":
        return all(
            unicodedata.category(other)[0] in "LM" and not other.isascii()
            for other in (padded[place], padded[place + 2])
        )
    if UNSEEN.match(sign):
        return False
    return sign.isspace() or unicodedata.category(sign) not in NOT_WRITING
