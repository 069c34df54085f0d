"""Certificates of finished courses: issued once, verified by anybody who has the code, printable."""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import Select, select

from lms import clock, evidence, publishing
from lms.competency.framework import PROVISIONAL, Cuts
from lms.competency.statement import LevelStatement, on_scale, state, statement_data, statement_of
from lms.content.model import Course, Module
from lms.database import db, one_or_404
from lms.database.transaction import transaction
from lms.evidence.level_words import cuts_words, level_words
from lms.identity.access import current_person, needs, public
from lms.identity.models import Person
from lms.learn.blueprint import bp, course_or_404, titles
from lms.learn.models import Certificate
from lms.learn.progress import ModuleState, Progress, progress_of
from lms.learn.specifications import CHECK, PRETEST
from lms.psychometrics.matrix import Matrix
from lms.report import bands
from lms.report.document import pdf
from lms.report.glyphs import is_printable
from lms.web.i18n import date, language

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that look alike
GROUP = 5  # letters between two hyphens of a code


def certificate_of(person_id: int, course: str) -> Certificate | None:
    """The one that is valid."""
    return db.session.scalar(valid(person_id).filter_by(course=course))


def valid(person_id: int) -> Select[Certificate]:
    """The person's certificates that no other has taken the place of."""
    return select(Certificate).where(Certificate.person_id == person_id, Certificate.withdrawn_at.is_(None))


@bp.post("/courses/<slug>/certificates")
@needs("trainee")
@transaction
def issue(slug: str) -> ResponseReturnValue:
    """Issue the certificate of a finished course, once; later calls lead to the one there is, and reissue it under the
    person's name of today where that was corrected."""
    course, progress = course_or_404(slug), progress_of(current_person.id)
    found = certificate_of(current_person.id, course.id)
    if found is None and not progress.finished(course):
        flash(_("The certificate waits until every module of the course is passed."), "error")
        return redirect(url_for("learn.course", slug=slug), 303)
    if found and found.data["name"] != current_person.name:
        found = reissue(found, current_person.name)
        flash(_("Issued again under your name of today. The one before is withdrawn and leads here."))
    found = found or certify(current_person, course, progress)
    return redirect(url_for("learn.certificate", code=found.code), 303)


def certify(person: Person, course: Course, progress: Progress) -> Certificate:
    """The new certificate of a finished course; the caller commits."""
    found = Certificate(person_id=person.id, course=course.id, code=_code(), data=_snapshot(person, course, progress))
    db.session.add(found)
    return found


def reissue(certificate: Certificate, name: str) -> Certificate:
    """The same certificate under another name, with a code of its own; the old one is withdrawn. The caller commits."""
    certificate.withdrawn_at = clock.now()
    db.session.flush()  # before the new one: one of a person and course is valid
    data = certificate.data | {"name": name}
    found = Certificate(
        person_id=certificate.person_id, course=certificate.course, code=_code(), data=data, replaces=certificate.code
    )
    db.session.add(found)
    return found


@bp.get("/certificates")
@needs("trainee")
def certificates() -> ResponseReturnValue:
    """The person's certificates, and how far the courses are that will give the next ones."""
    progress = progress_of(current_person.id)
    issued = {one.course: one for one in db.session.scalars(valid(current_person.id))}
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
    if not found.data:
        return render_template("learn/certificate_gone.html", certificate=found), 410
    return render_template(
        "learn/certificate.html",
        certificate=found,
        successor=_successor(found),
        modules=[(entry, _moment(entry["passed_at"])) for entry in found.data["modules"]],
        finished_at=_finished(found),
        cells=_statements(found),
        cuts_note=_cuts_note(found),
        checked=checked(found),
        names=evidence.framework().cell_names(language()),
        share=_address(found) if found.person_id == getattr(current_user, "id", None) else "",
    )


def _address(found: Certificate) -> str:
    """The public address, by which anybody may verify it."""
    return str(current_app.config["HMUT_BASE_URL"]) + url_for("learn.certificate", code=found.code)


