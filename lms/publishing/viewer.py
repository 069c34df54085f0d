"""For whom published content is read: the organisation of the person signed in, or the one that `content_of` says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from flask import has_request_context
from flask_login import current_user

_viewer: ContextVar[int | None] = ContextVar("viewer", default=None)


@contextmanager
def content_of(organisation_id: int) -> Iterator[None]:
    """Inside, everything published is read as the people of this organisation see it."""
    token = _viewer.set(organisation_id)
    try:
        yield
    finally:
        _viewer.reset(token)


def viewer() -> int | None:
    """The organisation that is answered for; None for nobody's."""
    organisation = _viewer.get()
    if organisation is None and has_request_context():
        person = current_user._get_current_object()  # a page asks hundreds of times
        return int(person.organisation_id) if person and person.is_authenticated else None
    return organisation
