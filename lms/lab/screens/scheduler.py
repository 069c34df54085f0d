"""The calendar of W4: posts, conditions, activity tables, and the week as it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from lms.content.text import Text
from lms.formats import format_percent
from lms.lab import drawings
from lms.lab.briefs import words
from lms.lab.model import calendar
from lms.lab.model import scheduler as model
from lms.lab.model.calendar import PLATFORMS, POSTS, ROLES, SEGMENTS, Week, draw
from lms.lab.model.log import Form
from lms.lab.model.scheduler import SchedulerPlay
from lms.lab.models import LabRun
from lms.lab.screens.base import Screen
from lms.lab.wording import file, group, text, texts
from lms.web.i18n import in_hundred, language

FILE = "scheduler.yaml"
SHADES = 5  # of a cell of the activity tables
WORTH_SAYING, WORST = 0.15, 3  # loss of a post from which it is told, and how many are


@dataclass(frozen=True)
class ShownPost:
    """number: 1..6; readers: in words; slot: its place as text, "" while it has none; promotes: it advertises;
    table: place of its platform's table."""

    number: int
    role: str
    platform: str
    caption: str
    readers: str
    slot: str
    promotes: bool
    table: int


@dataclass(frozen=True)
class Day:
    """One day of the grid. slots: (index, hour, number of the post in it or 0)."""

    name: str
    date: str
    slots: Sequence[tuple[int, str, int]]


@dataclass(frozen=True)
class PresenceTable:
    """Who is there on one platform. rows: (hours, (per cent, shade 0..4) of each segment)."""

    platform: str
    parts: Sequence[tuple[str, Sequence[tuple[str, Sequence[tuple[int, int]]]]]]


@cache
def _texts() -> Mapping[str, Mapping[str, Text]]:
    conditions = ("partner", "photos", "launch", "memorial", "gap")
    return {"roles": group(FILE, "roles", ROLES), "conditions": group(FILE, "conditions", conditions)}


@cache
def _captions(role: str) -> tuple[Text, ...]:
    return texts(file(FILE)["posts"][role], f"{FILE}, posts.{role}", calendar.VARIANTS)


@cache
def _segments(name: str = "segments") -> tuple[Text, ...]:
    return texts(file(FILE)[name], f"{FILE}, {name}", SEGMENTS)


def _step(run: LabRun, _play: SchedulerPlay, _step: int, form: Form) -> dict[str, Any]:
    week, placed = draw(run.seed), model.placed_in(form)
    waiting = [at for at, slot in enumerate(placed) if slot is None]
    chosen = model.chosen_post(form)
    return {
        "brand": text(file(FILE)["brand"], FILE).get(language()),
        "handle": file(FILE)["handle"],
        "story": text(file(FILE)["about"], FILE).get(language()),
        "monday": _date(week, 0),
        "conditions": [each.get(language()) for each in _texts()["conditions"].values()],
        "posts": [_post(week, at, placed[at]) for at in range(POSTS)],
        "placed": placed,
        "count": POSTS - len(waiting),
        "next_post": waiting[0] if waiting else chosen if chosen is not None else 0,
        "days": _days(week, placed),
        "slots": [(str(at), _slot(week, at)) for at in range(calendar.SLOTS)],
        "tables": [_table(week, at) for at in range(len(PLATFORMS))],
        "segments": [each.get(language()) for each in _segments("short_segments")],
    }


def _post(week: Week, at: int, slot: int | None) -> ShownPost:
    post, spoken = week.posts[at], language()
    order = sorted(range(SEGMENTS), key=lambda segment: -post.mix[segment])
    shares = {each: format_percent(post.mix[each] / 100, spoken) for each in order if post.mix[each]}
    readers = ", ".join(f"{_segments()[each].get(spoken)} {share}" for each, share in shares.items())
    caption = _captions(post.role)[post.variant].get(spoken)
    placed = "" if slot is None else _slot(week, slot)
    role, promotes = _texts()["roles"][post.role].get(spoken), post.role in calendar.PROMOTES
    return ShownPost(at + 1, role, _platform(post.platform), caption, readers, placed, promotes, post.platform)


def _platform(at: int) -> str:
    return words()["platforms"][PLATFORMS[at]].get(language())


def _day(day: int, short: bool = False) -> str:
    return words()["short_days" if short else "days"][str(day)].get(language())


def _date(week: Week, day: int) -> str:
    return str(_("%(day)s April", day=24 - week.memorial + day))


def _slot(week: Week, slot: int) -> str:
    day, hour = week.slots[slot]
    return f"{_day(day)}, {hour}:00"


def _days(week: Week, placed: Sequence[int | None]) -> list[Day]:
    days = []
    for day in range(calendar.DAYS):
        there = [(at, hour) for at, (on, hour) in enumerate(week.slots) if on == day]
        slots = [(at, f"{hour}:00", placed.index(at) + 1 if at in placed else 0) for at, hour in there]
        days.append(Day(_day(day), _date(week, day), slots))
    return days


def _table(week: Week, platform: int) -> PresenceTable:
    parts = [(_("Monday to Friday"), 0), (_("Saturday and Sunday"), 1)]
    return PresenceTable(_platform(platform), [(name, _rows(week, platform, weekend)) for name, weekend in parts])


def _rows(week: Week, platform: int, weekend: int) -> list[tuple[str, list[tuple[int, int]]]]:
    there = week.activity[platform, weekend]
    return [
        (f"{start}–{end}", [(int(share), min(SHADES - 1, int(share) // 20)) for share in there[band]])
        for band, (start, end) in enumerate(calendar.BANDS)
    ]


def _missing(lack: str) -> str:
    name, _space, number = lack.partition(" ")
    if name == "twice":
        return str(_("Two posts stand in one slot."))
    return str(_("Post %(number)s has no slot yet.", number=number))


def _outcome(run: LabRun, play: SchedulerPlay, outcome: Mapping[str, Any]) -> dict[str, Any]:
    week, placed = draw(run.seed), model.placed_in(play.form(1))
    best = model.best(run.seed)
    return {
        "broken": [_broken(week, name, post) for name, post in outcome["broken"]],
        "losses": _losses(week, placed, outcome["losses"]),
        "whole": bool(outcome["losses"]),
        "weeks": [(_("Your week"), _drawn(week, placed)), (_("The best week"), _drawn(week, best))],
        "posts": [_post(week, at, placed[at]) for at in range(POSTS)],
        "best": [_slot(week, slot) for slot in best],
    }


def _broken(week: Week, name: str, post: int) -> str:
    role = _texts()["roles"][week.posts[post].role].get(language())
    condition = _texts()["conditions"][name].get(language())
    message = _("Post %(number)s (%(role)s): %(condition)s", number=post + 1, role=role.lower(), condition=condition)
    return str(message)


def _losses(week: Week, placed: Sequence[int | None], lost: Sequence[float]) -> list[str]:
    worst = sorted(enumerate(lost), key=lambda each: -each[1])[:WORST]
    return [
        _(
            "Post %(post)s lost %(share)s%% of its possible readers through the hour (%(slot)s).",
            post=at + 1,
            share=in_hundred(share),
            slot=_slot(week, placed[at] or 0),
        )
        for at, share in worst
        if share >= WORTH_SAYING
    ]


def _drawn(week: Week, placed: Sequence[int | None]) -> Markup:
    marks = [(at, *week.slots[slot]) for at, slot in enumerate(placed, 1) if slot is not None]
    return drawings.week([_day(day, short=True) for day in range(calendar.DAYS)], marks, _("The week"))


SCHEDULER = Screen("lab/task.html", "lab/task_result.html", _step, _missing, _outcome)
