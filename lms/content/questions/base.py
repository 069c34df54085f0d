"""What every question type answers for, and the plain objects that pages and scoring get from it."""

from __future__ import annotations

import difflib
import random
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

import msgspec

from lms.content.errors import ContentError, Finding, Severity
from lms.content.fragments import Fragments
from lms.content.front_matter import ItemFront, SectionFront
from lms.content.model import Item, ItemText, Part
from lms.content.reference import Reference
from lms.content.text import Text

LETTERS = "abcdefghijklmnopqrstuvwxyz"
MAX_TEXT = 200
Form = Mapping[str, Sequence[str]]
Problem = tuple[int, Text]
Stored = Mapping[str, Any]
NO_PARTS = re.compile(r"(?!)")
STRAY = Text(
    en="this line is no answer part: {line}; what belongs to the part above is indented by two spaces",
    hy="այս տողը պատասխանի մաս չէ՝ {line}. վերևի մասին վերաբերողը խորացվում է երկու բացատով",
)
DISAGREE = Text(
    en="hy and en do not agree on the right answer: {said}", hy="hy և en տարբերակների ճիշտ պատասխանը տարբեր է. {said}"
)
TWICE = Text(en="the text stands twice: {text}", hy="տեքստը կրկնվում է՝ {text}")
NO_FEEDBACK = Text(
    en="no feedback below this option: add a line `  > why` (indented by two spaces)",
    hy="այս տարբերակը բացատրություն չունի. ավելացրեք `  > ինչու` տողը (երկու բացատ խորությամբ)",
)


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
    type draws. It is stored as JSON and read back for ever; `v` is the version of its shape."""

    facts: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict)
    v: int = 1


Drawn = TypeVar("Drawn", bound=Instance)
Upgrade = Callable[[Stored], Stored]


class Remark(NamedTuple):
    """What a type says about an item beside the rest of the content: at the yaml line of `key` (the heading if "")."""

    code: str
    text: Text
    key: str = ""
    severity: Severity = "error"


class Question(ABC, Generic[Drawn]):
    """A question type. One subclass per file, one instance in the registry; no other file knows it by name.

    `drawn` is the shape of its instances as this release draws them, `upgrades` lead an older one there: the first
    makes version 2 of version 1, and so on. Whoever changes the shape adds one and raises `v`'s default in the shape.
    """

    name: ClassVar[str]
    title: ClassVar[Text]
    instruction: ClassVar[Text]
    part: ClassVar[re.Pattern[str]] = NO_PARTS
    front: ClassVar[type[SectionFront]] = ItemFront
    drawn: type[Drawn]
    upgrades: ClassVar[tuple[Upgrade, ...]] = ()
    answerable: ClassVar[bool] = True  # False: it only stands beside other items
    performance: ClassVar[bool] = False  # an answer shows doing, and opens the gates that ask for it
    single_key: ClassVar[bool] = False  # one option is right, so its place and length could give it away
    lettered: ClassVar[bool] = False  # options under letters, which analysis can count
    idle_options: ClassVar[bool] = True  # an option that nobody chooses does no work
    frame: ClassVar[Text]  # one language of a new item: question and parts, to be filled in
    frame_front: ClassVar[str] = ""  # its yaml lines beside those of every item
    note: ClassVar[Text | None] = None  # what an author should know about the analysis of its options

    @property
    def opens(self) -> re.Pattern[str]:
        """Recognises the line that ends the stem; normally the first part."""
        return self.part

    def read_instance(self, stored: Stored) -> Drawn:
        """A stored instance of any version (before the first release none was written) in today's shape."""
        for upgrade in self.upgrades[max(stored.get("v") or 1, 1) - 1 :]:
            stored = upgrade(stored)
        return msgspec.convert(dict(stored), self.drawn, strict=False)

    def keyed(self, item: Item) -> Item:
        """The item with its key, as the first of its languages gives it."""
        return replace(item, key=self.key(item, item.text()))

    def validate(self, item: Item) -> None:
        """The rules for authors: ContentError with every problem of the first language that has any, or because the
        languages do not agree on the key."""
        for text in item.languages.values():
            if text.strays:  # the cause of much that the rules below would say
                raise ContentError.of([_stray(item, line, stray) for line, stray in text.strays])
            if found := [Finding.told(item.path, line, "item", problem) for line, problem in self.problems(item, text)]:
                raise ContentError.of(found)
        keys = {language: self.key(item, text) for language, text in item.languages.items()}
        first, *others = keys.values()
        if any(other != first for other in others):
            said = "; ".join(f"{language}: {self.told(key)}" for language, key in keys.items())
            raise ContentError(item.path, item.line, DISAGREE.filled(said=said), "key")

    def remarks(self, item: Item, reference: Reference) -> Iterator[Remark]:
        """What is wrong with a readable item beside the reference data; normally nothing."""
        return iter(())

    def told(self, key: Any) -> str:
        """A key in an author's words, not Python's."""
        return ", ".join(f"{value:g}" for value in key) if isinstance(key, tuple) else str(key)

    def slips(self, instance: Drawn) -> list[str]:
        """Wrong answers that people are likely to type."""
        return []

    def right_options(self, text: ItemText) -> tuple[bool, ...]:
        """Which of the author's options is right (the best); empty for types without letters."""
        return ()

    def in_authors_order(self, instance: Drawn) -> Drawn:
        """The instance with lettered options as the author wrote them; the same for other types."""
        return instance

    def picked(self, instance: Drawn, form: Form) -> frozenset[int]:
        """The author's places of the options that a form chose; nothing for types without letters."""
        return frozenset()

    @abstractmethod
    def problems(self, item: Item, text: ItemText) -> Iterator[Problem]:
        """(line, message) for each rule of this type that one language breaks."""

    @abstractmethod
    def key(self, item: Item, text: ItemText) -> object:
        """What must be equal in both languages: marks, numbers, order and count of parts."""

    @abstractmethod
    def draw(self, item: Item, rng: random.Random, reference: Reference) -> Drawn:
        """The random part of an instance, free of language."""

    def stem(self, item: Item, instance: Drawn, language: str) -> str:
        """The stem's Markdown for this instance."""
        return item.text(language).stem

    def general(self, item: Item, instance: Drawn, language: str) -> str:
        """The general explanation's Markdown for this instance."""
        return item.text(language).general

    @abstractmethod
    def fields(self, item: Item, instance: Drawn, language: str, html: Fragments) -> tuple[Field, ...]:
        """The controls of the delivered item."""

    @abstractmethod
    def read(self, item: Item, instance: Drawn, form: Form) -> Any | None:
        """The raw answer in a form, None when nothing is answered; ValueError for what no page of ours can send."""

    @abstractmethod
    def score(self, item: Item, instance: Drawn, value: Any) -> Score:
        """The score of a raw answer that `read` returned."""

    @abstractmethod
    def outcomes(self, item: Item) -> dict[float, float]:
        """Every possible x and its probability under blind answering (0 for what guessing cannot reach)."""

    @abstractmethod
    def explain(
        self, item: Item, instance: Drawn, value: Any, language: str, html: Fragments
    ) -> tuple[str, tuple[ExplainedPart, ...]]:
        """The right answer as HTML, and the parts with their feedback."""

    def prose(self, text: ItemText) -> Iterator[tuple[int, str]]:
        """(line, text) of all that a reader sees, for the language checks; accepted answers are not prose."""
        yield text.line, text.stem
        for part in text.parts:
            yield part.line, "\n".join(filter(None, (part.text, part.right, part.feedback)))
        yield text.general_line, text.general


