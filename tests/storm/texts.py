"""The pages on which people write, each as a storm writes on it: practice of a module, a sprint, a written reply."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from sqlalchemy import select

from lms import clock
from lms.database import db
from lms.identity.models import Person
from lms.lab import runs
from lms.lab.tasks import TASKS as PLAYED
from lms.learn.models import PracticeWork
from lms.rating import works
from lms.rating.tasks import TASKS as WRITTEN
from tests.storm.pages import Page, Stored

MODULE = "C1.1"
PARTS = ("morning", "noon", "afternoon", "evening")
WRITER = "ab" * 12
LONG = timedelta(days=1)  # a storm may take longer than a task's own limit; what comes after it is late and not shown
CONTENT = {"STORM_CONTENT": "1"}  # settings of a server that has modules


class Practice(Page):
    """Only the newest text is kept, under a version that grows."""

    told: ClassVar[str] = "version"
    keeps_all: ClassVar[bool] = False

    @classmethod
    def begin(cls, person: Person) -> tuple[int, str]:
        return 0, f"/modules/{MODULE}/practice"

    def fields(self, thing: str, seq: int, base: int) -> dict[str, object]:
        return {"text": thing, "base": base, "writer": "page-that-types", "seq": seq}

    def stored(self) -> tuple[Stored, str]:
        work = db.session.scalar(select(PracticeWork).where(PracticeWork.person_id == self.person))
        return ({work.version: work.text}, work.text) if work else ({}, "")


class Sprint(Page):
    """The first step of the Campaign Lab."""

    @classmethod
    def begin(cls, person: Person) -> tuple[int, str]:
        run = runs.start(person, PLAYED["campaign"], brief="tonir", deadline=clock.now() + LONG)
        return run.id, f"/lab/runs/{run.id}/steps/1"

    def thing(self, at: int) -> str:
        return f"{PARTS[at % 4]} {at}"

    def fields(self, thing: str, seq: int, base: int) -> dict[str, object]:
        return {"windows": thing.partition(" ")[0], "kpi": thing, "act": "save", "key": f"storm-{seq:06}", "base": base}

    def stored(self) -> tuple[Stored, str]:
        run = runs.run_of(self.person, self.number)
        log = {row.number: row.form["kpi"][0] for row in runs.log_of(run)}
        return log, runs.play_of(run)[0].form(1).get("kpi", [""])[0]


class Reply(Page):
    @classmethod
    def begin(cls, person: Person) -> tuple[int, str]:
        work = works.start(person, WRITTEN["reply"], "hy", deadline=clock.now() + LONG)
        return work.id, f"/written/works/{work.id}"

    def fields(self, thing: str, seq: int, base: int) -> dict[str, object]:
        return {"reply": thing, "writer": WRITER, "seq": seq, "base": base}

    def stored(self) -> tuple[Stored, str]:
        work = works.work_of(self.person, self.number)
        log = {row.number: row.form["reply"][0] for row in works.LOG.entries_of(work)}
        return log, works.form_of(work).get("reply", [""])[0]
