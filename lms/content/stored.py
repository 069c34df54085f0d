"""Reading what was published once: readable for ever, whatever authors may write today.

Nothing here judges. A key that this release does not know is passed over, a value that does not fit counts as absent,
a line that is no answer part stays out of the question. What an author must still mend is said by `banks` and
`modules`, which check a file against today's rules and then read it with these same functions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from msgspec import Struct, structs

from lms.content.errors import ContentError
from lms.content.item_body_parser import read_text
from lms.content.model import Item, ItemText
from lms.content.questions import TYPES
from lms.content.questions.base import QuestionType
from lms.content.schema import lenient
from lms.content.source import front_block, headings, line_of
from lms.content.text import LANGUAGES, Text
from lms.content.yaml_reader import Block, parse_yaml

YAML_BLOCK = re.compile(r"\A\s*^```ya?ml[ \t]*\r?\n(?P<yaml>.*?)^```[ \t]*\r?$", re.DOTALL | re.MULTILINE)


class StoredItem(Struct, rename={"set_id": "set"}):
    """What an item's yaml gives when nothing is demanded of it."""

    sub: str = ""
    bloom: str = ""
    level: int = 0
    p: float = 0.5
    seed: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    set_id: str | None = None
    enemies: tuple[str, ...] = ()
    pretest: bool = False
    behind: str | None = None


class StoredBank(Struct):
    """The same of a bank's front matter."""

    bank: str = ""
    pool: str = ""
    course: str | None = None
    module: str | None = None


def stored_item(source: str, head: str, path: str = "", line: int = 1, stimulus: Item | None = None) -> Item:
    """The item in one `## ` section as it was published. `head` is the bank's head (its front matter gives pool,
    course and module; may be empty), `stimulus` the table that stood beside it.

    ContentError only for what never was an item: no heading, no yaml block, a type that never was.
    """
    return item_in(stored_bank(head), source, path, line, stimulus)


def item_in(bank: StoredBank, source: str, path: str, line: int, stimulus: Item | None = None) -> Item:
    """The same, the bank's head being read already."""
    block = item_block(source, path, line)
    question = question_of(block)
    texts = {}
    for name, at, text in language_sections(source, line):
        if name in LANGUAGES and name not in texts:
            texts[name] = read_text(text, at, question.opens, question.part)
    return build_item(source, block, texts, bank, path, line, stimulus)


def build_item(
    source: str,
    block: Block,
    texts: Mapping[str, ItemText],
    bank: StoredBank,
    path: str,
    line: int,
    stimulus: Item | None = None,
) -> Item:
    """The item that these pieces make; `texts` holds at least one language."""
    if not texts:
        raise ContentError(path, line, NO_LANGUAGE, "missing-language")
    front, question = lenient(StoredItem, block), question_of(block)
    values = structs.asdict(front) | ({} if question.answerable else NOTHING_ASKED)
    item = Item(
        id=headings(source, "##")[0][1],
        type=question.name,
        settings=dict(block),
        pool=bank.pool,
        course=bank.course,
        module=bank.module,
        source=source,
        path=path,
        line=line,
        languages=texts,
        stimulus=stimulus,
        answerable=question.answerable,
        performance=question.performance or front.set_id is not None,
        **values,
    )
    return question.keyed(item)


NOTHING_ASKED: dict[str, Any] = {"sub": "", "bloom": "", "level": 0, "p": 0.0}  # of a table, which has no answer
NO_LANGUAGE = Text(en="neither `### hy` nor `### en`", hy="չկա ո՛չ `### hy`, ո՛չ `### en`")
NO_HEADING = Text(
    en="an item begins with `## item-id` (lower case, digits, hyphens)",
    hy="հարցը սկսվում է `## item-id` տողով (փոքրատառեր, թվանշաններ, գծիկներ)",
)
NO_YAML = Text(
    en="no ```yaml … ``` block right below the heading", hy="վերնագրից անմիջապես հետո ```yaml … ``` բլոկ չկա"
)
NO_TYPE = Text(en="type: no question type is named", hy="type. հարցի տեսակը նշված չէ")


def item_block(source: str, path: str, line: int) -> Block:
    """The yaml below an item's heading."""
    heading = headings(source, "##")
    if not heading:
        raise ContentError(path, line, NO_HEADING, "item-id")
    after = source.find("\n") + 1
    match = YAML_BLOCK.match(source[after:]) if after else None
    if not match:
        raise ContentError(path, line, NO_YAML, "item-yaml")
    return parse_yaml(match["yaml"], path, line_of(source, after + match.start("yaml"), line))


def question_of(block: Block) -> QuestionType[Any]:
    """The question type that an item's yaml names."""
    kind = block.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        raise ContentError(block.path, block.at("type"), NO_TYPE, "schema")
    return TYPES[kind]


def language_sections(source: str, line: int) -> list[tuple[str, int, str]]:
    """(name, line of its first line, text) of each `### name` section."""
    marks = headings(source, "###")
    sections = []
    for (offset, name), (end, _) in pairwise([*marks, (len(source), "")]):
        start = source.find("\n", offset) + 1 or len(source)
        sections.append((name, line_of(source, offset, line) + 1, source[start:end]))
    return sections


def stored_bank(head: str) -> StoredBank:
    """Pool, course and module of a bank's head; empty where the head cannot be read."""
    try:
        return lenient(StoredBank, front_block(head, ""))
    except ContentError:
        return StoredBank()
