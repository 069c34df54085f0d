"""The words of W5 with a month's figures in them: names, questions and the four statements of step 4."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from lms.content.text import Text
from lms.formats import format_number
from lms.lab.briefs import words
from lms.lab.model import desk_questions, export
from lms.lab.model.desk_questions import DeskQuestions, showings
from lms.lab.model.export import Export
from lms.lab.wording import file, group, texts
from lms.web.i18n import language

FILE = "metrics_desk.yaml"
LISTS = {
    "columns": export.FIGURES,
    "notes": ("renamed", "viral"),
    "metrics": tuple(desk_questions.METRICS),
    "asked": ("rate", "pooled", "odd", "claim", "cheapest", "cost", "next", "proof"),
    "hints": ("engagement", "drams"),
    "odd": desk_questions.ODD,
    "claims": (*desk_questions.TRUE, *desk_questions.CLAIMS),
    "next": tuple(desk_questions.NEXT),
    "proof": tuple(desk_questions.PROOF),
    "slips": (*(name for wrong in desk_questions.WRONG.values() for name in wrong), *desk_questions.OTHER_SLIPS),
}


@cache
def _lists() -> Mapping[str, Mapping[str, Text]]:
    return {name: group(FILE, name, keys) for name, keys in LISTS.items()}


def say(name: str, key: str, **values: object) -> str:
    filled = _lists()[name][key].filled(**{each: str(value) for each, value in values.items()})
    return filled.get(language())


@cache
def _topics() -> tuple[Text, ...]:
    return texts(file(FILE)["topics"], f"{FILE}, topics", export.TOPICS)


def topic_name(at: int) -> str:
    return _topics()[at].get(language())


def format_name(name: str) -> str:
    return words()["formats"][name].get(language())


def number(value: float, digits: int = 0) -> str:
    return format_number(value, language(), digits)


def claim(data: Export, questions: DeskQuestions, kind: str) -> str:
    return say("claims", kind, **_CLAIMS[kind](data, questions))


def _most(data: Export, _asked: DeskQuestions) -> dict[str, object]:
    return {"row": max(data.rows, key=lambda row: row.reach).number}


def _formats(data: Export, questions: DeskQuestions) -> dict[str, object]:
    rates = {
        name: desk_questions.pooled([row for row in data.rows if row.format == name]) for name in questions.formats
    }
    better, worse = sorted(rates, key=lambda name: -rates[name])
    return {"better": format_name(better), "worse": format_name(worse)}


def _bought(data: Export, _asked: DeskQuestions) -> dict[str, object]:
    return {"count": export.total([row for row in data.rows if row.spend], "conversions")}


def _renamed(data: Export, _asked: DeskQuestions) -> dict[str, object]:
    return {"share": number(100 * (showings(data, late=True) / showings(data, late=False) - 1))}


def _small(data: Export, _asked: DeskQuestions) -> dict[str, object]:
    row = data.row(data.small)
    return {"row": row.number, "format": format_name(row.format), "rate": number(100 * row.engagement / row.reach)}


def _viral(data: Export, _asked: DeskQuestions) -> dict[str, object]:
    row = data.row(data.viral)
    return {"row": row.number, "topic": topic_name(row.topic), "reach": number(row.reach)}


_CLAIMS = {
    "most": _most,
    "formats": _formats,
    "bought": _bought,
    "renamed": _renamed,
    "small": _small,
    "viral": _viral,
}
