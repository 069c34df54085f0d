"""Typed access to front matter and item yaml: a wrong value becomes a ContentError at its own line."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from lms.content.errors import ContentError
from lms.content.text import LANGUAGES, Text


class Fields:
    """The keys of one yaml block; `line` is the line of its first key in `path`."""

    def __init__(self, data: Mapping[str, Any], path: str, line: int, source: str) -> None:
        self.data, self.path, self.line, self.source = data, path, line, source

    def error(self, name: str, message: str, code: str = "schema") -> ContentError:
        """The error to raise about key `name`."""
        match = re.search(rf"^{re.escape(name)}\s*:", self.source, re.MULTILINE)
        line = self.line + (self.source.count("\n", 0, match.start()) if match else 0)
        return ContentError(self.path, line, f"{name}: {message}", code)

    def only(self, allowed: Iterable[str]) -> None:
        """Refuse keys outside `allowed`, so that a misspelt key is never ignored."""
        for name in self.data:
            if name not in set(allowed):
                raise self.error(name, "unknown key")

    def given(self, name: str) -> Any:
        """The value of a required key."""
        if self.data.get(name) is None:
            raise self.error(name, "has no value" if name in self.data else "is missing")
        return self.data[name]

    def string(self, name: str, pattern: str = r"(?s).*\S.*", like: str = "some text") -> str:
        """A required text that matches `pattern` as a whole; `like` is an example of one."""
        value = self.given(name)
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise self.error(name, f"{value!r}, expected {like}")
        return value

    def optional(self, name: str, pattern: str = r"(?s).*\S.*", like: str = "some text") -> str | None:
        """A text, or None when the key is absent or null."""
        return None if self.data.get(name) is None else self.string(name, pattern, like)

    def choice(self, name: str, allowed: Iterable[str]) -> str:
        """One of the words in `allowed`."""
        value = self.given(name)
        if value not in (names := tuple(allowed)):
            raise self.error(name, f"{value!r} is none of {', '.join(names)}")
        return str(value)

    def number(self, name: str, low: float, high: float) -> float:
        """A number in [low, high]."""
        value = self.given(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.error(name, f"{value!r} is not a number from {low:g} to {high:g}")
        return float(value)

    def integer(self, name: str, low: int, high: int) -> int:
        """A whole number in [low, high]."""
        value = self.given(name)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.error(name, f"{value!r} is not a whole number from {low} to {high}")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """true or false."""
        value = self.data.get(name, default)
        if not isinstance(value, bool):
            raise self.error(name, "must be true or false")
        return value

    def date(self, name: str) -> dt.date:
        """A date written as 2026-11-23."""
        value = self.given(name)
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
            raise self.error(name, f"{value!r} is not a date such as 2026-11-23")
        return value

    def strings(self, name: str, required: bool = False) -> tuple[str, ...]:
        """A list of non-empty texts; absent means empty unless `required`."""
        value = self.data.get(name)
        if value is None and not required:
            return ()
        if not isinstance(value, list) or not all(isinstance(entry, str) and entry.strip() for entry in value):
            raise self.error(name, "must be a list of texts; quote an entry that holds `: ` or begins with a sign")
        if required and not value:
            raise self.error(name, "must not be empty")
        return tuple(value)

    def text(self, name: str) -> Text:
        """A mapping {hy: …, en: …}."""
        value = self.data.get(name)
        if not isinstance(value, dict) or not all(isinstance(value.get(lang), str) for lang in LANGUAGES):
            raise self.error(name, "must hold a text for hy and for en", "missing-language")
        return Text(**{lang: value[lang] for lang in LANGUAGES})
