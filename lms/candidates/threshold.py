"""What a candidate may open: the way, the sitting, and what is public. Nothing else of the house is theirs."""

from __future__ import annotations

from flask import abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lms.campaigns import candidate_of
from lms.identity.models import ROLES

ROOMS = {"assess", "candidates"}
# A work sample as it is done, not what it came to.
WORKS = {"lab.play", "lab.act", "lab.end", "lab.picture", "rating.write", "rating.save", "rating.end"}
PAGES = {"identity.sign_out", "identity.choose_language", "publishing.figure"} | WORKS


def keep_on_the_way() -> ResponseReturnValue | None:
    """Pages for any signed-in person (profile, password, own data, sheets) are not for a candidacy: a candidate who
    comes to one is led back. Pages of a role are shut to them anyway."""
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "access", ()) != ROLES or request.blueprint in ROOMS or request.endpoint in PAGES:
        return None
    if not current_user.is_authenticated or current_user.roles or candidate_of(current_user.id) is None:
        return None
    return redirect(url_for("candidates.way"), 303) if request.method == "GET" else abort(404)
