"""Accounts of one human: the room that gives somebody a second one, known by its address alone, says how both are
found. What the human has seen in the first is known to the second."""

from __future__ import annotations

from typing import Any, cast

from flask import Flask, current_app
from sqlalchemy import BindParameter, Select, bindparam

PERSON: BindParameter[int] = bindparam("person")  # in both statements: the id of the account that is asked about
Accounts = Select[Any]


def register(app: Flask, behind: Accounts, beside: Accounts) -> None:
    """behind: ids of the usual accounts of whoever has this second one; beside: the other way about."""
    app.extensions["other_accounts"] = (behind, beside)


def behind() -> Accounts | None:
    """Ids of the usual accounts of the human behind a second one; None where there are no second ones."""
    return _statements()[0]


def beside() -> Accounts | None:
    """Ids of the second accounts of the human who has this one."""
    return _statements()[1]


def _statements() -> tuple[Accounts | None, Accounts | None]:
    return cast(tuple[Accounts, Accounts], current_app.extensions.get("other_accounts", (None, None)))
