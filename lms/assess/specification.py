"""What a test is. Whoever gives a test registers one of these; an attempt keeps the one that it began with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property, lru_cache
from typing import Any, Literal

Unanswered = Literal["wrong", "left_out"]


@dataclass(frozen=True)
class Specification:
    """A test's rules. Every value is plain, so that an attempt can keep them all and an old one is read for ever.

    What it is. name: the purpose, stored with attempts and evidence, at most 40 characters; version: raised with every
    change of a rule; title: {"hy": …, "en": …} of an attempt that brings none; roles: who may sit, () anybody who is
    signed in; result_endpoint: the page that an ended attempt leads to (it takes `attempt_id`), "" for the plain
    "handed in" of this room.

    What it asks. pool: published items; part: "module" or "course" where the attempt's subject names a part of the
    pool; selection: "drawn" at random (least..most), "whole" pool in random order, "adaptive" (each question chosen
    from the answers so far), or another word whose chooser is registered along with it; least, most: length; blueprint:
    shares of skills and sub-competencies in an adaptive test, equal without; target_sd, cut: end an adaptive test when
    every skill is that precise, or is surely above or below the cut (theta); cuts: a skill surely above or below its
    own cut takes no more questions; usual: (least, most) questions of an adaptive test in most sittings, as
    simulated, () where nobody has looked; widest: an adaptive test asks the skill that is least sure, whatever its
    share; from_evidence: it begins from what the person's evidence says and not from nothing, to choose questions and
    to know when to end; choice: random among so many of the most telling questions; testlet_sd: what the
    questions about one table share, as the framework says when an attempt begins; trials: so many questions more, at
    most, may be on trial and count for nothing.

    How it is sat. seconds, item_seconds: limit of the whole, or for each question; revisit: all questions on one sheet,
    to be changed until the end, else one by one and forward only; pause_endpoint: the page whose POST stops the clock
    for the person, "" where nobody may; notes_endpoint: the page that takes what happens beside the answers (leaving
    the page, a paste), "" where nothing is noted.

    What it comes to. unanswered, the one rule for every kind of end: "wrong": each question that was opened counts,
    whether the person or the clock ended the test (a sheet is opened as a whole); "left_out": a question merely shown
    next when the test was ended does not. A form without a single answer is no evidence of anything, though its keys
    count as seen. gives_evidence: first answers enter the skill matrix; pass_mark: mean credit
    0..1 that passes, None without pass or fail; explained: the person sees keys and explanations after the end; pause:
    seconds until the next attempt at the same subject.
    """

    name: str
    version: int = 1
    title: Mapping[str, str] = field(default_factory=dict)
    roles: tuple[str, ...] = ()
    result_endpoint: str = ""
    pool: str = ""
    part: Literal["", "module", "course"] = ""
    selection: str = "drawn"
    least: int = 0
    most: int = 0
    blueprint: Mapping[str, float] = field(default_factory=dict)
    target_sd: float | None = None
    widest: bool = False
    from_evidence: bool = False
    choice: int = 5
    testlet_sd: float = 0.0
    trials: int = 0
    cut: float | None = None
    cuts: Mapping[str, float] = field(default_factory=dict)
    usual: tuple[int, ...] = ()
    seconds: float | None = None
    item_seconds: float | None = None
    revisit: bool = True
    pause_endpoint: str = ""
    notes_endpoint: str = ""
    unanswered: Unanswered = "wrong"
    gives_evidence: bool = False
    pass_mark: float | None = None
    explained: bool = True
    pause: int = 0

    def __post_init__(self) -> None:
        if not 1 <= len(self.name) <= 40:
            raise ValueError(f"a test's name has 1 to 40 characters: {self.name!r}")
        if self.adaptive and self.revisit:
            raise ValueError(f"{self.name}: an adaptive test leads forward only (revisit=False)")
        if self.adaptive and self.most < 1:
            raise ValueError(f"{self.name}: an adaptive test needs its greatest length (most)")

    @property
    def adaptive(self) -> bool:
        """Each question is chosen from the answers so far."""
        return self.selection == "adaptive"

    def limit(self, length: int) -> float | None:
        """Seconds for a form of so many questions; None: no limit."""
        if self.seconds is None and self.item_seconds is not None:
            return self.item_seconds * length
        return self.seconds

    def passed(self, credit: float) -> bool:
        """Whether a mean credit 0..1 passes; never where there is nothing to pass."""
        return self.pass_mark is not None and credit >= self.pass_mark

    def plain(self) -> dict[str, Any]:
        """The values as JSON takes them."""
        plain: dict[str, Any] = json.loads(self.written)
        return plain

    @cached_property
    def written(self) -> str:
        """The same as one text in a fixed order, by which what is made of the rules is kept."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Specification:
        """From what `plain` gave, also an older or newer release's: unknown values are passed over."""
        return _read(json.dumps(values))


@lru_cache(maxsize=256)
def _read(text: str) -> Specification:
    """One object for all that is sat by the same rules: every request of a sitting asks."""
    values = json.loads(text)
    arguments = {each.name: values[each.name] for each in fields(Specification) if each.name in values}
    return Specification(
        **arguments | {"roles": tuple(arguments.get("roles", ())), "usual": tuple(arguments.get("usual", ()))}
    )
