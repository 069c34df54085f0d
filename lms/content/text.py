"""The languages of content, of which two are equal, and a short text in both."""

from __future__ import annotations

from typing import Literal

from lms.competency.words import Words

LANGUAGES = ("hy", "en")
EQUAL = ("hy", "en")  # content has both; what a further language lacks stops no file, since it comes little by little
Text = Words  # the framework below knows the same texts


def lack(*languages: str) -> Literal["error", "warning"]:
    """How grave it is that a text is absent in these languages."""
    return "error" if set(languages) & set(EQUAL) else "warning"
