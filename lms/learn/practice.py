"""The practice task's text: kept as it is typed, like an answer, and handed in when the person says so."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import bindparam, select

from lms import clock
from lms.assess.answer_form import TAB
from lms.content.model import Module
from lms.database import db
from lms.database.transaction import transaction
from lms.identity.access import current_person, needs
from lms.learn.blueprint import address, bp, module_by_id
from lms.learn.models import PracticeWork
from lms.web.errors import wants_json

MAX_TEXT = 20_000  # characters
MAX_SEQ = 2**53
HERE, HERE_WRONG = "practice", "practice-error"  # messages that stand beside the form, where the person is


@dataclass(frozen=True)
class PracticeDraft:
    """A text as a page's script sends it. base: the version that it was written over; writer, seq: as in the model."""

    text: str
    base: int
    writer: str
    seq: int


_WORK = select(PracticeWork).where(
    PracticeWork.person_id == bindparam("person"), PracticeWork.module == bindparam("module")
)


def work_of(person_id: int, module_id: str) -> PracticeWork | None:
    return db.session.scalar(_WORK, {"person": person_id, "module": module_id})


@bp.post("/modules/<module_id>/practice")
@needs("trainee")
@transaction
def practice(module_id: str) -> ResponseReturnValue:
    """Save the text of the task; `hand_in` hands it in, which completes the module once its check is passed."""
    module = module_by_id(module_id)
    text = request.form.get("text", "").replace("\r\n", "\n")
    if len(text) > MAX_TEXT:  # no page of ours sends it, and a text is never cut silently
        abort(413)
    work = work_of(current_person.id, module.id)
    if work is None:
        work = PracticeWork(person_id=current_person.id, module=module.id, text="", version=0, writer="", seq=0)
        db.session.add(work)
    return _save_script(work, text) if wants_json() else _save_form(module, work, text.strip())


def _save_form(module: Module, work: PracticeWork, text: str) -> ResponseReturnValue:
    _write(work, PracticeDraft(text, work.version, "", 0))
    if "hand_in" in request.form and text:
        work.handed_in_at = work.handed_in_at or clock.now()
        flash(_("Handed in. Compare your text with the model answer."), HERE)
    elif "hand_in" in request.form:
        flash(_("There is no text yet. Write a few sentences, then hand in."), HERE_WRONG)
    else:
        flash(_("Saved. You can go on with it whenever you like."), HERE)
    return redirect(address(module, "practice-form"), 303)


def _save_script(work: PracticeWork, text: str) -> ResponseReturnValue:
    base, seq = (request.form.get(name, -1, type=int) for name in ("base", "seq"))
    writer = request.form.get("writer", "")
    if not TAB.fullmatch(writer) or not writer or base < 0 or not 1 <= seq <= MAX_SEQ:
        return jsonify(saved=False, error="unreadable"), 400
    if not keep(work, PracticeDraft(text, base, writer, seq)):
        return jsonify(saved=False, error="newer", version=work.version), 409
    newer = {} if work.text == text else {"text": work.text}
    return jsonify(saved=True, seq=seq, version=work.version, **newer)


def keep(work: PracticeWork, draft: PracticeDraft) -> bool:
    """Write the draft over the text, unless it is older than what the same page wrote already. False where another
    page wrote since the draft's base: then nothing changes, and the person has to say which text they want."""
    if draft.text == work.text or (draft.writer == work.writer and draft.seq <= work.seq):
        return True
    if draft.writer != work.writer and draft.base != work.version:
        return False
    _write(work, draft)
    return True


def _write(work: PracticeWork, draft: PracticeDraft) -> None:
    work.text, work.writer, work.seq = draft.text, draft.writer, draft.seq
    work.version, work.saved_at = work.version + 1, clock.now()
