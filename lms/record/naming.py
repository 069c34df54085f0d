"""What skills, sub-competencies, levels and kinds of answers are called."""

from __future__ import annotations

from flask_babel import gettext as _

from lms import shelf


def cell_names(language: str) -> dict[str, str]:
    """Names by key, for the six skills and their sub-competencies."""
    return {key: name.get(language) for key, name in shelf.reference().matrix.names.items()}


def level_names(language: str) -> dict[int, str]:
    return {int(entry["level"]): str(entry["name"][language]) for entry in shelf.reference().matrix.levels}


def descriptor(key: str, level: int, language: str) -> str:
    """What a person at that level of a sub-competency does; empty for a skill or an unknown level."""
    sub = shelf.reference().matrix.sub_competencies.get(key, {})
    return str(sub.get("levels", {}).get(level, {}).get(language, ""))


def kind_names() -> dict[str, str]:
    """Question types, in the reader's language."""
    return {
        "single": _("one answer"),
        "multiple": _("several answers"),
        "ordering": _("ordering"),
        "matching": _("matching"),
        "numeric": _("calculation"),
        "short": _("short text"),
        "cloze": _("text with gaps"),
        "judgement": _("judging a situation"),
        "categorising": _("sorting into groups"),
    }
