"""The seven steps of the Campaign Lab: what each of their forms holds and what it still lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from lms.lab.model import log
from lms.lab.model.constants import FORMATS, LANGUAGES, PLATFORMS, SEGMENTS
from lms.lab.model.log import Action, Form, indices, many, number, one
from lms.lab.model.paid import AMOUNTS
from lms.lab.model.research import PRICES, PURSE
from lms.lab.model.size import LONG, SPRINT, Size

PILLARS, CHOSEN, TAG_LIMIT = 3, 2, 5  # topics of the strategy, segments and windows, tags that a platform takes
EFFORTS = ("0.5", "1", "1.5", "2", "2.5", "3", "4")
ACTIVITIES = ("research", "content", "publishing", "dialogue", "analysis")
WINDOWS = ("morning", "noon", "afternoon", "evening")
FACTORS = ("hour", "topic", "format", "language", "effort", "fatigue")
STYLES = ("calm", "loud", "promise")
LAST, DONE, LAUNCHED = 7, 8, 5  # last step; step after it; from here on the first week is out
LOCKED_FROM = {1: LAUNCHED, 2: LAUNCHED, 3: LAUNCHED, 4: LAUNCHED, 5: 6, 6: 7, 7: DONE}


@dataclass
class CampaignPlay(log.Play):
    """A run of the Campaign Lab. cards: bought, in order."""

    LAST: ClassVar[int] = LAST
    size: ClassVar[Size] = SPRINT
    cards: list[str] = field(default_factory=list)

    def is_open(self, step: int) -> bool:
        return 1 <= step <= self.step < LOCKED_FROM.get(step, 0)

    @property
    def purse(self) -> int:
        """Points that are left for research."""
        return PURSE - sum(PRICES[card] for card in self.cards)

    def missing(self, step: int, form: Form) -> list[str]:
        """By the name of the decision; "post 2", "slot 2" of a post."""
        if step == 4:
            return _lacking(form, "slot", SLOT_FIELDS, used(self.form(3), self.size)) + _overspent(form, self.size)
        return _MISSING[step](form, self.size)

    def lacking_before(self, step: int) -> list[tuple[int, str]]:
        """What was emptied again before the week goes out."""
        if step != LAUNCHED - 1:
            return []
        return [(each, lack) for each in range(1, step) for lack in self.missing(each, self.form(each))]

    def take(self, action: Action) -> None:
        if action.act == "buy" and self.is_open(action.step):
            self._buy(action.form)
        else:
            super().take(action)

    def _buy(self, form: Form) -> None:
        card = (form.get("card") or [""])[0]
        if card in PRICES and card not in self.cards and PRICES[card] <= self.purse:
            self.cards.append(card)


class LongPlay(CampaignPlay):
    """A run of the long form."""

    size: ClassVar[Size] = LONG


def ranking(form: Form) -> list[str]:
    """Platforms, best first; [] unless every one has a rank of its own."""
    ranks = {name: one(form, f"rank_{name}", map(str, range(1, 6))) for name in PLATFORMS}
    if len(set(ranks.values()) - {""}) < len(PLATFORMS):
        return []
    return sorted(PLATFORMS, key=lambda name: int(ranks[name]))


POST_FIELDS: dict[str, tuple[str, ...]] = {
    "platform": PLATFORMS,
    "format": FORMATS,
    "topic": tuple(indices(5)),
    "language": LANGUAGES,
    "effort": EFFORTS,
    "style": STYLES,
}
SLOT_FIELDS: dict[str, tuple[str, ...]] = {
    "day": tuple(indices(7)),
    "hour": tuple(str(hour) for hour in range(6, 24)),
}
MONEY_FIELDS = {"boost": tuple(map(str, AMOUNTS)), "aim": tuple(indices(SEGMENTS))}
NEXT_FIELDS = {name: POST_FIELDS[name] for name in ("platform", "format", "topic", "language", "effort")} | SLOT_FIELDS


def posts(form: Form, fields: Mapping[str, tuple[str, ...]], count: int = SPRINT.posts) -> list[dict[str, str]]:
    """Each post's fields, "" where not given."""
    return [{name: one(form, f"p{at}_{name}", allowed) for name, allowed in fields.items()} for at in range(count)]


def used(form: Form, size: Size) -> int:
    """How many posts the plan has: up to the last of which anything is chosen, and the fewest that there must be."""
    touched = [at for at, post in enumerate(posts(form, POST_FIELDS, size.posts), 1) if any(post.values())]
    return max([size.least, *touched])


def work(form: Form, size: Size = SPRINT) -> float:
    """Hours of work that the posts take together."""
    return sum(float(post["effort"] or 0) for post in posts(form, {"effort": EFFORTS}, size.posts))


def money(form: Form, size: Size) -> int:
    """Drams behind the posts."""
    return sum(int(post["boost"] or 0) for post in posts(form, MONEY_FIELDS, size.posts)) if size.budget else 0


def week_hours(form: Form) -> float:
    return sum(max(0.0, number(form, f"hours_{name}") or 0) for name in ACTIVITIES)


def _hypotheses(form: Form, _size: Size) -> list[str]:
    missing = [] if ranking(form) else ["ranking"]
    missing += [] if len(many(form, "segments", indices(4))) == CHOSEN else ["segments"]
    return missing + ([] if len(many(form, "windows", WINDOWS)) == CHOSEN else ["windows"])


def _strategy(form: Form, _size: Size) -> list[str]:
    missing = [] if one(form, "kpi") else ["kpi"]
    missing += [] if (number(form, "target") or 0) > 0 else ["target"]
    missing += [] if len(many(form, "pillars", indices(5))) == PILLARS else ["pillars"]
    return missing + ([] if week_hours(form) > 0 else ["hours"])


def _content(form: Form, size: Size) -> list[str]:
    return _lacking(form, "post", POST_FIELDS, used(form, size)) + (["work"] if work(form, size) > size.hours else [])


def _lacking(form: Form, name: str, fields: Mapping[str, tuple[str, ...]], count: int) -> list[str]:
    return [f"{name} {at}" for at, post in enumerate(posts(form, fields, count), 1) if "" in post.values()]


def _overspent(form: Form, size: Size) -> list[str]:
    return ["money"] if money(form, size) > size.budget else []


def _dialogue(form: Form, _size: Size) -> list[str]:
    missing = [f"reply {at + 1}" for at in range(5) if not one(form, f"reply_{at}", indices(3))]
    return missing + ([] if one(form, "first", indices(5)) else ["first"])


def _analysis(form: Form, _size: Size) -> list[str]:
    missing = [] if number(form, "rate") is not None else ["rate"]
    return missing + [
        name for name, allowed in (("cause", FACTORS), ("claim", indices(4))) if not one(form, name, allowed)
    ]


def _next(form: Form, size: Size) -> list[str]:
    missing = _lacking(form, "post", NEXT_FIELDS, used(form, size)) + _overspent(form, size)
    missing += ["work"] if work(form, size) > size.hours else []
    return missing + ([] if one(form, "tested", (*FACTORS[:5], "none")) else ["tested"])


_MISSING = {1: _hypotheses, 2: _strategy, 3: _content, 5: _dialogue, 6: _analysis, 7: _next}
