"""Pages that a browser may keep: it asks each time, and where nothing has changed the answer is 304 without a page.

The mark is made of the page as it would be sent, so that whatever goes into it (person, language, revision, own marks,
version of the program) makes another one. Of the form token, which is written anew for each page, counts what it was
made of: the kept page's token must still be taken.
"""

from __future__ import annotations

from hashlib import blake2b

from flask import Flask, Response, current_app, g, request, session

KEPT = "private, no-cache"  # stored by this browser alone, never shown without asking


def init_app(app: Flask) -> None:
    app.after_request(_validate)


def may_be_kept() -> None:
    """The page of this request holds nothing that must not lie in the browser's store until the person signs out."""
    g.may_be_kept = True


def _validate(response: Response) -> Response:
    if "may_be_kept" not in g or response.status_code != 200 or request.method not in ("GET", "HEAD"):
        return response
    response.headers["Cache-Control"] = KEPT
    response.vary.add("Cookie")
    response.set_etag(_mark(response.get_data()), weak=True)  # the same page, compressed or not
    return response.make_conditional(request)  # type: ignore[return-value]


def _mark(page: bytes) -> str:
    written = str(g.get("csrf_token", "")).encode()
    mark = blake2b(page.replace(written, b"") if written else page, digest_size=16)
    for part in (session.get("csrf_token", ""), session.get("_user_id", ""), current_app.secret_key):
        mark.update(b"\0" + str(part).encode())
    return mark.hexdigest()
