"""The work samples of the house: one entry each, by which runs, pages and commands find what they need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from lms.lab.briefs import NAMES, brief_of
from lms.lab.model import (
    audit,
    audit_bots,
    bots,
    desk,
    desk_bots,
    long_bots,
    scheduler,
    scheduler_bots,
    scoring,
    triage,
    triage_bots,
)
from lms.lab.model.log import Action, Play
from lms.lab.model.marks import Places
from lms.lab.model.play import LAUNCHED, CampaignPlay, LongPlay
from lms.lab.model.seeds import LONG_SEEDS, SEEDS
from lms.lab.wording import TaskWords, task_words
from lms.psychometrics.items import ItemParameters
from lms.worklog.practice import named_by

CAMPAIGN, CAMPAIGN_LONG = "campaign", "campaign_long"
# Thresholds where bots of known error cross the cuts of a unit's score (vague 0.47, researched 0.74, expert 0.91 taken
# as levels about 0, 1 and 2 on theta); provisional until people have played.
UNIT = ItemParameters(a=0.8, b=(-0.7, 0.1, 1.05), sd_b=0.5)
# A short task rests on a handful of decisions: it weighs less and is less sure of its thresholds.
SHORT_UNIT = ItemParameters(a=0.6, b=(-0.7, 0.1, 1.05), sd_b=0.7)


@dataclass(frozen=True)
class Bots:
    """Programs that play a task. scores: of one seed, by bot; table: expected mean of each and its bound for a few
    seeds; bounds: what a seed may give to be as hard as the others."""

    scores: Callable[[int], Mapping[str, float]]
    table: Mapping[str, float]
    bounds: Mapping[str, tuple[float, float]]

    def passes(self, scores: Mapping[str, float]) -> bool:
        """Whether a seed is as hard as the others."""
        return all(low <= scores[name] <= high for name, (low, high) in self.bounds.items())


@dataclass(frozen=True)
class LabTask:
    """One work sample. name: in addresses and tables; code: in the catalogue, "" for one that is for training alone;
    kind: of its evidence; words_file: of `texts/`, form: prefix of title and lead in it; minutes: planned, limit:
    given; briefs: a run is of one of them, ("",) where there is no choice; fields: pattern of the names its forms may
    hold, texts: of those that may hold a whole text; begun: from this step on a run that the clock ended is evidence,
    0 where a whole step is enough; earlier: how runs of earlier versions are read."""

    name: str
    code: str
    kind: str
    version: str
    words_file: str
    minutes: int
    limit: int
    seeds: Sequence[int]
    places: Places
    play: type[Play]
    outcome: Callable[[int, str, Iterable[Action]], dict[str, Any]]
    bots: Bots
    fields: str
    texts: str = ""
    form: str = ""
    briefs: tuple[str, ...] = ("",)
    unit: ItemParameters = SHORT_UNIT
    begun: int = 0
    earlier: tuple[LabTask, ...] = ()

    def at(self, version: str) -> LabTask:
        """The task as a run of that version was begun with it; versions that read alike are not told apart."""
        return next((each for each in self.earlier if each.version == version), self)

    @cached_property
    def words(self) -> TaskWords:
        return task_words(self.words_file, self.play.LAST, self.places, self.form)

    def brief_version(self, brief: str) -> int:
        return brief_of(brief).version if brief else 1

    def work_name(self, brief: str) -> str:
        """Under which its evidence stands, and by which a second run of a period is practice."""
        return f"{self.kind} {brief}".strip()

    @property
    def sub_competencies(self) -> frozenset[str]:
        return frozenset(sub for _step, sub in self.places.values() if sub)


def _campaign(
    name: str, code: str, form: type[CampaignPlay], minutes: tuple[int, int], seeds: Sequence[int], programs: Bots
) -> LabTask:
    """A form of the Campaign Lab. minutes: planned, given."""
    return LabTask(
        name=name,
        code=code,
        kind="lab" if form.size.is_evidence else name,
        version=form.size.version,
        words_file="words",
        form="" if form.size.is_evidence else "long_",
        minutes=minutes[0],
        limit=minutes[1],
        seeds=seeds,
        places=scoring.SCORES,
        play=form,
        outcome=lambda seed, brief, actions: scoring.outcome(seed, brief_of(brief).rules, actions, form),
        bots=programs,
        fields=r"rank_[a-z]{2,10}|segments|windows|kpi|target|pillars|hours_[a-z]{2,12}|p[0-9]_[a-z]{2,10}|tags"
        r"|reply_[0-4]|first|rate|cause|claim|tested|card",
        texts=r"p[0-9]_words" if form.size.feels else "",
        briefs=NAMES,
        unit=UNIT,
        begun=LAUNCHED,
    )


def _short(
    name: str, code: str, model: Any, play: type[Play], programs: Any, minutes: int, limit: int, fields: str
) -> LabTask:
    """A task without briefs. model, programs: its modules of `model/`, in which the same things have the same names."""
    return LabTask(
        name=name,
        code=code,
        kind=name,
        version=model.VERSION,
        words_file=name,
        minutes=minutes,
        limit=limit,
        seeds=model.SEEDS,
        places=model.SCORES,
        play=play,
        outcome=lambda seed, _brief, actions: dict(model.outcome(seed, actions)),
        bots=Bots(programs.scores, programs.TABLE, programs.BOUNDS),
        fields=fields,
    )


def _desk() -> LabTask:
    task = _short(
        "metrics_desk", "W5", desk, desk.DeskPlay, desk_bots, 8, 15, r"rate|pooled|odd|claim|cheapest|cost|next|proof"
    )
    first = replace(
        task,
        version=desk.FIRST_VERSION,
        play=desk.FirstPlay,
        outcome=lambda seed, _brief, actions: desk.outcome(seed, actions, desk.FirstPlay),
    )
    return replace(task, earlier=(first,))


TASKS: Mapping[str, LabTask] = {
    task.name: task
    for task in (
        _campaign(CAMPAIGN, "W1", CampaignPlay, (14, 30), SEEDS, Bots(bots.scores, bots.TABLE, bots.BOUNDS)),
        _campaign(
            CAMPAIGN_LONG,
            "",
            LongPlay,
            (50, 90),
            LONG_SEEDS,
            Bots(
                lambda seed: long_bots.scores(seed, brief_of(NAMES[0]).rules.messages),
                long_bots.TABLE,
                long_bots.BOUNDS,
            ),
        ),
        _short("inbox", "W2", triage, triage.TriagePlay, triage_bots, 8, 15, r"prio_(?:[0-9]|1[0-4])|done|do"),
        _short("scheduler", "W4", scheduler, scheduler.SchedulerPlay, scheduler_bots, 6, 12, r"slot_[0-5]|post|put"),
        _desk(),
        _short(
            "profile_audit", "W8", audit, audit.AuditPlay, audit_bots, 6, 12, r"faults|repair_[a-z]{3,12}|urgent_[0-2]"
        ),
    )
}
SHORT = [task for task in TASKS.values() if task.name not in (CAMPAIGN, CAMPAIGN_LONG)]


def of_practice(practice: str | None) -> LabTask | None:
    """The task that a module's practice names."""
    return named_by(practice, TASKS)
