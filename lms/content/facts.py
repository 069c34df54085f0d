"""A platform fact as a reader sees it: value with unit, date, and a warning when it is due for review."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from lms.content.reference_entries import Fact
from lms.content.text import Text
from lms.formats import format_day, format_number

UNITS = {
    "characters": Text(hy="նշան", en="characters"),
    "hashtags": Text(hy="հեշթեգ", en="hashtags"),
    "pixels": Text(hy="փիքսել", en="pixels"),
    "seconds": Text(hy="վայրկյան", en="seconds"),
    "slides": Text(hy="սլայդ", en="slides"),
    "people": Text(hy="մարդ", en="people"),
    "tags": Text(hy="պիտակ", en="tags"),
    "ratio": Text(hy="", en=""),
}
ARMENIAN_ENDING = "(?:ն?եր)?(?:ը|ն|ի|ին|ից|ով|ում)?"
UNSETTLED = Text(hy="աղբյուրները տարբեր են", en="sources differ")
UNDATED = Text(hy="առանց ամսաթվի", en="undated")
DUE = Text(hy="ստուգման ժամկետն անցել է", en="due for review")


def snapshot(fact: Fact, today: dt.date | None = None) -> dict[str, Any]:
    """The JSON-able value that an attempt stores: value, unit, as_of (ISO or None), due (False without a day)."""
    as_of = fact.as_of.isoformat() if fact.as_of else None
    due = fact.is_due(today) if today else False
    return {"value": fact.value, "unit": fact.unit, "as_of": as_of, "due": due}


def value_text(fact: Mapping[str, Any], language: str, written: str = "") -> str:
    """«2200 նշան», "63,206 characters"; words when the sources do not agree on a value. `written` is the unit in the
    author's own words, which then stands in place of ours."""
    value = fact["value"]
    if value is None:
        return UNSETTLED.get(language)
    shown = format_number(value, language) if isinstance(value, int | float) else str(value)
    return f"{shown} {written or _unit(fact, language)}".strip()


def unit_ahead(fact: Mapping[str, Any], language: str, after: str) -> tuple[str, str]:
    """(unit, rest) of the text behind a fact: its unit where the author wrote it there once more, in any case."""
    unit = _unit(fact, language)
    if not unit or fact["value"] is None:
        return "", after
    ending = ARMENIAN_ENDING if language == "hy" else "s?"
    stem = unit if language == "hy" else unit.removesuffix("s")
    match = re.match(rf"\s+({re.escape(stem)}{ending})(?!\w)", after, re.IGNORECASE)
    return (match[1], after[match.end() :]) if match else ("", after)


def _unit(fact: Mapping[str, Any], language: str) -> str:
    unit = UNITS.get(fact["unit"] or "")
    return unit.get(language) if unit else ""


def date_text(fact: Mapping[str, Any], language: str) -> str:
    """«2026 թ. հունվարի 1» or "1 January 2026", with the warning when the fact is due."""
    date = format_day(dt.date.fromisoformat(fact["as_of"]), language) if fact["as_of"] else UNDATED.get(language)
    return f"{date}, {DUE.get(language)}" if fact.get("due") else date
