"""The plain objects that pages and scoring get from a question type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import msgspec

from lms.content.errors import Severity
from lms.content.text import Text


@dataclass(frozen=True)
class Field:
    """One control of a question: `kind` is choice, choices, lines (choices that are the lines of one text), grade (a
    choice on a scale), extreme, group (a choice of one of few), select, text, number or rank; options are (value, label
    HTML). `name` is the form field ("answer", "answer.a"); a rank posts `answer.<value>` = position. Fields of kind
    extreme are choices over one and the same list, shown as one: an option is taken at most once."""

    name: str
    kind: str
    label_html: str
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class DeliveredItem:
    """All that a page may see of an item before the end: no key, no feedback, letters that mean nothing."""

    id: str
    type: str
    stem_html: str
    stimulus_html: str | None
    instruction: str
    fields: tuple[Field, ...]

    @property
    def extremes(self) -> tuple[Field, ...]:
        """The fields that share one list of options."""
        return tuple(field for field in self.fields if field.kind == "extreme")

    @property
    def scripted(self) -> bool:
        """Whether the page needs the script that moves things up and down and parts the best from the worst."""
        return any(field.kind in ("rank", "extreme") for field in self.fields)


@dataclass(frozen=True)
class Mark:
    """A marked answer: category 0..categories-1, the credit shown (0..1), and the expected share
    category/(categories-1) of somebody who answers blindly."""

    category: int
    categories: int
    credit: float
    chance: float


class Score(NamedTuple):
    """`x` is chance-corrected (blind answering has mean 0, full credit is 1), `credit` the plain share shown."""

    x: float
    credit: float


class ExplainedPart(NamedTuple):
    """One option, gap or element after the end: was it chosen, is it right, and the author's word about it."""

    label_html: str
    chosen: bool
    right: bool
    feedback_html: str


@dataclass(frozen=True)
class Explanation:
    """What a person sees after the end of an attempt."""

    credit: float
    correct_html: str
    parts: tuple[ExplainedPart, ...]
    general_html: str


class Instance(msgspec.Struct, frozen=True, kw_only=True):
    """What is random or dated about one sitting of an item: facts by id as `facts.snapshot` gives them, and what the
    type draws. It is stored as JSON and read back for ever; `v` is the version of its shape.

    `upgrades` lead an older one to this shape: the first makes version 2 of version 1, and so on. Whoever changes a
    shape adds one there and raises its `v`'s default; all types that draw the shape read older ones then.
    """

    upgrades: ClassVar[tuple[Callable[[Mapping[str, Any]], Mapping[str, Any]], ...]] = ()
    facts: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict)
    v: int = 1


class Remark(NamedTuple):
    """What a type says about an item beside the rest of the content: at the yaml line of `key` (the heading if "")."""

    code: str
    text: Text
    key: str = ""
    severity: Severity = "error"
