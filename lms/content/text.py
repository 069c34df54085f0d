"""The two equal languages, and a short text in both."""

from __future__ import annotations

from lms.competency.words import Words

LANGUAGES = ("hy", "en")
Text = Words  # the framework below knows the same texts
