"""What a certificate says: kept for ever on the day of issue, told on its page and in its document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _

from lms import clock, evidence, publishing
from lms.competency.cuts import PROVISIONAL, Cuts
from lms.competency.statement import LevelStatement, on_scale, state, statement_data, statement_of
from lms.config import LANGUAGES
from lms.content.model import Course, Module
from lms.evidence.level_words import cuts_words, level_words
from lms.identity.models import Person
from lms.learn.blueprint import titles
from lms.learn.models import Certificate
from lms.learn.progress import ModuleState, Progress
from lms.learn.specifications import CHECK, PRETEST
from lms.psychometrics.matrix import Matrix
from lms.report import bands
from lms.report.glyphs import is_printable
from lms.web.i18n import date, in_hundred, language, percent

QUOTED = {"hy": "«{}»", "en": "“{}”"}  # as each language quotes a title


def snapshot(person: Person, course: Course, progress: Progress) -> dict[str, Any]:
    """What the certificate says for ever: names as they are today, passed modules, the matrix and its rules."""
    modules, matrix = publishing.library().modules, evidence.matrix_of(person.id)
    parameters = evidence.current_set()
    subs = {sub for name in course.modules for sub in modules[name].sub_competencies}
    return {
        "name": person.name,
        "course": {code: course.title.get(code) for code in LANGUAGES},
        "modules": [_passed(modules[name], progress.modules[name]) for name in course.modules],
        "cells": [statement_data(state(matrix.cells[sub], matrix.rules.cuts)) for sub in _in_order(matrix, subs)],
        "cuts": list(matrix.rules.cuts),
        "framework": evidence.version_data(person.organisation_id),
        "parameter_set": parameters.id if parameters else None,
        "pass": CHECK.pass_mark,
        "test_out": PRETEST.pass_mark,
    }


def _in_order(matrix: Matrix, subs: set[str]) -> list[str]:
    return [sub for skill in matrix.skills.values() for sub in skill if sub in subs]


def _passed(module: Module, state: ModuleState) -> dict[str, Any]:
    """When, and the credit of the check that passed it: None where the pre-test stood in for it."""
    credit = next((check.credit for check in state.checks if CHECK.passed(check.credit)), None)
    moment = state.passed_at or clock.now()
    named = {"id": module.id, "version": module.version, "title": titles(module)}
    return {**named, "passed_at": moment.isoformat(), "check": credit}


def statements(certificate: Certificate) -> list[LevelStatement]:
    """What the certificate says about levels. Those of the first release hold cells on the ability scale instead."""
    return [
        _from_cell(entry, certificate.data["cuts"]) if "theta" in entry else statement_of(entry)
        for entry in certificate.data["cells"]
    ]


def _from_cell(entry: dict[str, Any], cuts: list[float]) -> LevelStatement:
    estimate, low, high = (on_scale(entry[name], cuts) for name in ("theta", "low", "high"))
    level = entry["level"]
    cap = level if level is not None and level < int(estimate) else None
    return LevelStatement(entry["key"], level, estimate, low, high, cap, entry["n"], {}, ())


def cuts_note(certificate: Certificate) -> str:
    origin = certificate.data.get("framework", {}).get("origin", PROVISIONAL)
    return cuts_words(Cuts(origin, tuple(certificate.data["cuts"])))


def moment_of(text: str) -> datetime:
    return datetime.fromisoformat(text)


def finished(certificate: Certificate) -> datetime:
    return max(moment_of(entry["passed_at"]) for entry in certificate.data["modules"])


def words(certificate: Certificate) -> dict[str, Any]:
    """The document's texts in the reader's language."""
    names, code = evidence.framework().cell_names(language()), language()
    return {
        "language": code,
        "title": _("Certificate"),
        "given": _("Hmut certifies that this person has finished a course"),
        "name": certificate.data["name"],
        "incomplete": "" if is_printable(certificate.data["name"]) else _incomplete(),
        "course": QUOTED.get(code, "«{}»").format(title_in(certificate.data["course"], code)),
        "finished": _("Finished: %(day)s", day=date(finished(certificate))),
        "modules_title": _("What was learned and checked"),
        "modules_head": [_("Module"), _("Passed"), _("Check")],
        "modules": [
            [title_in(entry["title"], code), date(moment_of(entry["passed_at"])), share(entry["check"])]
            for entry in certificate.data["modules"]
        ],
        "checked": checked(certificate),
        "matrix_title": _("The skill matrix on the day of issue"),
        "matrix_head": [_("Sub-competency"), _("Level, with its 90%% interval") % (), _("Scale from 0 to 5")],
        "cells": [_line(cell, names) for cell in statements(certificate)],
        "error": f"{_bands()} {cuts_note(certificate)}",
        "verify": _("Verify this certificate:"),
        "address": address(certificate),
        "issued": _("Issued: %(day)s", day=date(certificate.issued_at)),
        "code": certificate.code,
    }


def title_in(titles: Mapping[str, str], code: str) -> str:
    """In Armenian where the day of issue knew no such language."""
    return titles.get(code) or titles[LANGUAGES[0]]


def _bands() -> str:
    return str(
        _("Nine times in ten the true level lies between the two figures; an empty band means that nothing was known.")
    )


def _incomplete() -> str:
    return str(_("Not every sign of the name can be printed here. The whole name stands at the address below."))


def checked(certificate: Certificate) -> str:
    text: str = _(
        "Each module: a check of random questions passed at %(check)s%%, or the course's pre-test at %(pretest)s%%, "
        "and a practice task handed in (not rated).",
        check=in_hundred(certificate.data["pass"]),
        pretest=in_hundred(certificate.data["test_out"]),
    )
    return text


def share(credit: float | None) -> str:
    return percent(credit) if credit is not None else _("pre-test")


def _line(cell: LevelStatement, names: dict[str, str]) -> dict[str, str]:
    picture = bands.band(cell, standalone=True)
    return {"name": names.get(cell.key, cell.key), "level": level_words(cell), "picture": str(picture)}


def address(certificate: Certificate) -> str:
    """The public address, by which anybody may verify it."""
    return str(current_app.config["HMUT_BASE_URL"]) + url_for("learn.certificate", code=certificate.code)
