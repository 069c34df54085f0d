"""The pages' ways to the files of a portfolio piece: its author adds, removes and reads them, its raters read them."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.database.transaction import transaction
from lms.formats import format_number
from lms.identity.access import current_person, needs, needs_person
from lms.rating import desk, files, ratings, works
from lms.rating.blueprint import bp
from lms.rating.models import RatedWork
from lms.web.i18n import language

FORM = 20_000  # bytes of a form around its file


@bp.url_value_preprocessor
def _room_for_a_file(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Only this one request may be longer than the others."""
    if endpoint == "rating.add_file":
        request.max_content_length = files.LARGEST + FORM


def _open(work_id: int) -> RatedWork:
    """The person's own piece while it can still change."""
    work = works.work_of(current_person.id, work_id, lock=True)
    if not works.task_of(work).portfolio or work.finished_at or work.is_over():
        abort(404)
    return work


def _back(work: RatedWork) -> ResponseReturnValue:
    return redirect(url_for("rating.write", work_id=work.id, _anchor="files"), 303)


@bp.post("/written/works/<id:work_id>/files")
@needs_person
@transaction
def add_file(work_id: int) -> ResponseReturnValue:
    work, file = _open(work_id), request.files.get("file")
    problem = files.add(work, file.filename or "", file.read(files.LARGEST + 1)) if file else "empty"
    flash(_problems()[problem] if problem else _("The file is kept. Raters will get it as a download."))
    return _back(work)


def _problems() -> dict[str, str]:
    size = format_number(files.LARGEST / 1_000_000, language())
    return {
        "empty": _("Choose a file that is not empty."),
        "large": _("A file may have %(size)s MB at most.", size=size),
        "kind": _("Only PDF, PNG, JPEG, WebP and MP4 are taken, and what is inside decides, not the name."),
        "many": _("A piece may have %(count)s files at most.", count=files.MOST),
        "full": _("All your files together have reached their limit. Remove some first."),
    }


@bp.post("/written/works/<id:work_id>/files/<id:file_id>/remove")
@needs_person
@transaction
def remove_file(work_id: int, file_id: int) -> ResponseReturnValue:
    work = _open(work_id)
    files.remove(files.file_of(work, file_id))
    flash(_("The file is removed."))
    return _back(work)


@bp.get("/written/works/<id:work_id>/files/<id:file_id>")
@needs_person
def own_file(work_id: int, file_id: int) -> ResponseReturnValue:
    return files.download(files.file_of(works.work_of(current_person.id, work_id), file_id))


@bp.get("/rating/ratings/<id:rating_id>/files/<id:file_id>")
@needs(*desk.MAY_BE_RATERS)
def rated_file(rating_id: int, file_id: int) -> ResponseReturnValue:
    """For whoever has the piece in hand or has rated it, while they are a rater."""
    rating = ratings.rating_of(current_person, rating_id)
    if not desk.is_rater(current_person):
        abort(403)
    return files.download(files.file_of(ratings.rated_work(rating), file_id))
