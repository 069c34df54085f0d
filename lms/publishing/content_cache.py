"""What a process has read of published content; what a transaction publishes is its own until the commit."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from lms.database import db
from lms.publishing.joined_shelves import CurrentContent
from lms.publishing.shelf import Shelf


@dataclass
class ContentCache:
    """What the process has read. One thread at a time reads what is missing; the others wait for it."""

    shelves: dict[int, Shelf] = field(default_factory=dict)
    contents: dict[int | None, CurrentContent] = field(default_factory=dict)
    shipped: list[int] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)


def init_app(app: Flask) -> None:
    app.extensions["publishing"] = ContentCache()
    for name in ("after_commit", "after_rollback"):
        if not event.contains(db.session, name, _forget_uncommitted):
            event.listen(db.session, name, _forget_uncommitted)


def content_cache() -> ContentCache:
    """A transaction that has published keeps what it reads to itself: it may yet be rolled back."""
    mine: ContentCache = db.session.info.get("uncommitted") or current_app.extensions["publishing"]
    return mine


def keep_to_transaction() -> None:
    """From here to the commit nothing that is read goes to the other threads."""
    if "uncommitted" not in db.session.info:
        shared = content_cache()
        with shared.lock:
            db.session.info["uncommitted"] = ContentCache(dict(shared.shelves), dict(shared.contents))


def _forget_uncommitted(session: Session) -> None:
    session.info.pop("uncommitted", None)
