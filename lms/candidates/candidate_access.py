"""What a candidate may open: the way, the sitting, and what is public. Nothing else of the house is theirs. Candidates
have no password: whose session is over is shown the way by the link, not the page to sign in."""

from __future__ import annotations

from flask import abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from lms.campaigns import candidate_of
from lms.identity.models import ROLES
from lms.web.errors import wants_json

BY_LINK = "by_link"  # in the visitor's cookie: they came in by a candidate's link
ROOMS = {"assess", "candidates"}
# A work sample as it is done, not what it came to.
WORKS = {"lab.play", "lab.act", "lab.end", "lab.picture", "rating.write", "rating.save", "rating.end"}
PAGES = {"identity.sign_out", "identity.choose_language", "publishing.figure"} | WORKS


def keep_on_the_way() -> ResponseReturnValue | None:
    """Pages for any signed-in person (profile, password, own data, sheets) are not for a candidacy: a candidate who
    comes to one is led back. Pages of a role are shut to them anyway."""
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "access", ()) != ROLES:
        return None
    if _is_a_candidates_page() and not current_user.is_authenticated:
        return redirect(url_for("candidates.door"), 303)
    if request.blueprint in ROOMS or request.endpoint in PAGES:
        return None  # before anybody is looked up: a save opens a transaction of its own
    if not current_user.is_authenticated or current_user.roles or candidate_of(current_user.id) is None:
        return None
    return redirect(url_for("candidates.way"), 303) if request.method == "GET" else abort(404)


def _is_a_candidates_page() -> bool:
    """A page that nobody but a candidate asks for, or one of a test in a browser that came by a link."""
    of_a_test = request.blueprint in ROOMS or request.endpoint in WORKS
    reads = request.method == "GET" and not wants_json()
    return reads and (request.blueprint == "candidates" or (of_a_test and session.get(BY_LINK) is True))
