"""Search over modules."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from lms import shelf
from lms.i18n import language
from lms.learn.room import rooms, title_of
from lms.people.access import needs


@rooms.get("/search")
@needs("trainee")
def search() -> ResponseReturnValue:
    query = request.args.get("q", "").strip()[:200]
    library = shelf.library()
    hits = [hit for hit in shelf.search(query, language()) if hit.module in library.modules]
    return render_template(
        "learn/search.html",
        query=query,
        hits=hits,
        modules=library.modules,
        courses=library.courses,
        title_of=title_of,
    )
