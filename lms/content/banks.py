"""Question bank files as authors write them: sections with exact source slices, each checked against today's rules."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from lms.content.errors import ContentError, Finding
from lms.content.front_matter import ITEM_ID, BankFront, ItemFront
from lms.content.item_body_parser import read_text
from lms.content.model import Bank, BankSection, Item, ItemText
from lms.content.questions import TYPES
from lms.content.questions.base import QuestionType
from lms.content.schema import lenient, one_of, problems, read
from lms.content.source import front_block, headings, line_of, split_front, whole_file
from lms.content.stored import (
    NO_HEADING,
    NO_LANGUAGE,
    StoredBank,
    build_item,
    item_block,
    item_in,
    language_sections,
    question_of,
    stored_bank,
)
from lms.content.text import LANGUAGES, Text
from lms.content.yaml_reader import Block

SURE_START = re.compile(rf"^## {ITEM_ID}[ \t]*\r?\n\s*```ya?ml", re.MULTILINE)


def parse_bank(source: str, path: str) -> Bank:
    """The bank in `source`; ContentError for everything in it that cannot be read."""
    bank, findings = read_bank(source, path)
    if findings:
        raise ContentError.of(findings)
    return bank


def read_bank(source: str, path: str) -> tuple[Bank, list[Finding]]:
    """The bank with every item that can be read, and findings for those that cannot.

    ContentError only when the front matter itself is unusable.
    """
    with whole_file(path, source):
        block = front_block(source, path)
        front, place = read(BankFront, block), lenient(StoredBank, block)
        head, slices = _sliced(source, path)
        sections: list[BankSection] = []
        findings: list[Finding] = []
        for section, line in slices:
            item = None
            try:
                with whole_file(path, section, line):
                    item = _item(section, place, path, line, None)
            except ContentError as error:
                findings.extend(error.findings)
            sections.append(BankSection(section, line, item))
        bank = Bank(path, front.bank, front.pool, front.course, front.module, head, _with_stimuli(sections))
        return bank, findings


def published_bank(source: str, path: str) -> Bank:
    """The bank as it was published, read without any of the rules that authors have to keep today."""
    head, slices = _sliced(source, path)
    place = stored_bank(head)
    sections = [BankSection(section, line, _published(place, section, path, line)) for section, line in slices]
    return Bank(path, place.bank, place.pool, place.course, place.module, head, _with_stimuli(sections))


def _published(place: StoredBank, section: str, path: str, line: int) -> Item | None:
    try:
        return item_in(place, section, path, line)
    except ContentError:
        return None  # prose between the items, which never was one


def _sliced(source: str, path: str) -> tuple[str, list[tuple[str, int]]]:
    """The bank's head, and its sections with their first lines."""
    starts = _starts(source, split_front(source, path)[1])
    head = source[: starts[0]] if starts else source
    slices, line = [], line_of(source, len(head))
    for start, end in pairwise([*starts, len(source)]):
        slices.append((source[start:end], line))
        line += source.count("\n", start, end)
    return head, slices


def _starts(source: str, body: int) -> list[int]:
    """Where sections begin. A heading with its yaml block begins one even inside a fence that was never closed,
    so that a forgotten fence costs one item and not the rest of the file."""
    sure = [match.start() for match in SURE_START.finditer(source, body)]
    bounds = [body, *sure, len(source)]
    return [start + at for start, end in pairwise(bounds) for at, _ in headings(source[start:end], "##")]


def _with_stimuli(sections: list[BankSection]) -> tuple[BankSection, ...]:
    tables = {section.item.id: section.item for section in sections if section.item and not section.item.answerable}

    def joined(section: BankSection) -> BankSection:
        if section.item is None or section.item.set_id not in tables:
            return section
        item = dataclasses.replace(section.item, stimulus=tables[section.item.set_id])
        return dataclasses.replace(section, item=item)

    return tuple(joined(section) for section in sections)


def parse_item(source: str, head: str, path: str = "", line: int = 1, stimulus: Item | None = None) -> Item:
    """The item in one `## ` section, held against today's rules for authors. `head` is the bank's head, `stimulus` the
    table that `set:` names, when the caller has it. ContentError holds every finding, each with its line."""
    with whole_file(path, source, line):
        return _item(source, stored_bank(head), path, line, stimulus)


def _item(source: str, bank: StoredBank, path: str, line: int, stimulus: Item | None) -> Item:
    block = item_block(source, path, line)
    if not re.fullmatch(ITEM_ID, headings(source, "##")[0][1]):
        raise ContentError(path, line, NO_HEADING, "item-id")
    if findings := tuple(_front_findings(block)):
        raise ContentError.of(findings)
    question = question_of(block)
    texts = _texts(source, path, line, question)
    item = build_item(source, block, texts, bank, path, line, stimulus)
    question.validate(item)
    return item


def _front_findings(block: Block) -> Iterator[Finding]:
    kind = block.get("type")
    question = TYPES.get(kind) if isinstance(kind, str) else None
    findings = list(problems(question.front if question else ItemFront, block))
    if question is None and kind is not None:
        choices = one_of(TYPES)["says"]
        text = Text(en=f"type: {choices.en}", hy=f"type. {choices.hy}")
        yield Finding.bilingual(block.path, block.at("type"), "schema", text.filled(value=repr(kind)))
        # Which keys a type knows is not known before the type is.
        findings = [finding for finding in findings if "unknown key" not in finding.message]
        findings = [finding for finding in findings if not finding.message.startswith("type:")]
    yield from findings


def _texts(source: str, path: str, line: int, question: QuestionType[Any]) -> dict[str, ItemText]:
    texts: dict[str, ItemText] = {}
    for name, at, text in language_sections(source, line):
        if name not in LANGUAGES or name in texts:
            message = Text(
                en=f"`### {name}`: an item has `### hy` and `### en`, each once",
                hy=f"`### {name}`. հարցն ունի `### hy` և `### en`, ամեն մեկը մեկ անգամ",
            )
            raise ContentError(path, at - 1, message, "language")
        texts[name] = read_text(text, at, question.opens, question.part)
    if not texts:
        raise ContentError(path, line, NO_LANGUAGE, "missing-language")
    return texts
