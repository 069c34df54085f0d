"""The desk of W5: the export, its filter and formula, and the question of each step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import gettext as _

from lms.lab.briefs import words
from lms.lab.model import desk as model
from lms.lab.model import desk_questions, export
from lms.lab.model.desk_questions import DeskQuestions
from lms.lab.model.export import Export
from lms.lab.model.log import Form
from lms.lab.models import LabRun
from lms.lab.screens.base import Screen
from lms.lab.screens.desk_table import PAID, View, work_out
from lms.lab.screens.desk_words import FILE, LISTS, claim, format_name, number, say, topic_name
from lms.lab.wording import file, text
from lms.web.i18n import language


def _step(run: LabRun, _play: model.DeskPlay, step: int, form: Form) -> dict[str, Any]:
    data, questions, view = export.draw(run.seed), desk_questions.ask(run.seed), View.of(request.args)
    rows = view.rows(data)
    return {
        "brand": text(file(FILE)["brand"], FILE).get(language()),
        "story": text(file(FILE)["about"], FILE).get(language()),
        "view": view,
        "rows": rows,
        "worked": work_out(view.formula, rows, language()),
        "columns": {name: say("columns", name) for name in export.FIGURES},
        "sums": {name: export.total(rows, name) for name in export.FIGURES if name != "followers"},
        "topic": topic_name,
        "platform_names": {name: words()["platforms"][name].get(language()) for name in export.PLATFORMS},
        "format_names": {name: format_name(name) for name in export.FORMATS},
        "paid_names": dict(zip(PAID, (_("paid only"), _("unpaid only")), strict=True)),
        "day": lambda row: _("day %(number)s", number=row.day + 1),
        "note": lambda row: _note(data, row.number),
        "asked": {name: say("asked", name, **_filling(data, questions, name)) for name in LISTS["asked"]},
        "questions": [name for name in LISTS["asked"] if model.SCORES[_score(name)][0] == step],
        "hint": lambda name: say("hints", name),
        "options": _options(data, questions, step),
    }


def _note(data: Export, number: int) -> str:
    if number == data.viral:
        return say("notes", "viral")
    return say("notes", "renamed") if number == export.RENAMED + 1 else ""


def _filling(data: Export, questions: DeskQuestions, name: str) -> dict[str, object]:
    row, small = data.row(questions.row), data.row(data.small)
    if name == "rate":
        return {"row": questions.row, "topic": topic_name(row.topic), "metric": say("metrics", questions.metric)}
    if name == "pooled":
        return {"format": format_name(questions.formats[0])}
    rate = number(100 * small.engagement / small.reach)
    return {"row": small.number, "format": format_name(small.format), "reach": small.reach, "rate": rate}


def _options(data: Export, questions: DeskQuestions, step: int) -> dict[str, list[tuple[str, str]]]:
    """Choices of the step, each with its place as the value."""
    options: Mapping[int, dict[str, list[str]]] = {
        3: {"odd": [say("odd", kind, row=row) for kind, row in questions.odd]},
        4: {"claim": [claim(data, questions, kind) for kind in questions.claims]},
        5: {"cheapest": [words()["platforms"][name].get(language()) for name in export.PLATFORMS]},
        6: {
            "next": [say("next", name) for name in questions.next],
            "proof": [say("proof", name) for name in questions.proof],
        },
    }
    return {name: [(str(at), each) for at, each in enumerate(every)] for name, every in options.get(step, {}).items()}


def _missing(lack: str) -> str:
    if lack in ("rate", "pooled", "cost"):
        return str(_("Work out the number and write it."))
    return str(_("Choose an answer to every question of this step."))


def _outcome(run: LabRun, play: model.DeskPlay, outcome: Mapping[str, Any]) -> dict[str, Any]:
    data, questions = export.draw(run.seed), desk_questions.ask(run.seed)
    return {
        "answers": [
            _answer(data, questions, name, outcome) for name in LISTS["asked"] if _score(name) in outcome["scores"]
        ]
    }


def _score(name: str) -> str:
    """The score of a question: step 3 asks for the odd row, its score is of the impossible one."""
    return {"odd": "impossible"}.get(name, name)


def _answer(data: Export, questions: DeskQuestions, name: str, options: Mapping[str, Any]) -> dict[str, str | bool]:
    """A question with its right answer, and what went wrong where the number tells it."""
    slip = options["slips"].get(_score(name), "")
    return {
        "question": say("asked", name, **_filling(data, questions, name)),
        "key": _key(data, questions, name),
        "slip": say("slips", slip) if slip else "",
        "right": options["scores"][_score(name)] >= 1,
    }


def _key(data: Export, questions: DeskQuestions, name: str) -> str:
    numbers = {"rate": (questions.rate, 2), "pooled": (questions.pooled, 2), "cost": (questions.cost, 0)}
    if name in numbers:
        return number(*numbers[name])
    wrong = next(kind for kind in questions.claims if kind in desk_questions.CLAIMS)
    return {
        "odd": lambda: say("odd", "impossible", row=data.impossible),
        "claim": lambda: claim(data, questions, wrong),
        "cheapest": lambda: words()["platforms"][questions.cheapest].get(language()),
        "next": lambda: say("next", "repeat"),
        "proof": lambda: say("proof", "pooled"),
    }[name]()


DESK = Screen("lab/task.html", "lab/task_result.html", _step, _missing, _outcome)
