"""Counts of the content as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from lms.content.model import Bank, Item, Library
from lms.content.prose import word_count
from lms.content.text import LANGUAGES


def stats(library: Library) -> dict[str, Any]:
    """{"totals", "courses", "banks", "types", "sub_competencies", "levels", "pools"}: words by course, module and
    language; items (without tables) by bank, type, sub-competency, level and pool."""
    items = [item for item in library.items.values() if item.answerable]
    courses = {name: _course(library, course.modules, name) for name, course in library.courses.items()}
    return {
        "totals": {
            "courses": len(library.courses),
            "modules": len(library.modules),
            "banks": len(library.banks),
            "items": len(items),
            "words": {lang: sum(course["words"][lang] for course in courses.values()) for lang in LANGUAGES},
        },
        "courses": courses,
        "banks": {path: _bank(bank) for path, bank in sorted(library.banks.items())},
        "types": _count(item.type for item in items),
        "sub_competencies": _count(item.sub for item in items),
        "levels": _count(str(item.level) for item in items),
        "pools": _count(item.pool for item in items),
    }


def _course(library: Library, names: Iterable[str], course: str) -> dict[str, Any]:
    modules = {name: _module(library, name) for name in names}
    return {
        "words": {lang: sum(module["words"][lang] for module in modules.values()) for lang in LANGUAGES},
        "items": sum(item.course == course and item.answerable for item in library.items.values()),
        "modules": modules,
    }


def _module(library: Library, name: str) -> dict[str, Any]:
    texts = library.modules[name].languages
    return {
        "words": {lang: word_count(texts[lang].body, lang) if lang in texts else 0 for lang in LANGUAGES},
        "items": sum(item.module == name and item.answerable for item in library.items.values()),
    }


def _bank(bank: Bank) -> dict[str, Any]:
    items: list[Item] = [item for item in bank.items if item.answerable]
    return {"pool": bank.pool, "items": len(items), "types": _count(item.type for item in items)}


def _count(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))
