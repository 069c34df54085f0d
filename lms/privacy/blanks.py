"""New values of rows that outlive their person: nothing in them leads back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, case, func

from lms import clock
from lms.database import UTCDateTime
from lms.privacy.subject import Subject, candidacies


def nobody(_table: Table, subject: Subject) -> Mapping[str, Any]:
    return {
        "email": f"erased-{subject.id}@erased.invalid",
        "name": f"№ {subject.id}",
        "password_hash": None,
        "language": "hy",
        "active": False,
        "extra_time": 1.0,
        "role_wanted": None,
        "is_demo": False,
        "language_chosen": False,
        "is_erased": True,
    }


def _now() -> ColumnElement[Any]:
    return bindparam("now", clock.now(), UTCDateTime(), unique=True)


def dead_link(table: Table, _subject: Subject) -> Mapping[str, Any]:
    return {"email": "", "data": {}, "person_id": None, "used_at": func.coalesce(table.c.used_at, _now())}


def withdrawn(table: Table, _subject: Subject) -> Mapping[str, Any]:
    return {"data": {}, "withdrawn_at": func.coalesce(table.c.withdrawn_at, _now())}


def no_reason(table: Table, subject: Subject) -> Mapping[str, Any]:
    """The words about a candidate go with the candidate; those that a decider wrote about others stay."""
    return {"reason": case((table.c.candidate_id.in_(candidacies(subject)), ""), else_=table.c.reason)}


def no_candidate(table: Table, subject: Subject) -> Mapping[str, Any]:
    return {
        "name": f"№ {subject.id}",
        "email": f"erased-{subject.id}@erased.invalid",
        "language": "hy",
        "external_id": None,
        "token_hash": None,
        "revoked_at": func.coalesce(table.c.revoked_at, _now()),
        "may_pause": False,
    }
