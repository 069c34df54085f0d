"""The inbox of W2: what came, what it is worth to the player, what was done, and how many minutes are left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_babel import gettext as _

from lms.content.text import Text
from lms.lab.model import triage as model
from lms.lab.model.inbox import AFTER, ALL, CAPACITY, FIRST, Inbox, draw, scale
from lms.lab.model.log import Form
from lms.lab.model.triage import Handled, TriagePlay
from lms.lab.model.triage_pool import ACTIONS, POOL, PRIORITIES
from lms.lab.models import LabRun
from lms.lab.screens.base import Screen
from lms.lab.wording import file, group, text
from lms.web.i18n import language

FILE = "inbox.yaml"
PREVIEW, WORST = 48, 3  # signs of a preview; messages that came too late and are told


@dataclass(frozen=True)
class ShownMessage:
    """at: place; priority: name of what the player gave, "" for none; fits: it may be handled now; is_new: it came
    during the shift."""

    at: int
    sender: str
    text: str
    preview: str
    age: str
    takes: int
    priority: str
    fits: bool
    is_new: bool


@cache
def _names(name: str) -> Mapping[str, Text]:
    return group(FILE, name, {"priorities": PRIORITIES, "actions": ACTIONS}[name])


@cache
def _message(name: str) -> tuple[Text, Text]:
    """(sender, text)"""
    raw = file(FILE)["messages"]
    if set(raw) != {message.name for message in POOL}:
        raise ValueError(f"{FILE}: messages needs exactly those of the model")
    return text(raw[name]["from"], f"{FILE}, {name}.from"), text(raw[name]["text"], f"{FILE}, {name}.text")


def _step(run: LabRun, play: TriagePlay, step: int, form: Form) -> dict[str, Any]:
    inbox, spoken = draw(run.seed), language()
    done = model.handled(inbox, form) if step == model.TriagePlay.LAST else []
    there = FIRST if step == 1 or len(done) < AFTER else ALL
    forms = {**play.form(1), **form}
    shown = [_shown(inbox, at, forms, done) for at in range(there)]
    handled = [each.message for each in done]
    left = [each for each in shown if each.at not in handled]
    return {
        "brand": text(file(FILE)["brand"], FILE).get(spoken),
        "story": text(file(FILE)["about"], FILE).get(spoken),
        "inbox": shown if step == 1 else sorted(left, key=_rank),
        "done": [(each, shown[each.message], _action(each.action)) for each in done],
        "used": done[-1].finish if done else 0,
        "capacity": CAPACITY,
        "news": there == ALL,
        "sorted_count": sum(bool(each.priority) for each in shown),
        "priorities": [(name, title.get(spoken)) for name, title in _names("priorities").items()],
        "priority_name": lambda name: _names("priorities")[name].get(spoken) if name else _("not sorted yet"),
        "actions": [(name, title.get(spoken)) for name, title in _names("actions").items()],
    }


def _rank(each: ShownMessage) -> int:
    """By the priority of the first step. What is new stands first, and moves under no finger when it gets one."""
    return PRIORITIES.index(each.priority) if each.priority and not each.is_new else -1


def _action(name: str) -> str:
    return _names("actions")[name].get(language())


def _shown(inbox: Inbox, at: int, form: Form, done: Sequence[Handled]) -> ShownMessage:
    sender, words = (each.get(language()) for each in _message(inbox.messages[at].name))
    choice = model.priority(form, at)
    return ShownMessage(
        at=at,
        sender=sender,
        text=words,
        preview=words if len(words) <= PREVIEW else f"{words[:PREVIEW].rsplit(' ', 1)[0]} …",
        age=_age(inbox.ages[at]),
        takes=inbox.messages[at].takes,
        priority="" if choice is None else PRIORITIES[choice],
        fits=model.may_do(inbox, done, at),
        is_new=at >= FIRST,
    )


def _age(minutes: int) -> str:
    if minutes < 1:
        return str(_("just now"))
    if minutes < 60:
        return str(_("%(count)s min ago", count=minutes))
    return str(_("%(count)s h ago", count=minutes // 60))


def _missing(lack: str) -> str:
    if lack == "few":
        return str(_("Handle at least four messages."))
    number = int(lack.partition(" ")[2])
    if number > FIRST:
        return str(_("New message %(number)s has no priority yet: open it, or find it under “Done”.", number=number))
    return str(_("Message %(number)s has no priority yet.", number=number))


def _outcome(run: LabRun, play: TriagePlay, outcome: Mapping[str, Any]) -> dict[str, Any]:
    inbox = draw(run.seed)
    form = {**play.form(1), **play.form(2)}
    done = model.handled(inbox, play.form(2))
    grave = _message(inbox.messages[inbox.gravest].name)[1].get(language())
    return {
        "gate": grave if outcome["gate"] else "",
        "late": _late(inbox, outcome["late"]),
        "done": [_told(inbox, each.message, each.action, form) for each in done],
        "left": [_told(inbox, at, "", form) for at in range(ALL) if at not in [each.message for each in done]],
        "best": [_message(inbox.messages[at].name)[1].get(language()) for at in scale(run.seed).order[:5]],
    }


def _late(inbox: Inbox, late: Sequence[Sequence[int]]) -> list[str]:
    """The dearest delays, dearest first."""
    worst = sorted(late, key=lambda each: -each[1] * inbox.messages[each[0]].weight)[:WORST]
    return [
        _(
            "“%(text)s” waited %(minutes)s minutes too long.",
            text=_message(inbox.messages[at].name)[1].get(language()),
            minutes=minutes,
        )
        for at, minutes in worst
        if inbox.messages[at].weight > 1
    ]


def _told(inbox: Inbox, at: int, action: str, form: Form) -> dict[str, Any]:
    """A message with what was done and what would have been right."""
    message, choice = inbox.messages[at], model.priority(form, at)
    return {
        "text": _message(message.name)[1].get(language()),
        "action": _action(action) if action else "",
        "credit": message.credit(action) if action else 0.0,
        "right": _action(message.right[0]),
        "priority": _names("priorities")[PRIORITIES[choice]].get(language()) if choice is not None else "–",
        "key": _names("priorities")[PRIORITIES[message.priority]].get(language()),
        "same": choice == message.priority,
    }


INBOX = Screen("lab/task.html", "lab/task_result.html", _step, _missing, _outcome)