@bp.get("/certificates/<code>/certificate.pdf")
@public
def certificate_document(code: str) -> ResponseReturnValue:
    """The certificate to print; a withdrawn one has only its page, which says so."""
    found = _by_code(code)
    if found.withdrawn_at:
        return redirect(url_for("learn.certificate", code=found.code), 303)
    reply = Response(pdf("certificate", _words(found), found.issued_at), mimetype="application/pdf")
    reply.headers["Content-Disposition"] = f'inline; filename="hmut-{found.code}.pdf"'
    return reply


def _by_code(code: str) -> Certificate:
    """However it was copied: small letters, without hyphens, with spaces."""
    letters = re.sub(r"[^A-Z0-9]", "", code.upper())
    grouped = "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))
    found: Certificate = one_or_404(select(Certificate).where(Certificate.code == grouped))
    return found


def _successor(certificate: Certificate) -> Certificate | None:
    """The one that took the place of a withdrawn certificate, last in the line."""
    if certificate.withdrawn_at is None:
        return None
    return certificate_of(certificate.person_id, certificate.course)


def _code() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _letter in range(GROUP)) for _group in range(3))


def _snapshot(person: Person, course: Course, progress: Progress) -> dict[str, Any]:
    """What the certificate says for ever: names as they are today, passed modules, the matrix and its rules."""
    modules, matrix = publishing.library().modules, evidence.matrix_of(person.id)
    parameters = evidence.current_set()
    subs = {sub for name in course.modules for sub in modules[name].sub_competencies}
    return {
        "name": person.name,
        "course": {"hy": course.title.hy, "en": course.title.en},
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


def _statements(found: Certificate) -> list[LevelStatement]:
    """What the certificate says about levels. Those of the first release hold cells on the ability scale instead."""
    return [
        _from_cell(entry, found.data["cuts"]) if "theta" in entry else statement_of(entry)
        for entry in found.data["cells"]
    ]


def _from_cell(entry: dict[str, Any], cuts: list[float]) -> LevelStatement:
    estimate, low, high = (on_scale(entry[name], cuts) for name in ("theta", "low", "high"))
    level = entry["level"]
    cap = level if level is not None and level < int(estimate) else None
    return LevelStatement(entry["key"], level, estimate, low, high, cap, entry["n"], {}, ())


def _cuts_note(found: Certificate) -> str:
    origin = found.data.get("framework", {}).get("origin", PROVISIONAL)
    return cuts_words(Cuts(origin, tuple(found.data["cuts"])))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _finished(found: Certificate) -> datetime:
    return max(_moment(entry["passed_at"]) for entry in found.data["modules"])


def _words(found: Certificate) -> dict[str, Any]:
    """The document's texts in the reader's language."""
    names, code = evidence.framework().cell_names(language()), language()
    return {
        "language": code,
        "title": _("Certificate"),
        "given": _("Hmut certifies that this person has finished a course"),
        "name": found.data["name"],
        "incomplete": "" if is_printable(found.data["name"]) else _incomplete(),
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
        "cells": [_line(cell, names) for cell in _statements(found)],
        "error": f"{_('A level stands with its error; an empty band means that nothing was known.')} "
        + _cuts_note(found),
        "verify": _("Verify this certificate:"),
        "address": _address(found),
        "issued": _("Issued: %(day)s", day=date(found.issued_at)),
        "code": found.code,
    }


def _incomplete() -> str:
    return str(_("Not every sign of the name can be printed here. The whole name stands at the address below."))


def checked(found: Certificate) -> str:
    text: str = _(
        "Each module: a check of random questions passed at %(check)s%%, or the course's pre-test at %(pretest)s%%, "
        "and a practice task handed in (not rated).",
        check=round(found.data["pass"] * 100),
        pretest=round(found.data["test_out"] * 100),
    )
    return text


def share(credit: float | None) -> str:
    return f"{round(credit * 100)}%" if credit is not None else _("pre-test")


def _line(cell: LevelStatement, names: dict[str, str]) -> dict[str, str]:
    picture = bands.band(cell, standalone=True)
    return {"name": names.get(cell.key, cell.key), "level": level_words(cell), "picture": str(picture)}
