"""The two equal languages, and a short text in both."""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = ("hy", "en")


@dataclass(frozen=True)
class Text:
    """One short text in both languages."""

    hy: str
    en: str

    def get(self, language: str) -> str:
        """The text in `language`; in Armenian where that one has none."""
        return str(getattr(self, language, "")) or self.hy
