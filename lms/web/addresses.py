"""Which of this application's addresses open as a page, and where those that only take forms lead."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

from flask import Flask, current_app, request, url_for
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect


def init_app(app: Flask) -> None:
    app.jinja_env.globals["url_for"] = address


def address(endpoint: str, **values: Any) -> str:
    """`url_for` of templates, which ask for dozens on a page: what is written of words and numbers alone is written
    once. The address of a file holds the file's version."""
    if not request or not all(type(value) in (str, int) for value in values.values()):
        return url_for(endpoint, **values)
    return _written(request.root_path, _changed_at(**values) if endpoint == "static" else 0, endpoint, **values)


def _changed_at(filename: str) -> int:
    return os.stat(f"{current_app.static_folder}/{filename}").st_mtime_ns


@lru_cache(maxsize=4096)
def _written(_below: str, _version: int, endpoint: str, **values: Any) -> str:
    return url_for(endpoint, **values)


def split(address: str) -> SplitResult:
    """The parts of what somebody sent as an address; all empty where it is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", "", "", "")


def page_of(path: str) -> str | None:
    """The path where it is a GET page of this application; the nearest page above where it only takes forms, since a
    tab that is loaded again and the language switch shall not lead away from there; else None."""
    try:
        _match(path)
    except MethodNotAllowed:
        return _above(path)
    except (RequestRedirect, HTTPException):
        return None
    return path


def _above(path: str) -> str | None:
    while path := path.rpartition("/")[0]:
        if (page := page_of(path)) == path:
            return page
    return None


def _match(path: str) -> None:
    """HTTPException where no GET page of ours stands there. Other sites never match a route."""
    current_app.create_url_adapter(request).match(path, method="GET")  # type: ignore[union-attr]
