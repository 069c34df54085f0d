"""The pictures of courses, and their sheets to take away."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request

from lms.identity.access import needs_person
from lms.publishing.current_content import current_content
from lms.publishing.shelf import PublishedUnit
from lms.web.kept_pages import KEPT

bp = Blueprint("publishing", __name__)
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"  # a picture opened by itself can do nothing
SHEET_TYPES = {"csv": "text/csv; charset=utf-8", "md": "text/markdown; charset=utf-8"}
BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # without it Excel takes Armenian for a Western script


@bp.get("/figures/<course>/<name>")
@needs_person
def figure(course: str, name: str) -> Response:
    """A published SVG, kept by the browser for an hour and asked for by its digest after that."""
    drawing = _unit_or_404("figure", course, name)
    response = Response(drawing.source, mimetype="image/svg+xml")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.set_etag(drawing.sha256)
    return response.make_conditional(request)  # type: ignore[return-value]


@bp.get("/sheets/<course>/<name>")
@needs_person
def sheet(course: str, name: str) -> Response:
    """A published sheet as a file to keep."""
    file = _unit_or_404("sheet", course, name)
    ending = name.rpartition(".")[2]
    response = Response(BYTE_ORDER_MARK + file.source if ending == "csv" else file.source)
    response.headers["Content-Type"] = SHEET_TYPES[ending]
    response.headers.set("Content-Disposition", "attachment", filename=f"{course}-{name}")
    response.headers["Cache-Control"] = KEPT
    response.set_etag(file.sha256)
    return response.make_conditional(request)  # type: ignore[return-value]


def _unit_or_404(kind: str, course: str, name: str) -> PublishedUnit:
    return current_content().units.get((kind, f"{course}/{name}", "")) or abort(404)
