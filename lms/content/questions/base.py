"""What every question type answers for."""

from __future__ import annotations

import random
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from lms.content.errors import ContentError, Finding
from lms.content.fragments import Fragments
from lms.content.front_matter import ItemFront, SectionFront
from lms.content.model import Item, ItemText
from lms.content.questions.parts import Problem
from lms.content.questions.posted import Form
from lms.content.questions.values import ExplainedPart, Field, Instance, Remark, Score
from lms.content.reference import Reference
from lms.content.text import LANGUAGES, Text

Stored = Mapping[str, Any]
NO_PARTS = re.compile(r"(?!)")
STRAY = Text(
    en="this line is no answer part: {line}; what belongs to the part above is indented by two spaces",
    hy="այս տողը պատասխանի մաս չէ՝ {line}. վերևի մասին վերաբերողը խորացվում է երկու բացատով",
)
DISAGREE = Text(
    en="hy and en do not agree on the right answer: {said}", hy="hy և en տարբերակների ճիշտ պատասխանը տարբեր է. {said}"
)

Drawn = TypeVar("Drawn", bound=Instance)


class QuestionType(ABC, Generic[Drawn]):
    """A question type. One subclass per file, one instance in the registry; no other file knows it by name.

    `drawn` is the shape of its instances as this release draws them.
    """

    name: ClassVar[str]
    title: ClassVar[Text]
    instruction: ClassVar[Text]
    part: ClassVar[re.Pattern[str]] = NO_PARTS
    front: ClassVar[type[SectionFront]] = ItemFront
    drawn: type[Drawn]
    answerable: ClassVar[bool] = True  # False: it only stands beside other items
    performance: ClassVar[bool] = False  # an answer shows doing, and opens the gates that ask for it
    single_key: ClassVar[bool] = False  # one option is right, so its place and length could give it away
    lettered: ClassVar[bool] = False  # options under letters, which analysis can count
    one_order: ClassVar[bool] = False  # the n-th part of one language is the n-th of the other
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
        for upgrade in self.drawn.upgrades[max(stored.get("v") or 1, 1) - 1 :]:
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
            if findings := [
                Finding.bilingual(item.path, line, "item", problem) for line, problem in self.problems(item, text)
            ]:
                raise ContentError.of(findings)
        keys = {language: self.key(item, text) for language, text in item.languages.items()}
        first, *others = keys.values()
        if any(other != first for other in others):
            raise ContentError(item.path, item.line, _disagree(keys, self.key_in_words), "key")

    def remarks(self, item: Item, reference: Reference) -> Iterator[Remark]:
        """What is wrong with a readable item beside the reference data; normally nothing."""
        return iter(())

    def key_in_words(self, key: Any) -> Text:
        """A key in an author's words, not Python's."""
        text = ", ".join(f"{value:g}" for value in key) if isinstance(key, tuple) else str(key)
        return Text(hy=text, en=text)

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

    def contradicts(self, value: Any) -> bool:
        """Whether an answer takes one thing for two that exclude each other, as only a page without scripts lets
        happen: the person is asked again, since it is worth nothing."""
        return False

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


def _disagree(keys: Mapping[str, Any], in_words: Callable[[Any], Text]) -> Text:
    words = {language: in_words(key) for language, key in keys.items()}
    hy, en = ("; ".join(f"{language}: {key.get(reader)}" for language, key in words.items()) for reader in LANGUAGES)
    return Text(hy=DISAGREE.filled(said=hy).hy, en=DISAGREE.filled(said=en).en)


def _stray(item: Item, line: int, stray: str) -> Finding:
    return Finding.bilingual(item.path, line, "part", STRAY.filled(line=repr(stray[:60])))
