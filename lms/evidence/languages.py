"""Whether questions are equally hard in both languages, as the room that holds their figures says it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from flask import Flask, current_app


@dataclass(frozen=True)
class LanguageStatus:
    """Of so many questions (all), compared had enough answers in each language to tell a level's difference; differ
    turned out harder in one of them."""

    all: int
    compared: int = 0
    differ: int = 0


Compare = Callable[[int, Collection[str]], LanguageStatus]  # of an organisation's answers to these questions


def say_language_status(app: Flask, compare: Compare) -> None:
    app.extensions["evidence_languages"] = compare


def language_status(organisation_id: int, keys: Collection[str]) -> LanguageStatus:
    """keys: of items."""
    compare: Compare | None = current_app.extensions.get("evidence_languages")
    return compare(organisation_id, keys) if compare else LanguageStatus(len(keys))
