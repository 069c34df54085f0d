"""What every reply carries and what no request may carry."""

from __future__ import annotations

import json

from flask import Flask, Response, abort, current_app, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.routing import IntegerConverter

csrf = CSRFProtect()
FIELDS = 500  # of one form; the longest of ours has some fifty
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
# Files of the house's own are no documents: what only a document obeys would be a quarter of a small file's weight.
OF_FILES = {name: HEADERS[name] for name in ("X-Content-Type-Options", "Cross-Origin-Resource-Policy")} | {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
}


class Id(IntegerConverter):
    """A database id: 1 to 2^31 - 1; what is larger cannot exist, so the route does not match and the answer is 404."""

    def __init__(self, map: object) -> None:
        super().__init__(map, min=1, max=2**31 - 1)  # type: ignore[arg-type]


def row_number(text: str) -> int:
    """The same where a form or a query names a row: ValueError for what cannot exist."""
    number = int(text)
    if not 0 < number < 2**31:
        raise ValueError(text[:20])
    return number


def init_app(app: Flask) -> None:
    app.url_map.converters["id"] = Id
    csrf.init_app(app)
    app.before_request(_refuse_nonsense)
    app.before_request(_refuse_unkeepable_json)
    app.after_request(_add_headers)


def _refuse_nonsense() -> None:
    """One place for NUL bytes, foreign origins and heaps of fields, before any view parses anything."""
    if "\0" in request.path or b"%00" in request.query_string or "\0" in request.query_string.decode("latin-1"):
        abort(400)
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        origin = request.headers.get("Origin")
        ours = (None, "null", current_app.config["HMUT_BASE_URL"])
        if origin not in ours and origin != request.host_url.rstrip("/"):
            abort(400)
        if len(request.form) > FIELDS:
            abort(413)
        if any("\0" in name + value for name, value in request.form.items(multi=True)):
            abort(400)


def _refuse_unkeepable_json() -> None:
    """What is JSON and yet nobody can read or keep: nested without end, numbers of thousands of digits, halves of
    letters. What is no JSON at all is each view's to answer."""
    if not request.is_json:
        return
    try:
        body = json.loads(request.get_data())
    except json.JSONDecodeError:
        return
    except (ValueError, RecursionError):
        abort(400)
    try:
        json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        abort(400)


def _add_headers(response: Response) -> Response:
    is_file = request.endpoint == "static" and response.status_code < 400
    present = {name for name, _ in response.headers}
    response.headers.extend(
        [(name, value) for name, value in (OF_FILES if is_file else HEADERS).items() if name not in present]
    )
    if is_file:
        for name in ("Content-Disposition", "Expires", "Last-Modified"):  # address, Cache-Control and ETag say the same
            response.headers.pop(name, None)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint != "static" and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response
