"""The ways between a work's pages, the same for every kind of work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic

from flask import flash, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue

from lms.identity.access import current_person
from lms.web.i18n import speak
from lms.worklog.log import W, WorkLog


@dataclass(frozen=True)
class Pages(Generic[W]):
    """page, result: endpoints; argument: name of the work's number in them."""

    log: WorkLog[W, Any]
    page: str
    result: str
    argument: str

    def own(self, work_id: int, lock: bool = False) -> W:
        """The person's own work, whatever their roles. One that another page asked for is shown in the language that it
        was given in."""
        work = self.log.own(current_person.id, work_id, lock)
        if work.give_back_url and work.begun_in:
            speak(work.begun_in)
        return work

    def _number(self, work: W) -> dict[str, Any]:
        return {self.argument: work.id}

    def go_on(self, work: W, **where: Any) -> ResponseReturnValue:
        return redirect(url_for(self.page, **self._number(work), **where), 303)

    def ended(self, work: W) -> ResponseReturnValue:
        """To the result; whoever asked for the work has the person first."""
        return redirect(work.give_back_url or url_for(self.result, **self._number(work)), 303)

    def before_result(self, work: W) -> ResponseReturnValue | None:
        """Where the person is to go first: back to a work that runs, or to the page that asked for it."""
        if work.finished_at is None:
            return self.go_on(work)
        return self.ended(work) if work.give_back_url else None

    def end(self, work_id: int, still: str) -> ResponseReturnValue:
        """Close a work whose time is over; one that still has time goes on, and `still` says so."""
        work = self.own(work_id, lock=True)
        if work.finished_at is None and not work.is_over():
            flash(still)
            return self.go_on(work)
        self.log.finish(work)
        return self.ended(work)


def unsaved(reason: str, code: int = 409, **more: Any) -> ResponseReturnValue:
    """What a script is told of an entry that was not taken."""
    return jsonify(saved=False, error=reason, **more), code
