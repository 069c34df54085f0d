"""Certificates of finished courses: issued once, verified by anybody who has the code, printable."""

from __future__ import annotations

import re
import secrets

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import Select, bindparam, select

from lms import clock, evidence, publishing
from lms.content.model import Course
from lms.database import db
from lms.database.transaction import transaction
from lms.identity.access import current_person, needs, public
from lms.identity.models import Person
from lms.learn.blueprint import bp, course_or_404
from lms.learn.certificate_text import address, checked, cuts_note, finished, moment_of, snapshot, statements, words
from lms.learn.models import Certificate
from lms.learn.progress import Progress, progress_of
from lms.report.document import pdf
from lms.web.i18n import language
from lms.web.lanes import heavy

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that look alike
GROUP = 5  # letters between two hyphens of a code


_OF_COURSE = select(Certificate).where(
    Certificate.person_id == bindparam("person"),
    Certificate.course == bindparam("course"),
    Certificate.withdrawn_at.is_(None),
)


def certificate_of(person_id: int, course: str) -> Certificate | None:
    """The one that is valid."""
    return db.session.scalar(_OF_COURSE, {"person": person_id, "course": course})


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
    document = certificate_of(current_person.id, course.id)
    if document is None and not progress.finished(course):
        flash(_("The certificate waits until every module of the course is passed."), "error")
        return redirect(url_for("learn.course", slug=slug), 303)
    if document and document.data["name"] != current_person.name:
        document = reissue(document, current_person.name)
        flash(_("Issued again under your name of today. The one before is withdrawn and leads here."))
    document = document or certify(current_person, course, progress)
    return redirect(url_for("learn.certificate", code=document.code), 303)


def certify(person: Person, course: Course, progress: Progress) -> Certificate:
    """The new certificate of a finished course; the caller commits."""
    certificate = Certificate(
        person_id=person.id, course=course.id, code=_code(), data=snapshot(person, course, progress)
    )
    db.session.add(certificate)
    return certificate


def reissue(certificate: Certificate, name: str) -> Certificate:
    """The same certificate under another name, with a code of its own; the old one is withdrawn. The caller commits."""
    certificate.withdrawn_at = clock.now()
    db.session.flush()  # before the new one: one of a person and course is valid
    data = certificate.data | {"name": name}
    reissued = Certificate(
        person_id=certificate.person_id, course=certificate.course, code=_code(), data=data, replaces=certificate.code
    )
    db.session.add(reissued)
    return reissued


@bp.get("/certificates")
@needs("trainee")
def certificates() -> ResponseReturnValue:
    """The person's certificates, and how far the courses are that will give the next ones."""
    progress = progress_of(current_person.id)
    issued = {certificate.course: certificate for certificate in db.session.scalars(valid(current_person.id))}
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
    issued = _by_code(code)
    if issued is None or not issued.data:
        page = render_template("learn/certificate_gone.html", certificate=issued, code=_grouped(code)[:40])
        return page, 410 if issued else 404
    return render_template(
        "learn/certificate.html",
        certificate=issued,
        successor=_successor(issued),
        modules=[(entry, moment_of(entry["passed_at"])) for entry in issued.data["modules"]],
        finished_at=finished(issued),
        cells=statements(issued),
        cuts_note=cuts_note(issued),
        checked=checked(issued),
        names=evidence.framework().cell_names(language()),
        share=address(issued) if issued.person_id == getattr(current_user, "id", None) else "",
    )


@bp.get("/certificates/<code>/certificate.pdf")
@public
@heavy
def certificate_document(code: str) -> ResponseReturnValue:
    """The certificate to print; a withdrawn one has only its page, which says so."""
    issued = _by_code(code) or abort(404)
    if issued.withdrawn_at:
        return redirect(url_for("learn.certificate", code=issued.code), 303)
    reply = Response(pdf("certificate", words(issued), issued.issued_at), mimetype="application/pdf")
    reply.headers["Content-Disposition"] = f'inline; filename="hmut-{issued.code}.pdf"'
    return reply


def _by_code(code: str) -> Certificate | None:
    return db.session.scalar(select(Certificate).where(Certificate.code == _grouped(code)))


def _grouped(code: str) -> str:
    """However it was copied: small letters, without hyphens, with spaces."""
    letters = re.sub(r"[^A-Z0-9]", "", code.upper())
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def _successor(certificate: Certificate) -> Certificate | None:
    """The one that took the place of a withdrawn certificate, last in the line."""
    if certificate.withdrawn_at is None:
        return None
    return certificate_of(certificate.person_id, certificate.course)


def _code() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _letter in range(GROUP)) for _group in range(3))
