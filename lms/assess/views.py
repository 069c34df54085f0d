"""The sitting as pages and, at the same addresses, as JSON for its script. Everything is loaded through the person."""

from __future__ import annotations

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from lms import clock
from lms.assess import delivery, page, quick_save, stored_answers
from lms.assess.answer_form import TAB, PostedAnswer, TooLarge, posted_answer
from lms.assess.attempt import Attempt
from lms.assess.attempts import PLAIN, attempt_of, page_token
from lms.assess.models import Form, Writer
from lms.assess.receipt import ActRefused
from lms.assess.registry import result_address
from lms.database.transaction import transaction
from lms.identity.access import current_person, needs_person
from lms.web.errors import wants_json
from lms.web.i18n import language

bp = Blueprint("assess", __name__)
CODES = {"no_item": 404}  # of a refusal; every other is a conflict


@bp.get("/attempts/<id:attempt_id>")
@needs_person
def sitting(attempt_id: int) -> ResponseReturnValue:
    attempt = attempt_of(current_person.id, attempt_id)
    if attempt.submitted_at:
        return redirect(result_address(attempt, current_person), 303)
    if attempt.is_paused and attempt.specification.pause_endpoint:  # a question is not there to be thought about
        return redirect(result_address(attempt, current_person), 303)
    sheet = page.sheet(attempt, language(), request.args.get("item"), None, "alone" in request.args, _after())
    return render_template("assess/sitting.html", sheet=sheet, refused="")


def _after() -> int:
    return request.args.get("after", 0, type=int)


@bp.post("/attempts/<id:attempt_id>/responses")
@quick_save.tried_first
@needs_person
@transaction
def answer(attempt_id: int) -> ResponseReturnValue:
    attempt = attempt_of(current_person.id, attempt_id, lock=True)
    try:
        posted = posted_answer(request.form)
    except TooLarge:
        return _refusal("too_large", 413)
    except ValueError:
        return _refusal("unreadable", 400)
    return _answer_script(attempt, posted) if wants_json() else _answer_form(attempt, posted)


def _answer_script(attempt: Attempt, posted: PostedAnswer) -> ResponseReturnValue:
    try:
        receipt = attempt.answer(posted.position, posted.value, posted.seq, posted.key, posted.tab)
    except ActRefused as refused:
        return _refusal(refused.reason, CODES.get(refused.reason, 409))
    return jsonify(receipt.plain())


def _answer_form(attempt: Attempt, posted: PostedAnswer) -> ResponseReturnValue:
    """A page without script: save and go on. A page that is too old comes back with what was typed still in it."""
    tab, forward = posted.tab, not attempt.specification.revisit
    if forward and not posted.value and "skip" not in request.form and attempt.submitted_at is None:
        return _page(attempt, str(posted.position), "empty"), 422
    if attempt.submitted_at is None and not attempt.is_over() and page.is_contradiction(attempt, posted):
        return _page(attempt, str(posted.position), "contradiction", {posted.position: posted.value}), 422
    if "take_over" in request.form:
        tab = attempt.take_over(page_token()).tab
    try:
        if posted.value or posted.position in attempt.current_answers() or forward:
            attempt.answer(posted.position, posted.value, posted.seq, posted.key, tab, older=False)
    except ActRefused as refused:
        return _stale(attempt, posted.position, posted.value, refused.reason)
    if attempt.submitted_at:
        return redirect(result_address(attempt, current_person), 303)
    return _onward(attempt, posted.position)


def _onward(attempt: Attempt, position: int) -> ResponseReturnValue:
    if not attempt.specification.revisit:
        delivery.advance(attempt, position)
        ended = attempt.submitted_at is not None
        return redirect(result_address(attempt, current_person) if ended else _sitting(attempt), 303)
    wanted = request.form.get("go", "")
    if wanted != "end" and not wanted.isdecimal():
        wanted = str(page.next_open(attempt, position) or "end")
    return redirect(url_for("assess.sitting", attempt_id=attempt.id, alone=1, item=wanted), 303)


def _sitting(attempt: Attempt) -> str:
    return url_for("assess.sitting", attempt_id=attempt.id)


def _stale(attempt: Attempt, position: int, typed: Form, reason: str) -> ResponseReturnValue:
    if attempt.submitted_at:
        return redirect(result_address(attempt, current_person), 303)
    return _page(attempt, str(position), reason, {position: typed}), 409


def _page(attempt: Attempt, wanted: str | None, refused: str = "", typed: dict[int, Form] | None = None) -> str:
    sheet = page.sheet(attempt, language(), wanted, typed)
    return render_template("assess/sitting.html", sheet=sheet, refused=refused)


@bp.post("/attempts/<id:attempt_id>/writer")
@needs_person
@transaction
def writer(attempt_id: int) -> ResponseReturnValue:
    """Make the asking page the writer; with `epoch`, only if no other page became it since."""
    attempt = attempt_of(current_person.id, attempt_id, lock=True)
    tab, epoch = request.form.get("tab", ""), request.form.get("epoch", type=int)
    if not TAB.fullmatch(tab) or tab.startswith(PLAIN):
        return _refusal("unreadable", 400)
    try:
        present = attempt.take_over(tab or page_token(), epoch)
    except ActRefused as refused:
        return _refusal(refused.reason, 409)
    if not wants_json():
        return redirect(_sitting(attempt), 303)
    return jsonify(_state(attempt, present))


@bp.get("/attempts/<id:attempt_id>/state")
@needs_person
def state(attempt_id: int) -> ResponseReturnValue:
    attempt = attempt_of(current_person.id, attempt_id)
    return jsonify(_state(attempt, attempt.writer()))


def _state(attempt: Attempt, present: Writer) -> dict[str, object]:
    """What the page asks every few seconds: who writes, how long still, what the server holds."""
    numbers = stored_answers.current_numbers(attempt.id)
    return {
        "writer": present.tab,
        "epoch": present.epoch,
        "seq": present.last_seq(numbers.values()),
        "left": attempt.time_left(),
        "paused": attempt.is_paused,
        "finished": attempt.submitted_at is not None,
        "acknowledged": numbers,
        "time": clock.now().isoformat(timespec="milliseconds"),
        "csrf": generate_csrf(),
    }


@bp.post("/attempts/<id:attempt_id>/submission")
@needs_person
@transaction
def submit(attempt_id: int) -> ResponseReturnValue:
    attempt = attempt_of(current_person.id, attempt_id, lock=True)
    attempt.finish()
    target = result_address(attempt, current_person)
    return jsonify(submitted=True, result=target) if wants_json() else redirect(target, 303)


@bp.get("/attempts/<id:attempt_id>/submission")
@needs_person
def submission(attempt_id: int) -> ResponseReturnValue:
    """That the answers are handed in: where a test has no page of its own for the person."""
    attempt = attempt_of(current_person.id, attempt_id)
    if attempt.submitted_at is None:
        return redirect(_sitting(attempt), 303)
    return render_template("assess/submission.html", attempt=attempt, answered=len(attempt.current_answers()))


def _refusal(reason: str, code: int) -> ResponseReturnValue:
    if wants_json():
        return jsonify(saved=False, error=reason), code
    return render_template("error.html", code=code), code
