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

    def filled(self, **values: str) -> Text:
        """Both texts with every `{name}` replaced; other braces stay as they are."""
        hy, en = self.hy, self.en
        for name, value in values.items():
            hy, en = hy.replace(f"{{{name}}}", value), en.replace(f"{{{name}}}", value)
        return Text(hy=hy, en=en)
