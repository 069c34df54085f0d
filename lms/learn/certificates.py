"""Certificates of finished courses: issued once, verified by anybody who has the code, printable."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lms import clock, evidence, publishing
from lms.content.model import Course, Module
from lms.database import db, one_or_404
from lms.database.transaction import transaction
from lms.evidence.competency_labels import cell_names
from lms.identity.access import current_person, needs, public
from lms.identity.models import Person
from lms.learn.blueprint import bp, course_or_404, titles
from lms.learn.models import Certificate
from lms.learn.progress import PASS, TEST_OUT, ModuleState, Progress, progress_of
from lms.psychometrics.matrix import Cell, Matrix
from lms.report import bands
from lms.report.document import pdf
from lms.web.i18n import date, language

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that look alike
STORED = ("key", "theta", "sd", "level", "low_level", "high_level", "low", "high", "n", "enough")


def certificate_of(person_id: int, course: str) -> Certificate | None:
    return db.session.scalar(select(Certificate).filter_by(person_id=person_id, course=course))


@bp.post("/courses/<slug>/certificates")
@needs("trainee")
@transaction
def issue(slug: str) -> ResponseReturnValue:
    """Issue the certificate of a finished course, once; later calls lead to the one there is."""
    course, progress = course_or_404(slug), progress_of(current_person.id)
    found = certificate_of(current_person.id, course.id)
    if found is None and not progress.finished(course):
        flash(_("The certificate waits until every module of the course is passed."), "error")
        return redirect(url_for("learn.course", slug=slug), 303)
    found = found or certify(current_person, course, progress)
    return redirect(url_for("learn.certificate", code=found.code), 303)


def certify(person: Person, course: Course, progress: Progress) -> Certificate:
    """The new certificate of a finished course; the caller commits."""
    found = Certificate(person_id=person.id, course=course.id, code=_code(), data=_snapshot(person, course, progress))
    db.session.add(found)
    return found


@bp.get("/certificates")
@needs("trainee")
def certificates() -> ResponseReturnValue:
    """The person's certificates, and how far the courses are that will give the next ones."""
    progress = progress_of(current_person.id)
    issued = {one.course: one for one in db.session.scalars(select(Certificate).filter_by(person_id=current_person.id))}
    begun = [
        course for course in publishing.library().courses.values() if course.id in issued or progress.begun(course)
    ]
    ready = (course for course in begun if course.id not in issued and progress.finished(course))
    return render_template(
        "learn/certificates.html",
        entries=[(course, issued.get(course.id)) for course in begun],
        first_ready=next(ready, None),
        progress=progress,
    )


@bp.get("/certificates/<code>")
@public
def certificate(code: str) -> ResponseReturnValue:
    """Verifies a certificate: whoever holds the code sees what it certifies."""
    found = _by_code(code)
    return render_template(
        "learn/certificate.html",
        certificate=found,
        modules=[(entry, _moment(entry["passed_at"])) for entry in found.data["modules"]],
        finished_at=_finished(found),
        cells=[cell_of(entry) for entry in found.data["cells"]],
        cuts=found.data["cuts"],
        checked=checked(found),
        names=cell_names(language()),
    )


@bp.get("/certificates/<code>/certificate.pdf")
@public
def certificate_document(code: str) -> Response:
    found = _by_code(code)
    reply = Response(pdf("certificate", _words(found), found.issued_at), mimetype="application/pdf")
    reply.headers["Content-Disposition"] = f'inline; filename="hmut-{found.code}.pdf"'
    return reply


def _by_code(code: str) -> Certificate:
    return one_or_404(select(Certificate).where(Certificate.code == code.upper()))


def _code() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _letter in range(5)) for _group in range(3))


