"""Search over modules."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from lms import publishing
from lms.identity.access import needs
from lms.learn.blueprint import bp, title_of
from lms.web.i18n import language


@bp.get("/search")
@needs("trainee")
def search() -> ResponseReturnValue:
    query = request.args.get("q", "").strip()[:200]
    library = publishing.library()
    hits = [hit for hit in publishing.search(query, language()) if hit.module in library.modules]
    return render_template(
        "learn/search.html",
        query=query,
        asked=publishing.understood(query),
        hits=hits,
        modules=library.modules,
        courses=library.courses,
        title_of=title_of,
    )
