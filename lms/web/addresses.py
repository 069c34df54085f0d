"""Which of this application's addresses open as a page, and where the others lead."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect


def split(address: str) -> SplitResult:
    """The parts of what somebody sent as an address; all empty where it is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", "", "", "")


def opens(path: str) -> bool:
    """Whether the path is a GET page of this application. Other sites never match a route."""
    try:
        current_app.create_url_adapter(request).match(path, method="GET")  # type: ignore[union-attr]
    except (RequestRedirect, HTTPException):
        return False
    return True


def page_above(path: str) -> str:
    """The path itself, else the nearest one above it that opens: a form's own address belongs to the page it stands
    on, and a tab that is loaded again or the language switch shall not lead away from there."""
    path = "/" + path.lstrip("/")  # two at the start would name another host
    while path.strip("/") and not opens(path):
        path = path.rstrip("/").rpartition("/")[0]
    return path or "/"