def _snapshot(person: Person, course: Course, progress: Progress) -> dict[str, Any]:
    """What the certificate says for ever: names as they are today, passed modules, the matrix and its rules."""
    modules, matrix = publishing.library().modules, evidence.matrix_of(person.id)
    parameters = evidence.current_set()
    subs = {sub for name in course.modules for sub in modules[name].sub_competencies}
    return {
        "name": person.name,
        "course": {"hy": course.title.hy, "en": course.title.en},
        "modules": [_passed(modules[name], progress.modules[name]) for name in course.modules],
        "cells": [_stored(matrix.cells[sub]) for sub in _in_order(matrix, subs)],
        "cuts": list(matrix.rules.cuts),
        "parameter_set": parameters.id if parameters else None,
        "pass": PASS,
        "test_out": TEST_OUT,
    }


def _in_order(matrix: Matrix, subs: set[str]) -> list[str]:
    return [sub for skill in matrix.skills.values() for sub in skill if sub in subs]


def _passed(module: Module, state: ModuleState) -> dict[str, Any]:
    """When, and the credit of the check that passed it: None where the pre-test stood in for it."""
    credit = next((one.credit for one in state.checks if one.credit >= PASS), None)
    moment = state.passed_at or clock.now()
    named = {"id": module.id, "version": module.version, "title": titles(module)}
    return {**named, "passed_at": moment.isoformat(), "check": credit}


def _stored(cell: Cell) -> dict[str, Any]:
    return {name: getattr(cell, name) for name in STORED}


def cell_of(entry: dict[str, Any]) -> Cell:
    """The stored part of a cell as the charts want it."""
    return Cell(**entry, kinds={}, newest_months=None, reasons=(), cap=None, missing=(), observations=())


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _finished(found: Certificate) -> datetime:
    return max(_moment(entry["passed_at"]) for entry in found.data["modules"])


def _words(found: Certificate) -> dict[str, Any]:
    """The document's texts in the reader's language."""
    names, code = cell_names(language()), language()
    return {
        "language": code,
        "title": _("Certificate"),
        "given": _("Hmut certifies that this person has finished a course"),
        "name": found.data["name"],
        "course": f"«{found.data['course'][code]}»",
        "finished": _("Finished: %(day)s", day=date(_finished(found))),
        "modules_title": _("What was learned and checked"),
        "modules_head": [_("Module"), _("Passed"), _("Check")],
        "modules": [
            [entry["title"][code], date(_moment(entry["passed_at"])), share(entry["check"])]
            for entry in found.data["modules"]
        ],
        "checked": checked(found),
        "matrix_title": _("The skill matrix on the day of issue"),
        "matrix_head": [_("Sub-competency"), _("Level, with its 90%% interval") % (), _("Scale from 0 to 5")],
        "cells": [_line(cell_of(entry), names, found.data["cuts"]) for entry in found.data["cells"]],
        "error": _(
            "A level stands with its error; an empty band means that there is not enough evidence. "
            "The cuts between levels are provisional."
        ),
        "verify": _("Verify this certificate:"),
        "address": current_app.config["HMUT_BASE_URL"] + url_for("learn.certificate", code=found.code),
        "issued": _("Issued: %(day)s", day=date(found.issued_at)),
        "code": found.code,
    }


def checked(found: Certificate) -> str:
    return _(
        "Each module: a check of random questions passed at %(check)s%%, or the course's pre-test at %(pretest)s%%, "
        "and a practice task handed in (not rated).",
        check=round(found.data["pass"] * 100),
        pretest=round(found.data["test_out"] * 100),
    )


def share(credit: float | None) -> str:
    return f"{round(credit * 100)}%" if credit is not None else _("pre-test")


def _line(cell: Cell, names: dict[str, str], cuts: list[float]) -> dict[str, str]:
    level = _("not enough evidence")
    if cell.enough:
        level = _("%(level)s (%(low)s–%(high)s)", level=cell.level, low=cell.low_level, high=cell.high_level)
    picture = bands.band(cell, cuts, cell.key.split(".")[0], standalone=True)
    return {"name": names.get(cell.key, cell.key), "level": level, "picture": str(picture)}
