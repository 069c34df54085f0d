"""What is wrong with a framework's file, told with line and key in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lms.competency.words import Words


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with a file. line counts from 1; key: the way down to it, such as `roles.smm_manager.weights`."""

    line: int
    key: str
    message: str
    armenian: str = field(default="", compare=False)

    @classmethod
    def bilingual(cls, line: int, key: str, words: Words) -> Problem:
        """The problem in both languages."""
        return cls(line, key, words.en, words.hy)

    def said(self, language: str) -> str:
        """key: message, in the author's language."""
        return f"{self.key}. {self.armenian}" if language == "hy" and self.armenian else f"{self.key}: {self.message}"


class FrameworkError(ValueError):
    """The text is no framework; `problems` in the order of the lines."""

    def __init__(self, problems: Iterable[Problem], path: str = "") -> None:
        self.problems, self.path = tuple(sorted(problems)), path
        super().__init__(self.said("en"))

    def said(self, language: str) -> str:
        """A line of path:line: key: message for each problem, in the author's language."""
        return "\n".join(f"{self.path}:{problem.line}: {problem.said(language)}" for problem in self.problems)
