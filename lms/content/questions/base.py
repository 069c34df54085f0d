"""What every question type answers for, and the plain objects that pages and scoring get from it."""

from __future__ import annotations

import random
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from lms.content.errors import ContentError
from lms.content.fragments import Fragments
from lms.content.model import Item, ItemText, Part
from lms.content.reference import Reference
from lms.content.text import Text

LETTERS = "abcdefghijklmnopqrstuvwxyz"
MAX_TEXT = 200
Form = Mapping[str, Sequence[str]]
Problem = tuple[int, str]
NO_PARTS = re.compile(r"(?!)")


@dataclass(frozen=True)
class Field:
    """One control of a question: `kind` is choice, choices, select, text, number or rank; options are
    (value, label HTML). `name` is the form field ("answer", "answer.a"); a rank posts `answer.<value>` = position."""

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


class Question(ABC):
    """A question type. One subclass per file, one instance in the registry."""

    name: ClassVar[str]
    title: ClassVar[Text]
    instruction: ClassVar[Text]
    part: ClassVar[re.Pattern[str]] = NO_PARTS
    settings: ClassVar[tuple[str, ...]] = ()

    @property
    def opens(self) -> re.Pattern[str]:
        """Recognises the line that ends the stem; normally the first part."""
        return self.part

    def validate(self, item: Item) -> object:
        """The key both languages agree on; ContentError at the first broken rule."""
        keys = {}
        for language, text in item.languages.items():
            for line, message in self.problems(item, text):
                raise ContentError(item.path, line, message, "item")
            keys[language] = self.key(item, text)
        first, *others = keys.values()
        if any(other != first for other in others):
            said = "; ".join(f"{language}: {_told(key)}" for language, key in keys.items())
            raise ContentError(item.path, item.line, f"hy and en do not agree on the right answer: {said}", "key")
        return first

    @abstractmethod
    def problems(self, item: Item, text: ItemText) -> Iterator[Problem]:
        """(line, message) for each rule of this type that one language breaks."""

    @abstractmethod
    def key(self, item: Item, text: ItemText) -> object:
        """What must be equal in both languages: marks, numbers, order and count of parts."""

    @abstractmethod
    def draw(self, item: Item, rng: random.Random, reference: Reference) -> dict[str, Any]:
        """The random part of an instance, JSON-able and free of language."""

    def stem(self, item: Item, instance: Mapping[str, Any], language: str) -> str:
        """The stem's Markdown for this instance."""
        return item.text(language).stem

    def general(self, item: Item, instance: Mapping[str, Any], language: str) -> str:
        """The general explanation's Markdown for this instance."""
        return item.text(language).general

    @abstractmethod
    def fields(self, item: Item, instance: Mapping[str, Any], language: str, html: Fragments) -> tuple[Field, ...]:
        """The controls of the delivered item."""

    @abstractmethod
    def read(self, item: Item, instance: Mapping[str, Any], form: Form) -> Any | None:
        """The raw answer in a form, None when nothing is answered; ValueError for what no page of ours can send."""

    @abstractmethod
    def score(self, item: Item, instance: Mapping[str, Any], value: Any) -> Score:
        """The score of a raw answer that `read` returned."""

    @abstractmethod
    def outcomes(self, item: Item) -> dict[float, float]:
        """Every possible x and its probability under blind answering (0 for what guessing cannot reach)."""

    @abstractmethod
    def explain(
        self, item: Item, instance: Mapping[str, Any], value: Any, language: str, html: Fragments
    ) -> tuple[str, tuple[ExplainedPart, ...]]:
        """The right answer as HTML, and the parts with their feedback."""

    def prose(self, text: ItemText) -> Iterator[tuple[int, str]]:
        """(line, text) of all that a reader sees, for the language checks; accepted answers are not prose."""
        yield text.line, text.stem
        for part in text.parts:
            yield part.line, "\n".join(filter(None, (part.text, part.right, part.feedback)))
        yield text.general_line, text.general


def _told(key: object) -> str:
    """A key in an author's words: which options are right, else as it is."""
    if isinstance(key, tuple) and all(isinstance(right, bool) for right in key):
        return f"[x] at {', '.join(str(place) for place, right in enumerate(key, 1) if right)} of {len(key)} options"
    return str(key)


def permutation(item: Item, rng: random.Random, size: int) -> list[int]:
    """Display order of `size` parts: random, or the author's with `shuffle: false`."""
    order = list(range(size))
    if item.settings.get("shuffle", True):
        rng.shuffle(order)
    return order


def posted(form: Form, name: str, allowed: Sequence[str]) -> str | None:
    """The one value of `name`, None when absent or empty; ValueError when it is not in `allowed`."""
    values = [value for value in form.get(name, ()) if value]
    if not values:
        return None
    if len(values) > 1 or values[0] not in allowed:
        raise ValueError(f"{name}: an option that was not offered")
    return values[0]


def posted_text(form: Form, name: str, limit: int = MAX_TEXT) -> str | None:
    """The text of `name`, stripped, None when empty; ValueError when longer than `limit` or holding NUL."""
    values = form.get(name, ())
    text = values[0].strip() if values else ""
    if len(values) > 1 or len(text) > limit or "\0" in text:
        raise ValueError(f"{name}: the answer is too long")
    return text or None


def numbered(parts: Sequence[Part], low: int, high: int, line: int, what: str) -> Iterator[Problem]:
    """Rules shared by lists of parts: their number, no empty one, no two alike."""
    if not low <= len(parts) <= high:
        yield line, f"{len(parts)} {what}, expected {low} to {high}"
    seen: set[str] = set()
    for part in parts:
        if not part.text:
            yield part.line, f"an empty one among the {what}"
        if part.text in seen:
            yield part.line, f"the text stands twice: {part.text[:60]!r}"
        seen.add(part.text)


def with_feedback(parts: Sequence[Part]) -> Iterator[Problem]:
    """Every option needs its feedback."""
    for part in parts:
        if not part.feedback:
            yield part.line, "no feedback below this option"
