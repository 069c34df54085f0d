"""Calibrations that staff ask for: one at a time, computed by `flask calibrate --beside` in a process of its own, so
that its memory goes with it, and kept by the job that watches that process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from sqlalchemy import Row, exists, select, update

from lms import clock
from lms.author.models import CalibrationRun
from lms.config import ROOT
from lms.database import db, may_write
from lms.database.transaction import read_transaction, transaction
from lms.evidence.models import EvidenceSummary
from lms.evidence.parameter_drafts import Draft, store
from lms.identity.tenant_guard import UNSCOPED

COMMAND = (sys.executable, "-m", "flask", "--app", "wsgi", "calibrate", "--beside")
GONE = timedelta(minutes=5)  # after which nobody seems to work on it any more
SEEN = timedelta(seconds=30)  # between two signs of life
Open = Row[int, datetime | None, datetime | None, int, bool]  # the columns of `_OPEN`
_OPEN = select(
    CalibrationRun.id, CalibrationRun.started_at, CalibrationRun.seen_at, CalibrationRun.step, CalibrationRun.stop
).where(CalibrationRun.is_open.is_(True))
ENDING = 10  # seconds that the process has to end


def newest(organisation_id: int, count: int) -> list[CalibrationRun]:
    mine = CalibrationRun.organisation_id == organisation_id
    return list(db.session.scalars(select(CalibrationRun).where(mine).order_by(CalibrationRun.id.desc()).limit(count)))


def may_ask(organisation_id: int) -> bool:
    """A parameter set is everybody's: where other organisations have answers too, an operator decides."""
    others = select(exists().where(EvidenceSummary.organisation_id != organisation_id))
    return not db.session.scalar(others, execution_options=UNSCOPED)


def ask(organisation_id: int, person_id: int) -> CalibrationRun:
    """A run that waits for its process. IntegrityError where one is open."""
    run = CalibrationRun(organisation_id=organisation_id, created_by=person_id, is_open=True)
    db.session.add(run)
    db.session.flush()
    return run


class Calibrator:
    """The job of one process: begins what is asked for and watches what it has begun."""

    __name__ = "calibrate"

    def __init__(self) -> None:
        self.run: int | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.said: BinaryIO | None = None

    def __call__(self) -> None:
        with read_transaction():
            run = db.session.execute(_OPEN).one_or_none()
        if self.process is not None:
            self._look(self.process, run)
        elif run is not None:
            self._take(run)

    def _take(self, run: Open) -> None:
        """Begin it where nobody has; what was begun and forgotten has failed."""
        now = clock.now()
        if run.started_at is None:
            unclaimed = CalibrationRun.started_at.is_(None)
            if _change(run.id, unclaimed, started_at=now, seen_at=now):
                self._begin(run.id)
        elif run.seen_at is None or now - run.seen_at > GONE:
            _end(run.id, "failed")

    def _begin(self, run: int) -> None:
        self.run, self.said = run, tempfile.TemporaryFile()  # noqa: SIM115  open as long as the process
        self.process = subprocess.Popen(COMMAND, cwd=ROOT, stdin=subprocess.PIPE, stdout=self.said)  # noqa: S603

    def _look(self, process: subprocess.Popen[bytes], run: Open | None) -> None:
        if run is None or run.id != self.run or run.stop:
            process.kill()
            process.wait(ENDING)
            self._end("stopped")
        elif process.poll() is None:
            _note(run, self._lines())
        elif process.returncode:
            self._end("failed")
        else:
            self._keep(self._lines()[-1]["draft"])

    def _lines(self) -> list[dict[str, Any]]:
        """What the process has said so far; read without moving the place at which it goes on."""
        if self.said is None:
            return []
        text = os.pread(self.said.fileno(), os.fstat(self.said.fileno()).st_size, 0)
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith(b"\n")]

    def _keep(self, draft: Draft) -> None:
        if not draft["parameters"]:
            self._end("empty")
            return
        run = self.run or 0
        transaction(lambda: _store(run, draft))()
        self._forget()

    def _end(self, outcome: str) -> None:
        _end(self.run or 0, outcome)
        self._forget()

    def _forget(self) -> None:
        if self.process and self.process.stdin:
            self.process.stdin.close()
        if self.said:
            self.said.close()
        self.run = self.process = self.said = None


def _note(run: Open, lines: list[dict[str, Any]]) -> None:
    """How far it is, where that is news, and now and then that somebody works on it."""
    steps = [line["step"] for line in lines if "step" in line]
    number = steps[-1]["number"] if steps else 0
    if number != run.step:
        now, read = steps[-1], sum(step["answers"] for step in steps)
        progress = {"step": number, "steps": now["of"], "skill": now["skill"], "answers": read}
        _change(run.id, seen_at=clock.now(), **progress)
    elif run.seen_at is None or clock.now() - run.seen_at > SEEN:
        _change(run.id, seen_at=clock.now())


def _change(run: int, *where: Any, **values: Any) -> bool:
    statement = update(CalibrationRun).where(CalibrationRun.id == run, CalibrationRun.is_open.is_(True), *where)
    with may_write(), db.engine.begin() as connection:
        return connection.execute(statement.values(**values)).rowcount == 1


def _end(run: int, outcome: str) -> None:
    _change(run, is_open=None, outcome=outcome, ended_at=clock.now())


def _store(run_id: int, draft: Draft) -> None:
    run = db.session.get_one(CalibrationRun, run_id, with_for_update=True)
    new_set = store(draft, f"{clock.now():%Y-%m-%d}", "")
    run.is_open, run.outcome, run.ended_at, run.set_id = None, "done", clock.now(), new_set.id
    run.step, run.answers = run.steps, sum(line["n"] for line in draft["parameters"])
