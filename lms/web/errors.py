"""Pages for what went wrong: what happened and what to do, in the reader's language, never a traceback."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Flask, g, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import (
    Forbidden,
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    SecurityError,
    ServiceUnavailable,
)
from werkzeug.http import parse_accept_header

from lms.database import db
from lms.web import log
from lms.web.addresses import page_of

SHOWN = (400, 403, 404, 405, 409, 413, 429, 503)


class Refusal(Forbidden):
    """Its description tells the reader why, in their language; others' are a program's English."""


def init_app(app: Flask) -> None:
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(SecurityError, _unknown_host)
    app.register_error_handler(MethodNotAllowed, _form_only)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(InterfaceError, _database_away)
    app.register_error_handler(PoolTimeout, _database_away)
    app.register_error_handler(Exception, _unexpected)


def wants_json() -> bool:
    return _prefers_json(request.headers.get("Accept", ""))


@lru_cache(maxsize=256)
def _prefers_json(accept: str) -> bool:
    """Of the header alone, which all requests of a browser share."""
    return parse_accept_header(accept, MIMEAccept).best_match(("text/html", "application/json")) == "application/json"


def _page(code: int, name: str, headers: Any = (), reason: str = "") -> ResponseReturnValue:
    if wants_json():
        return jsonify(error=name), code, dict(headers)
    try:
        page = _draw(code, reason)
    except (OperationalError, InterfaceError):  # the page greets its reader, who stands in the database
        _forget_reader()
        page = _draw(code, reason)
    return page, code, dict(headers)


def _draw(code: int, reason: str) -> str:
    return render_template("error.html", code=code if code in SHOWN else 500, reason=reason)


def _forget_reader() -> None:
    db.session.rollback()
    g._login_user = AnonymousUserMixin()


def _unknown_host(_error: SecurityError) -> ResponseReturnValue:
    """A request for another host's name: no page, since no address of ours could stand in it."""
    return "Անհայտ հասցե։ Unknown address.\n", 400, {"Content-Type": "text/plain; charset=utf-8"}


def _form_only(error: MethodNotAllowed) -> ResponseReturnValue:
    """A form's address opened as a page, as by a tab that the browser brings back: the page of that form."""
    above = page_of(request.path)
    if request.method != "GET" or wants_json() or above is None:
        return _http(error)
    return redirect(above, 303)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error  # a redirect
    headers = [(key, value) for key, value in error.get_headers() if key in ("Retry-After", "Allow")]
    reason = error.description or "" if isinstance(error, Refusal) else ""
    return _page(error.code, error.name.lower().replace(" ", "_"), headers, reason)


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    return _page(400, "stale_form")


def _database_away(_error: Exception) -> ResponseReturnValue:
    _forget_reader()
    return _page(ServiceUnavailable.code, "service_unavailable", [("Retry-After", "2")])


def _unexpected(error: Exception) -> ResponseReturnValue:
    log.trouble(error)
    db.session.rollback()
    return _page(InternalServerError.code, "internal_server_error")
