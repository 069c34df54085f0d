"""Refusals as problem documents (RFC 9457): what went wrong in words, and which fields."""

from __future__ import annotations

import json
from typing import Any

from flask import Response
from werkzeug.exceptions import HTTPException

KEPT = ("Retry-After", "Allow", "WWW-Authenticate")


def problem(error: HTTPException) -> Response:
    """The reply for an HTTP error; of a request that does not fit its schema also every field with its fault."""
    code = error.code or 500
    body: dict[str, Any] = {"type": "about:blank", "title": error.name, "status": code, "detail": error.description}
    data: dict[str, Any] = getattr(error, "data", None) or {}
    if "messages" in data:
        body |= {"detail": "The request does not fit its schema.", "errors": data["messages"]}
    reply = Response(json.dumps(body, ensure_ascii=False), code, content_type="application/problem+json")
    reply.headers.extend([(name, value) for name, value in error.get_headers() if name in KEPT])
    if code == 401:
        reply.headers["WWW-Authenticate"] = 'Bearer realm="hmut"'
    return reply
