"""What question types are called."""

from __future__ import annotations

from lms.content.questions import TYPES


def kind_names(language: str) -> dict[str, str]:
    """Names of the question types, in one language."""
    return {name: question.title.get(language) for name, question in TYPES.items()}
