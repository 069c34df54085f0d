"""What skills, sub-competencies, levels and kinds of answers are called."""

from __future__ import annotations

from lms import publishing
from lms.content.questions import TYPES


def cell_names(language: str) -> dict[str, str]:
    """Names by key, for the six skills and their sub-competencies."""
    return {key: name.get(language) for key, name in publishing.reference().matrix.names.items()}


def level_names(language: str) -> dict[int, str]:
    return {int(entry["level"]): str(entry["name"][language]) for entry in publishing.reference().matrix.levels}


def descriptor(key: str, level: int, language: str) -> str:
    """What a person at that level of a sub-competency does; empty for a skill or an unknown level."""
    sub = publishing.reference().matrix.sub_competencies.get(key, {})
    return str(sub.get("levels", {}).get(level, {}).get(language, ""))


def kind_names(language: str) -> dict[str, str]:
    """Question types, in the reader's language."""
    return {name: question.title.get(language) for name, question in TYPES.items()}
