"""One item: what was said about it before, a preview of whom the act touches, the act."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms import evidence, publishing
from lms.database import db
from lms.database.transaction import read_transaction, transaction
from lms.evidence import VoidVerdict
from lms.identity.access import current_person, needs
from lms.voiding import effect, letters
from lms.voiding.effect import Effect
from lms.voiding.forms import Void
from lms.web.i18n import language, moment

bp = Blueprint("voiding", __name__, url_prefix="/content/items")
staff = needs("instructor", "administrator")


@bp.get("/<key>/void")
@staff
def item(key: str) -> ResponseReturnValue:
    return _page(key, _form(key))


@bp.post("/<key>/void")
@staff
@transaction
def declare(key: str) -> ResponseReturnValue:
    """The preview first; with `sure` the act."""
    form = _form(key)
    if not form.validate_on_submit():
        return _page(key, form, code=422)
    organisation, myself = current_person.organisation_id, current_person.id
    verdict = VoidVerdict(organisation, key, form.revision_id, form.act.data == "void")
    foreseen = _foreseen(verdict)
    if "sure" not in request.form:
        return _page(key, form, foreseen)
    effect.carry_out(verdict, form.reason.data.strip(), myself)
    written = letters.write(foreseen, verdict.is_void) if form.letter.data else 0
    flash(_("Done. Letters in the outbox: %(count)s.", count=written))
    return redirect(url_for("voiding.item", key=key), 303)


def _foreseen(verdict: VoidVerdict) -> Effect:
    """Computed without the lock of a writer: it takes its time where many are touched."""
    db.session.rollback()
    with read_transaction():
        foreseen = effect.preview(verdict)
    return foreseen


def _form(key: str) -> Void:
    versions = effect.revisions(current_person.organisation_id, key)
    if not versions:
        abort(404)
    current, form = publishing.revision_of(key), Void()
    form.offer([(str(row.id), _version(row.id == current, moment(row.created_at))) for row in versions])
    return form


def _version(is_current: bool, day: str) -> str:
    return str(_("the present one, of %(day)s", day=day) if is_current else _("an older one, of %(day)s", day=day))


def _page(key: str, form: Void, effect: Effect | None = None, code: int = 200) -> ResponseReturnValue:
    return render_template(
        "voiding/item.html",
        key=key,
        form=form,
        effect=effect,
        rows=evidence.void_rows(current_person.organisation_id, key),
        names=evidence.framework().cell_names(language()),
        named=current_person.has_role("hr", "administrator"),
    ), code
