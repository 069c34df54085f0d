"""W8 Profile audit: which of a profile's twelve elements are at fault, how each is mended, and what comes first
(design 8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np

from lms.lab.model import log, marks
from lms.lab.model.log import Action, Form
from lms.lab.model.ranks import kendall

VERSION = "w8-1"
SEEDS = (  # of 0..60 those that passed the screening (`flask lab screen --task profile_audit`)
    *(1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29),
    *(30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55),
    *(56, 57, 58, 59),
)
# Most urgent first: what lets strangers in or harms a person, then what loses customers, then how it looks.
ELEMENTS = (
    *("admins", "security", "phone", "link", "contact", "pinned", "bio", "name", "handle", "cover", "highlights"),
    "avatar",
)
DESIGN = ("cover", "highlights", "avatar")
GRAVE = ("admins", "security", "phone", "link")
REPAIRS, URGENT = 3, 3  # choices of a repair, and places of the order; repair 0 is the right one
SCORES: marks.Places = {
    "faults": (1, "platforms.profile"),
    "design": (1, "content.design"),
    "repairs": (2, "platforms.profile"),
    "urgent": (3, "platforms.profile"),
}


@dataclass(frozen=True)
class Profile:
    """faulty: names; shown: elements in the order of the page; repairs: by element, its choices in the order shown."""

    seed: int
    faulty: tuple[str, ...]
    shown: tuple[str, ...]
    repairs: dict[str, tuple[int, ...]]

    @property
    def urgent(self) -> list[str]:
        """The faults by urgency, the first three of which are asked for."""
        return [name for name in ELEMENTS if name in self.faulty]


@lru_cache(maxsize=64)
def draw(seed: int) -> Profile:
    """The profile of a seed: six to eight faults, one or two of them of design, two or three grave ones."""
    random = np.random.default_rng([seed, 801])
    design, grave = _some(random, DESIGN, 1, 2), _some(random, GRAVE, 2, 3)
    rest = [name for name in ELEMENTS if name not in DESIGN and name not in GRAVE]
    count = int(random.integers(6, 9)) - len(design) - len(grave)
    faulty = {*design, *grave, *_some(random, rest, count, count)}
    shown = ("cover", "avatar", "name", "handle", "bio", "link", "contact", "highlights", "pinned", "phone")
    order = {name: tuple(int(at) for at in random.permutation(REPAIRS)) for name in ELEMENTS}
    return Profile(seed, tuple(name for name in ELEMENTS if name in faulty), (*shown, "admins", "security"), order)


def _some(random: np.random.Generator, names: Sequence[str], least: int, most: int) -> list[str]:
    count = int(random.integers(least, most + 1))
    return [names[int(at)] for at in random.permutation(len(names))[:count]]


class AuditPlay(log.Play):
    """Three steps: mark the faults, choose a repair for each, order the three most urgent."""

    LAST: ClassVar[int] = 3

    def missing(self, step: int, form: Form) -> list[str]:
        marked = marked_in(self.form(1) if step > 1 else form)
        if step == 1:
            return [] if len(marked) >= URGENT else ["faults"]
        if step == 2:
            return ["repair"] if [name for name in marked if repair_in(form, name) is None] else []
        return [] if len(set(urgent_in(form, marked))) == URGENT else ["urgent"]


def marked_in(form: Form) -> list[str]:
    return log.many(form, "faults", ELEMENTS)


def repair_in(form: Form, name: str) -> int | None:
    """Place of the chosen repair among those shown."""
    place = log.one(form, f"repair_{name}", log.indices(REPAIRS))
    return int(place) if place else None


def urgent_in(form: Form, marked: Iterable[str]) -> list[str]:
    """The three most urgent, first first; "" left out."""
    among = list(marked)
    return [name for at in range(URGENT) for name in [log.one(form, f"urgent_{at}", among)] if name]


def outcome(seed: int, actions: Iterable[Action]) -> dict[str, Any]:
    """missed, wrongly: faults not seen, and sound elements that were marked."""
    play, profile = AuditPlay.replay(actions), draw(seed)
    if not play.is_whole(1):
        return marks.outcome(VERSION, {}, SCORES, missed=[], wrongly=[])
    marked = marked_in(play.form(1))
    scores = {"faults": faults(profile, marked), "design": design(profile, marked)}
    if play.is_whole(2):
        scores["repairs"] = repairs(profile, marked, play.form(2))
    if play.is_whole(3):
        scores["urgent"] = urgency(profile, urgent_in(play.form(3), marked))
    missed = [name for name in profile.faulty if name not in marked]
    wrongly = [name for name in marked if name not in profile.faulty]
    return marks.outcome(VERSION, scores, SCORES, missed=missed, wrongly=wrongly)


def faults(profile: Profile, marked: Sequence[str]) -> float:
    """F1 of the marks, 0 where everything is marked and 1 where the faults alone are."""
    right = len(set(marked) & set(profile.faulty))
    f1 = 2 * right / (len(marked) + len(profile.faulty))
    everything = 2 * len(profile.faulty) / (len(ELEMENTS) + len(profile.faulty))
    return (f1 - everything) / (1 - everything)


def design(profile: Profile, marked: Sequence[str]) -> float:
    """Judgements of what is seen: each right one counts 1, each wrong one -1, so that marking all of them or none
    brings nothing in the long run."""
    right = [(name in marked) == (name in profile.faulty) for name in DESIGN]
    return float(np.mean([1.0 if each else -1.0 for each in right]))


def repairs(profile: Profile, marked: Sequence[str], form: Form) -> float:
    """Over the faults: the right repair 1, a guess 0 on the mean, a fault that was not seen 0."""
    return float(np.mean([_repair(profile, name, form) if name in marked else 0.0 for name in profile.faulty]))


def _repair(profile: Profile, name: str, form: Form) -> float:
    chosen = repair_in(form, name)
    return marks.choice(chosen is not None and profile.repairs[name][chosen] == 0, REPAIRS)


def urgency(profile: Profile, chosen: Sequence[str]) -> float:
    """Kendall's tau of the three places against the key's; whatever is on no list stands behind them."""
    key = profile.urgent[:URGENT]
    names = list(dict.fromkeys([*profile.faulty, *chosen]))
    ranks = [[row.index(name) if name in row else URGENT for name in names] for row in (list(chosen), key)]
    tau = kendall(*ranks)
    return tau if np.isfinite(tau) else 0.0
