"""What every work sample shares: actions of a log, the play they lead to, and reading what a form held. Pure: the same
log always gives the same decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Self

Form = Mapping[str, list[str]]  # what the page's form held, field by field
ACTS = ("save", "next", "undo", "buy")


@dataclass(frozen=True)
class Action:
    """One entry of the log. act: one of `ACTS`; step: from 1; form: as it was sent."""

    act: str
    step: int
    form: Form


@dataclass
class Play:
    """Where a run stands. step: the furthest one that is open (LAST + 1: done); forms: by step, as they stand now;
    behind: earlier forms of each step, for undo."""

    LAST: ClassVar[int] = 1
    step: int = 1
    forms: dict[int, Form] = field(default_factory=dict)
    behind: dict[int, list[Form]] = field(default_factory=dict)

    @classmethod
    def replay(cls, actions: Iterable[Action]) -> Self:
        """The play that a log leads to."""
        play = cls()
        for action in actions:
            play.take(action)
        return play

    @property
    def is_done(self) -> bool:
        return self.step > self.LAST

    def form(self, step: int) -> Form:
        return self.forms.get(step, {})

    def is_open(self, step: int) -> bool:
        """Whether the step's decisions may still change."""
        return 1 <= step <= self.step <= self.LAST

    def missing(self, step: int, form: Form) -> list[str]:
        """What must still be decided before the step can end, by the name of the decision."""
        raise NotImplementedError

    def is_whole(self, step: int) -> bool:
        """Whether the step counts: it was ended, or nothing lacked when the time was over."""
        return step < self.step or (step == self.step and not self.missing(step, self.form(step)))

    def lacking_before(self, step: int) -> list[tuple[int, str]]:
        """(step, decision) that earlier steps lack and that nobody can make up for once this one is ended."""
        return []

    def take(self, action: Action) -> None:
        """Apply one action; one that is not possible here changes nothing."""
        if not self.is_open(action.step):
            return
        if action.act == "undo":
            if self.behind.get(action.step):
                self.forms[action.step] = self.behind[action.step].pop()
        elif action.act in ("save", "next"):
            self._keep(action)
            if action.act == "next" and not self.missing(action.step, action.form):
                self.step = max(self.step, action.step + 1)

    def _keep(self, action: Action) -> None:
        if dict(self.form(action.step)) != dict(action.form):
            self.behind.setdefault(action.step, []).append(self.form(action.step))
            self.forms[action.step] = action.form


# Reading a form: whatever is no possible value counts as not given


def one(form: Form, name: str, allowed: Iterable[str] | None = None) -> str:
    value = (form.get(name) or [""])[0].strip()
    return value if allowed is None or value in set(allowed) else ""


def many(form: Form, name: str, allowed: Iterable[str]) -> list[str]:
    """In the order of `allowed`, each once."""
    values = set(form.get(name, ()))
    return [value for value in allowed if value in values]


def number(form: Form, name: str) -> float | None:
    """A number written in digits with a comma or a point; None where it is none. Stored runs hang on every detail of
    it."""
    text = one(form, name).replace(" ", "").replace("\u00a0", "").replace(",", ".").rstrip("%")
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < 1e9 else None


def indices(count: int) -> list[str]:
    return [str(at) for at in range(count)]
