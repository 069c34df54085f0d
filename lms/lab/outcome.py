"""The outcome of a run in words: what each decision cost, what a strong plan did, what to learn next."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from lms import publishing
from lms.database import db
from lms.formats import format_number
from lms.lab.model import marks, scoring, sprint
from lms.lab.model.constants import PLATFORMS
from lms.lab.model.size import Size
from lms.lab.model.world import draw
from lms.lab.models import LabRun
from lms.lab.screen import say_in
from lms.lab.tasks import LabTask
from lms.web.i18n import in_hundred

WARM, COLD = 0.15, -0.15  # mood, of 1, from which it is told; guesses leave 0, give or take 0.2
WORST, WORTH_SAYING = 3, 0.15  # losses told in words, and the share from which one is
LESSONS = 2  # courses named as the next ones to learn


@dataclass(frozen=True)
class ScorePart:
    """One score of a step. share: 0..1 of a good professional's; advice: what to do, "" where it is fine."""

    name: str
    share: float
    advice: str


@dataclass(frozen=True)
class StepResult:
    """share: None where the step was not reached; course: (address of its first module, title) of what teaches it."""

    number: int
    name: str
    share: float | None
    parts: Sequence[ScorePart]
    course: tuple[str, str] | None


def read(run: LabRun) -> Mapping[str, Any]:
    """The stored outcome."""
    outcome: Mapping[str, Any] = json.loads(run.outcome or "{}")
    return outcome


def steps(task: LabTask, outcome: Mapping[str, Any], language: str) -> list[StepResult]:
    """Every step of the task, also those that were not reached."""
    return [
        StepResult(
            step,
            name.get(language),
            _bounded(outcome["steps"].get(str(step))),
            _parts(task, outcome["scores"], step, language),
            _course(task, step, language),
        )
        for step, name in task.words.steps.items()
    ]


def _parts(task: LabTask, scores: Mapping[str, float | None], step: int, language: str) -> list[ScorePart]:
    reached = [name for name in task.places if scores.get(name) is not None and task.places[name][0] == step]
    return [_part(task, name, _bounded(scores[name]) or 0.0, language) for name in reached]


def _part(task: LabTask, name: str, share: float, language: str) -> ScorePart:
    advice = task.words.advice[name].get(language) if share < marks.CUTS[-1] else ""
    return ScorePart(task.words.scores[name].get(language), share, advice)


def _bounded(score: float | None) -> float | None:
    return None if score is None else max(0.0, min(1.0, score))


def _course(task: LabTask, step: int, language: str) -> tuple[str, str] | None:
    slug = task.words.courses[step]
    library = publishing.library()
    same_slug = next((course for course in library.courses.values() if course.slug == slug), None)
    if same_slug is None or not same_slug.modules:
        return None
    return publishing.module_address(slug, library.modules[same_slug.modules[0]].slug), same_slug.title.get(language)


def lessons(steps: Sequence[StepResult]) -> list[StepResult]:
    """The weakest steps that a course teaches, weakest first, each course once."""
    weak = [each for each in steps if each.share is not None and each.share < marks.CUTS[-1] and each.course]
    by_course: dict[str, StepResult] = {}
    for each in sorted(weak, key=lambda each: each.share or 0.0):
        by_course.setdefault(each.course[0] if each.course else "", each)
    return list(by_course.values())[:LESSONS]


@dataclass(frozen=True)
class Loss:
    """text: what a decision cost; advice: what would have cost less."""

    text: str
    advice: str


def losses(outcome: Mapping[str, Any], plan: Sequence[Mapping[str, str]], language: str) -> list[Loss]:
    """The largest losses, largest first. plan: the decisions of each post in words, by `plan_words.decisions`."""
    say = say_in(language)
    every = [(share, at, name) for at, lost in enumerate(outcome["losses"], 1) for name, share in lost.items()]
    worst = [each for each in sorted(every, reverse=True) if each[0] >= WORTH_SAYING][:WORST]
    return [
        Loss(
            _(
                "Post %(post)s lost %(share)s%% of what it could have brought. Cause: %(cause)s (%(decision)s).",
                post=at,
                share=in_hundred(share),
                cause=say("factors", name).lower(),
                decision=plan[at - 1].get(name, "–"),
            ),
            say("factor_advice", name),
        )
        for share, at, name in worst
    ]


def strong_plan(run: LabRun, size: Size, language: str) -> list[str]:
    """Two decisions of a strong plan in this world, never the whole of it."""
    say, world = say_in(language), draw(run.seed)
    reference = sprint.scale(run.seed, size).reference
    used = [PLATFORMS[post.platform] for post in reference]
    favourite = max(dict.fromkeys(used), key=used.count)
    windows = ", ".join(say("windows", name) for name in scoring.best_windows(world))
    return [
        _("It put most of its work into %(platform)s.", platform=say("platforms", favourite)),
        _("The people who matter are most active here: %(windows)s.", windows=windows),
    ]


def money_words(outcome: Mapping[str, Any], language: str) -> list[str]:
    """What the drams behind the posts brought, and what they could have brought."""
    paid = outcome.get("paid")
    if paid is None:
        return []
    if not paid["spent"]:
        return [_("No money stood behind the posts.")]
    return [
        _(
            "%(drams)s drams lifted the week's value by %(gain)s%%. Behind the right posts, shown to the right people, "
            "the same money would have lifted it by %(best)s%%.",
            drams=format_number(paid["spent"], language),
            gain=format_number(100 * paid["gain"], language, 0),
            best=format_number(100 * max(paid["gain"], paid["best"]), language, 0),
        )
    ]


def mood_words(outcome: Mapping[str, Any]) -> str:
    """What the replies did to the week after them; "" where it did not count."""
    mood = outcome["mood"] or 0.0
    if "paid" not in outcome or COLD < mood < WARM:
        return ""
    if mood > 0:
        return str(_("Your replies left people in a good mood: the next week's posts found them open."))
    return str(_("Your replies left people cool or cross: the next week's posts reached fewer hearts."))


def points(score: float | None) -> str | None:
    """A plan score as points of 100, as it is read; a plan worse than chance may be below 0."""
    return None if score is None else str(round(100 * score)).replace("-", "−")


@dataclass(frozen=True)
class StepLoss:
    """Of all runs that reached the step: how many, and the mean of what was lost, 0..1."""

    number: int
    name: str
    runs: int
    loss: float


def step_losses(organisation_id: int, task: LabTask, language: str) -> list[StepLoss]:
    """Where the organisation's people lose most, largest loss first; steps that nobody reached are left out."""
    rows = select(LabRun.outcome).where(
        LabRun.organisation_id == organisation_id, LabRun.task == task.name, LabRun.outcome.is_not(None)
    )
    reached = [json.loads(text)["steps"] for text in db.session.scalars(rows) if text]
    losses = []
    for step, name in task.words.steps.items():
        shares = [_bounded(each[str(step)]) or 0.0 for each in reached if str(step) in each]
        if shares:
            losses.append(StepLoss(step, name.get(language), len(shares), 1 - sum(shares) / len(shares)))
    return sorted(losses, key=lambda each: -each.loss)
