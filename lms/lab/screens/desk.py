"""The desk of W5: the export, its filter and formula, and the question of each step."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from flask import request
from flask_babel import gettext as _

from lms.content.text import Text
from lms.formats import format_number
from lms.lab.briefs import words
from lms.lab.model import desk as model
from lms.lab.model import export
from lms.lab.model.export import Export
from lms.lab.model.log import Form
from lms.lab.models import LabRun
from lms.lab.screens.base import Screen
from lms.lab.screens.desk_table import PAID, View, work_out
from lms.lab.wording import file, group, text, texts
from lms.web.i18n import language

FILE = "metrics_desk.yaml"
LISTS = {
    "columns": export.FIGURES,
    "notes": ("renamed", "viral"),
    "metrics": tuple(model.METRICS),
    "asked": ("rate", "pooled", "odd", "claim", "cheapest", "cost", "next", "proof"),
    "hints": ("engagement", "drams"),
    "odd": model.ODD,
    "claims": (*model.TRUE, *model.CLAIMS),
    "next": tuple(model.NEXT),
    "proof": tuple(model.PROOF),
    "slips": (*(name for wrong in model.WRONG.values() for name in wrong), *model.OTHER_SLIPS),
}


@cache
def _lists() -> Mapping[str, Mapping[str, Text]]:
    return {name: group(FILE, name, keys) for name, keys in LISTS.items()}


def _say(name: str, key: str, **values: object) -> str:
    filled = _lists()[name][key].filled(**{each: str(value) for each, value in values.items()})
    return filled.get(language())


@cache
def _topics() -> tuple[Text, ...]:
    return texts(file(FILE)["topics"], f"{FILE}, topics", export.TOPICS)


def _topic(at: int) -> str:
    return _topics()[at].get(language())


def _format(name: str) -> str:
    return words()["formats"][name].get(language())


def _number(value: float, digits: int = 0) -> str:
    return format_number(value, language(), digits)


def _step(run: LabRun, _play: model.Play, step: int, form: Form) -> dict[str, Any]:
    data, asked, view = export.draw(run.seed), model.ask(run.seed), View.of(request.args)
    rows = view.rows(data)
    return {
        "brand": text(file(FILE)["brand"], FILE).get(language()),
        "story": text(file(FILE)["about"], FILE).get(language()),
        "view": view,
        "rows": rows,
        "worked": work_out(view.formula, rows, language()),
        "columns": {name: _say("columns", name) for name in export.FIGURES},
        "sums": {name: export.total(rows, name) for name in export.FIGURES if name != "followers"},
        "topic": _topic,
        "platform_names": {name: words()["platforms"][name].get(language()) for name in export.PLATFORMS},
        "format_names": {name: _format(name) for name in export.FORMATS},
        "paid_names": dict(zip(PAID, (_("paid only"), _("unpaid only")), strict=True)),
        "day": lambda row: _("day %(number)s", number=row.day + 1),
        "note": lambda row: _note(data, row.number),
        "asked": {name: _say("asked", name, **_filling(data, asked, name)) for name in LISTS["asked"]},
        "questions": [name for name in LISTS["asked"] if model.SCORES[_score(name)][0] == step],
        "hint": lambda name: _say("hints", name),
        "options": _options(data, asked, step),
    }


def _note(data: Export, number: int) -> str:
    if number == data.viral:
        return _say("notes", "viral")
    return _say("notes", "renamed") if number == export.RENAMED + 1 else ""


def _filling(data: Export, asked: model.Questions, name: str) -> dict[str, object]:
    row, small = data.row(asked.row), data.row(data.small)
    if name == "rate":
        return {"row": asked.row, "topic": _topic(row.topic), "metric": _say("metrics", asked.metric)}
    if name == "pooled":
        return {"format": _format(asked.formats[0])}
    rate = _number(100 * small.engagement / small.reach)
    return {"row": small.number, "format": _format(small.format), "reach": small.reach, "rate": rate}


def _options(data: Export, asked: model.Questions, step: int) -> dict[str, list[tuple[str, str]]]:
    """Choices of the step, each with its place as the value."""
    found: Mapping[int, dict[str, list[str]]] = {
        3: {"odd": [_say("odd", kind, row=row) for kind, row in asked.odd]},
        4: {"claim": [_claim(data, asked, kind) for kind in asked.claims]},
        5: {"cheapest": [words()["platforms"][name].get(language()) for name in export.PLATFORMS]},
        6: {
            "next": [_say("next", name) for name in asked.next],
            "proof": [_say("proof", name) for name in asked.proof],
        },
    }
    return {name: [(str(at), each) for at, each in enumerate(every)] for name, every in found.get(step, {}).items()}


def _claim(data: Export, asked: model.Questions, kind: str) -> str:
    return _say("claims", kind, **_CLAIMS[kind](data, asked))


def _most(data: Export, _asked: model.Questions) -> dict[str, object]:
    return {"row": max(data.rows, key=lambda row: row.reach).number}


def _formats(data: Export, asked: model.Questions) -> dict[str, object]:
    rates = {name: model.pooled([row for row in data.rows if row.format == name]) for name in asked.formats}
    better, worse = sorted(rates, key=lambda name: -rates[name])
    return {"better": _format(better), "worse": _format(worse)}


def _bought(data: Export, _asked: model.Questions) -> dict[str, object]:
    return {"count": export.total([row for row in data.rows if row.spend], "conversions")}


def _renamed(data: Export, _asked: model.Questions) -> dict[str, object]:
    return {"share": _number(100 * (model.showings(data, late=True) / model.showings(data, late=False) - 1))}


def _small(data: Export, _asked: model.Questions) -> dict[str, object]:
    row = data.row(data.small)
    return {"row": row.number, "format": _format(row.format), "rate": _number(100 * row.engagement / row.reach)}


def _viral(data: Export, _asked: model.Questions) -> dict[str, object]:
    row = data.row(data.viral)
    return {"row": row.number, "topic": _topic(row.topic), "reach": _number(row.reach)}


_CLAIMS = {
    "most": _most,
    "formats": _formats,
    "bought": _bought,
    "renamed": _renamed,
    "small": _small,
    "viral": _viral,
}


def _missing(lack: str) -> str:
    if lack in ("rate", "pooled", "cost"):
        return str(_("Work out the number and write it."))
    return str(_("Choose an answer to every question of this step."))


def _outcome(run: LabRun, play: model.Play, found: Mapping[str, Any]) -> dict[str, Any]:
    data, asked = export.draw(run.seed), model.ask(run.seed)
    return {
        "answers": [_answer(data, asked, name, found) for name in LISTS["asked"] if _score(name) in found["scores"]]
    }


def _score(name: str) -> str:
    """The score of a question: step 3 asks for the odd row, its score is of the impossible one."""
    return {"odd": "impossible"}.get(name, name)


def _answer(data: Export, asked: model.Questions, name: str, found: Mapping[str, Any]) -> dict[str, str | bool]:
    """A question with its right answer, and what went wrong where the number tells it."""
    slip = found["slips"].get(_score(name), "")
    return {
        "question": _say("asked", name, **_filling(data, asked, name)),
        "key": _key(data, asked, name),
        "slip": _say("slips", slip) if slip else "",
        "right": found["scores"][_score(name)] >= 1,
    }


def _key(data: Export, asked: model.Questions, name: str) -> str:
    numbers = {"rate": (asked.rate, 2), "pooled": (asked.pooled, 2), "cost": (asked.cost, 0)}
    if name in numbers:
        return _number(*numbers[name])
    wrong = next(kind for kind in asked.claims if kind in model.CLAIMS)
    return {
        "odd": lambda: _say("odd", "impossible", row=data.impossible),
        "claim": lambda: _claim(data, asked, wrong),
        "cheapest": lambda: words()["platforms"][asked.cheapest].get(language()),
        "next": lambda: _say("next", "repeat"),
        "proof": lambda: _say("proof", "pooled"),
    }[name]()


DESK = Screen("lab/task.html", "lab/task_result.html", _step, _missing, _outcome)
