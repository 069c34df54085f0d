"""The profile of W8: its elements as they stand, repairs, and what comes first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_babel import gettext as _

from lms.content.text import Text
from lms.lab.model import audit as model
from lms.lab.model.audit import ELEMENTS, REPAIRS, URGENT, AuditPlay, Profile
from lms.lab.model.log import Form
from lms.lab.models import LabRun
from lms.lab.screens.base import Screen
from lms.lab.wording import file, text, texts
from lms.web.i18n import language

FILE = "profile_audit.yaml"
SETTINGS = ("admins", "security")  # elements that only those who run the page see


@dataclass(frozen=True)
class Element:
    """label, faulty, sound: texts; repairs: the right one first."""

    label: Text
    faulty: Text
    sound: Text
    repairs: tuple[Text, ...]


@cache
def _elements() -> Mapping[str, Element]:
    raw = file(FILE)["elements"]
    if set(raw) != set(ELEMENTS):
        raise ValueError(f"{FILE}: elements needs exactly {', '.join(ELEMENTS)}")
    return {name: _element(raw[name], f"{FILE}, {name}") for name in ELEMENTS}


def _element(raw: Mapping[str, Any], where: str) -> Element:
    label, faulty, sound = (text(raw[each], f"{where}.{each}") for each in ("label", "faulty", "sound"))
    return Element(label, faulty, sound, texts(raw["repairs"], f"{where}.repairs", REPAIRS))


def _label(name: str) -> str:
    return _elements()[name].label.get(language())


def _words(profile: Profile, name: str) -> str:
    element = _elements()[name]
    return (element.faulty if name in profile.faulty else element.sound).get(language())


def _step(run: LabRun, play: AuditPlay, step: int, form: Form) -> dict[str, Any]:
    profile, spoken = model.draw(run.seed), language()
    marked = model.marked_in(play.form(1) if step > 1 else form)
    return {
        "brand": text(file(FILE)["brand"], FILE).get(spoken),
        "story": text(file(FILE)["about"], FILE).get(spoken),
        "public": [(name, _label(name), _words(profile, name)) for name in profile.shown if name not in SETTINGS],
        "settings": [(name, _label(name), _words(profile, name)) for name in profile.shown if name in SETTINGS],
        "marked": [(name, _label(name), _words(profile, name)) for name in profile.shown if name in marked],
        "count": len(marked),
        "all": len(ELEMENTS),
        "places": range(URGENT),
        "repairs": {name: _repairs(profile, name) for name in marked},
        "pale": "cover" in profile.faulty,
    }


def _repairs(profile: Profile, name: str) -> list[tuple[str, str]]:
    pool = _elements()[name].repairs
    return [(str(place), pool[at].get(language())) for place, at in enumerate(profile.repairs[name])]


def _missing(lack: str) -> str:
    sentence = {
        "faults": _("Mark at least three faults."),
        "repair": _("Choose a repair for everything that you marked."),
        "urgent": _("Choose three different elements for the three places."),
    }[lack]
    return str(sentence)


def _outcome(run: LabRun, play: AuditPlay, outcome: Mapping[str, Any]) -> dict[str, Any]:
    profile, marked = model.draw(run.seed), model.marked_in(play.form(1))
    return {
        "missed": [(_label(name), _words(profile, name)) for name in outcome["missed"]],
        "wrongly": [(_label(name), _words(profile, name)) for name in outcome["wrongly"]],
        "mended": [_mended(profile, name, play.form(2)) for name in profile.urgent if name in marked],
        "first": [_label(name) for name in profile.urgent[:URGENT]],
    }


def _mended(profile: Profile, name: str, form: Form) -> dict[str, Any]:
    chosen = model.repair_in(form, name)
    right = chosen is not None and profile.repairs[name][chosen] == 0
    return {"label": _label(name), "right": right, "repair": _elements()[name].repairs[0].get(language())}


AUDIT = Screen("lab/task.html", "lab/task_result.html", _step, _missing, _outcome)
