"""Who may open a page. A view says it with exactly one of these marks; the application does not start without it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import OperationalError
from werkzeug.local import LocalProxy

from lms.database import db, replica
from lms.identity import factors
from lms.identity.models import ROLES, Person
from lms.identity.sessions import OWES_FACTOR, STAFF
from lms.web.errors import Refusal, wants_json

TOOK_TOO_LONG = "57014"  # PostgreSQL: the statement's time limit
View = TypeVar("View", bound=Callable[..., Any])
current_person: Person = cast(Person, LocalProxy(lambda: current_user._get_current_object()))


def public(view: View) -> View:
    """Anyone may open it."""
    view.access = ("public",)  # type: ignore[attr-defined]
    return view


def by_token(view: View) -> View:
    """No person opens it but a program that holds a token; the view looks at the token itself."""
    view.access = ("token",)  # type: ignore[attr-defined]
    return view


def needs_person(view: View) -> View:
    """Any signed-in person may open it, also one without a role; what they find there is loaded through themselves."""
    return _guarded(view, ROLES)


def needs(*roles: str) -> Callable[[View], View]:
    """Only people with one of the roles may open it."""
    if unknown := set(roles) - set(ROLES):
        raise ValueError(f"no such role: {', '.join(sorted(unknown))}")
    return lambda view: _guarded(view, roles)


def while_owing(view: View) -> View:
    """Below the other mark: open also to somebody who must set up a second factor first."""
    view.while_owing = True  # type: ignore[attr-defined]
    return view


def _guarded(view: View, roles: tuple[str, ...]) -> View:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            return ask_to_sign_in()
        if session.get(OWES_FACTOR) and not hasattr(view, "while_owing") and factors.is_due(current_user):
            return redirect(url_for("identity.factors_page"), 303)
        if not _is_open_to(current_user, roles):
            abort(403)
        return _from_follower(view, args, kwargs) if set(roles) <= set(STAFF) else view(*args, **kwargs)

    guarded.access = roles  # type: ignore[attr-defined]
    return cast(View, guarded)


def _from_follower(view: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    """A page of staff that only reads, from a database that follows the first where there is one that can."""
    if not replica.is_set(current_app):
        return view(*args, **kwargs)
    try:
        with replica.following(db.engines[replica.KEY]) as follows:
            return view(*args, **kwargs)
    except OperationalError as error:
        if not follows or getattr(error.orig, "sqlstate", None) == TOOK_TOO_LONG:
            raise
        replica.leave_alone()
        db.session.rollback()
        return view(*args, **kwargs)


def may_open(person: Person, endpoint: str) -> bool:
    """Whether there is such a page and the person's roles open it."""
    access: tuple[str, ...] = getattr(current_app.view_functions.get(endpoint), "access", ())
    return access == ("public",) or _is_open_to(person, access)


def _is_open_to(person: Person, roles: tuple[str, ...]) -> bool:
    return roles == ROLES or person.has_role(*roles)


def ask_to_sign_in() -> ResponseReturnValue:
    """A page goes to the sign-in form and comes back; a script is told in its own language and keeps what it holds."""
    if wants_json():
        return jsonify(error="signed_out"), 401
    target = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for("identity.sign_in", next=target), 303)


def refuse_demo() -> None:
    """Many people share each of the demo's accounts, so nobody changes how it is entered, or ends it."""
    if current_person.is_demo:
        raise Refusal(
            _(
                "Many people share the accounts of the demo, so these have no password and no second factor and cannot "
                "be erased. In an account of your own all of this is possible."
            )
        )


def require_marks(app: Flask) -> None:
    """Raise RuntimeError naming every route that does not say who may open it."""
    bare = [name for name, view in app.view_functions.items() if not hasattr(view, "access")]
    if bare:
        raise RuntimeError(f"these views declare no access: {', '.join(sorted(bare))}")
