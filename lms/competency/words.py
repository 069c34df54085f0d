"""A short text in the two equal languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """One short text in both languages."""

    hy: str
    en: str

    def get(self, language: str) -> str:
        """The text in `language`; in Armenian where that one has none."""
        return str(getattr(self, language, "")) or self.hy

    def filled(self, **values: str) -> Words:
        """Both texts with every `{name}` replaced; other braces stay as they are."""
        hy, en = self.hy, self.en
        for name, value in values.items():
            hy, en = hy.replace(f"{{{name}}}", value), en.replace(f"{{{name}}}", value)
        return Words(hy=hy, en=en)
