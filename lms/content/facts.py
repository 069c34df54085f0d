"""A platform fact as a reader sees it: value with unit, date, and a warning when it is due for review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from lms.content.numbers import format_number
from lms.content.reference import Fact
from lms.content.text import Text

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
MONTHS = Text(
    hy="հունվարի փետրվարի մարտի ապրիլի մայիսի հունիսի հուլիսի օգոստոսի սեպտեմբերի հոկտեմբերի նոյեմբերի դեկտեմբերի",
    en="January February March April May June July August September October November December",
)
UNSETTLED = Text(hy="աղբյուրները տարբեր են", en="sources differ")
UNDATED = Text(hy="առանց ամսաթվի", en="undated")
DUE = Text(hy="ստուգման ժամկետն անցել է", en="due for review")


def snapshot(fact: Fact, today: dt.date | None = None) -> dict[str, Any]:
    """The JSON-able value that an attempt stores: value, unit, as_of (ISO or None), due (False without a day)."""
    as_of = fact.as_of.isoformat() if fact.as_of else None
    due = fact.is_due(today) if today else False
    return {"value": fact.value, "unit": fact.unit, "as_of": as_of, "due": due}


def value_text(fact: Mapping[str, Any], language: str) -> str:
    """«2200 նշան», "63,206 characters"; words when the sources do not agree on a value."""
    value, unit = fact["value"], UNITS.get(fact["unit"] or "")
    if value is None:
        return UNSETTLED.get(language)
    shown = format_number(value, language) if isinstance(value, int | float) else str(value)
    return f"{shown} {unit.get(language)}".strip() if unit else shown


def date_text(fact: Mapping[str, Any], language: str) -> str:
    """«2026 թ. հունվարի 1» or "1 January 2026", with the warning when the fact is due."""
    day = dt.date.fromisoformat(fact["as_of"]) if fact["as_of"] else None
    if day is None:
        date = UNDATED.get(language)
    else:
        month = MONTHS.get(language).split()[day.month - 1]
        date = f"{day.year} թ. {month} {day.day}" if language == "hy" else f"{day.day} {month} {day.year}"
    return f"{date}, {DUE.get(language)}" if fact.get("due") else date