def _stray(item: Item, line: int, stray: str) -> Finding:
    return Finding.told(item.path, line, "part", STRAY.filled(line=repr(stray[:60])))


def no_such(text: Text, name: str, known: Iterable[str]) -> Text:
    """The remark about an id that does not exist, with the nearest one that does."""
    near = difflib.get_close_matches(name, list(known), 1)
    told = text.filled(name=name)
    return Text(en=f"{told.en}; did you mean {near[0]}?", hy=f"{told.hy}. գուցե՝ {near[0]}") if near else told


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


def numbered(parts: Sequence[Part], low: int, high: int, line: int, what: Text) -> Iterator[Problem]:
    """Rules shared by lists of parts: their number, no empty one, no two alike."""
    if not low <= len(parts) <= high:
        yield (
            line,
            Text(
                en=f"{len(parts)} {what.en}, expected {low} to {high}",
                hy=f"{what.hy}՝ {len(parts)}, պետք է լինի {low}-ից {high}",
            ),
        )
    earlier: set[str] = set()
    for part in parts:
        if not part.text:
            yield part.line, Text(en=f"an empty one among the {what.en}", hy=f"դատարկ տող կա ({what.hy})")
        if part.text in earlier:
            yield part.line, TWICE.filled(text=repr(part.text[:60]))
        earlier.add(part.text)


def with_feedback(parts: Sequence[Part]) -> Iterator[Problem]:
    """Every option needs its feedback."""
    for part in parts:
        if not part.feedback:
            yield part.line, NO_FEEDBACK
