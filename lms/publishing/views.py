"""The pictures of courses."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request
from sqlalchemy import select

from lms.database import db
from lms.identity.access import needs_person
from lms.publishing.models import Publication, Revision

bp = Blueprint("publishing", __name__)
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"  # a picture opened by itself can do nothing


@bp.get("/figures/<course>/<name>")
@needs_person
def figure(course: str, name: str) -> Response:
    """A published SVG, kept by the browser for an hour and asked for by its digest after that."""
    found = db.session.execute(
        select(Revision.source, Revision.sha256)
        .join(Publication, Publication.revision_id == Revision.id)
        .where(Publication.kind == "figure", Publication.key == f"{course}/{name}", Publication.withdrawn_at.is_(None))
    ).one_or_none()
    if found is None:
        abort(404)
    response = Response(found.source, mimetype="image/svg+xml")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.set_etag(found.sha256)
    return response.make_conditional(request)  # type: ignore[return-value]
