"""One's own data and, for administrators, a person's: what there is, a copy of it, erasing it."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from lms.database import audit, db, one_or_404
from lms.database.transaction import between_writes, transaction
from lms.identity import membership, reauthentication
from lms.identity.access import current_person, needs, needs_person, refuse_demo
from lms.identity.models import Person
from lms.identity.sessions import sign_out
from lms.privacy import erasure, export
from lms.privacy.forms import Erasure
from lms.privacy.subject import subject_of
from lms.web.i18n import language
from lms.web.lanes import heavy
from lms.web.visible_line import visible_line

bp = Blueprint("privacy", __name__)


def data_address(person_id: int) -> str:
    """Where a person's data are: one's own page, or the administrator's of somebody."""
    if person_id == current_person.id:
        return url_for("privacy.own_data")
    return url_for("privacy.data_of", person_id=person_id)


@bp.get("/profile/data")
@needs_person
def own_data() -> ResponseReturnValue:
    return _page(_myself())


@bp.get("/people/<id:person_id>/data")
@needs("administrator")
def data_of(person_id: int) -> ResponseReturnValue:
    return _page(_person(person_id))


@bp.post("/profile/data/copy")
@needs_person
@heavy
@transaction
def own_copy() -> ResponseReturnValue:
    return _copy(_myself())


@bp.post("/people/<id:person_id>/data/copy")
@needs("administrator")
@transaction
def copy_of(person_id: int) -> ResponseReturnValue:
    return _copy(_person(person_id))


@bp.post("/profile/data/erasure")
@needs_person
@transaction
def erase_own() -> ResponseReturnValue:
    refuse_demo()
    return _erase(_myself())


@bp.post("/people/<id:person_id>/data/erasure")
@needs("administrator")
@transaction
def erase(person_id: int) -> ResponseReturnValue:
    return _erase(_person(person_id))


def _myself() -> Person:
    return db.session.get_one(Person, current_person.id)


def _person(person_id: int) -> Person:
    """Of the administrator's organisation, and not erased already."""
    ours = select(Person).filter_by(id=person_id, organisation_id=current_person.organisation_id, is_erased=False)
    person: Person = one_or_404(ours)
    return person


def _copy(person: Person) -> ResponseReturnValue:
    subject = subject_of(person)
    with between_writes():
        reply = Response(export.archive(subject), mimetype="application/zip")
    audit.append_entry(subject.organisation_id, current_person.id, "person_exported", subject.id)
    reply.headers["Content-Disposition"] = f'attachment; filename="{export.file_name(subject)}"'
    return reply


def _page(person: Person, form: Erasure | None = None, code: int = 200) -> ResponseReturnValue:
    reports = [erasure.preview(person, act) for act in ("anonymise", "erase")]
    page = render_template(
        "privacy/data.html",
        person=person,
        own=person.id == current_person.id,
        reports=reports,
        last=membership.is_last_administrator(person),
        form=form or _form(person),
    )
    return page, code


def _form(person: Person) -> Erasure:
    form = Erasure()
    if person.id == current_person.id and person.password_hash:
        del form.name
    else:
        del form.password
    return form


def _erase(person: Person) -> ResponseReturnValue:
    form, is_self = _form(person), person.id == current_person.id
    if not form.validate_on_submit() or not _is_meant(form, person):
        return _page(person, form, 422)
    if membership.is_last_administrator(person):
        return _page(person, form, 409)
    language()  # as it is now: a moment later nobody is there who prefers one
    name, report = person.name, erasure.carry_out(person, form.act.data, current_person.id)
    if is_self:
        sign_out()
    reply = Response(render_template("privacy/erased.html", report=report, own=is_self, name=name))
    if is_self:
        reply.headers["Clear-Site-Data"] = '"cache", "storage"'
    return reply


def _is_meant(form: Erasure, person: Person) -> bool:
    """Whether the word is right."""
    if "password" in form:
        return reauthentication.by_password(person, form.password)
    if visible_line(form.name.data) == person.name:
        return True
    form.name.errors = [_("This is not the name: %(name)s.", name=person.name)]
    return False
