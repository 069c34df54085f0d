"""Question bank files: sections with exact source slices, each section one item."""

from __future__ import annotations

import dataclasses
import re
from itertools import pairwise

from lms.content.errors import ContentError, Finding, finding
from lms.content.front_matter import Fields
from lms.content.item_body_parser import read_text
from lms.content.model import BLOOM, POOLS, Bank, Item, ItemText, Section
from lms.content.questions import TYPES
from lms.content.source import FRONT, headings, line_of, parse_yaml, split_front
from lms.content.text import LANGUAGES

ITEM_ID = r"[a-z0-9]+(-[a-z0-9]+)*"
YAML_BLOCK = re.compile(r"\A\s*^```ya?ml[ \t]*\r?\n(?P<yaml>.*?)^```[ \t]*\r?$", re.DOTALL | re.MULTILINE)
SURE_START = re.compile(rf"^## {ITEM_ID}[ \t]*\r?\n\s*```ya?ml", re.MULTILINE)
NEEDED = ("type", "sub", "bloom", "level", "p", "seed")
SWITCHES = ("shuffle", "typo")
COMMON = (*NEEDED, "set", "facts", "enemies", "pretest", "behind", "reviewed", "shuffle")


def parse_bank(source: str, path: str) -> Bank:
    """The bank in `source`; ContentError for the first thing that cannot be read."""
    bank, findings = read_bank(source, path)
    if findings:
        first = findings[0]
        raise ContentError(first.path, first.line, first.message, first.code)
    return bank


def read_bank(source: str, path: str) -> tuple[Bank, list[Finding]]:
    """The bank with every item that can be read, and findings for those that cannot.

    ContentError only when the front matter itself is unusable.
    """
    fields = _front(source, path)
    starts = _starts(source, split_front(source, path)[1])
    bounds = [*starts, len(source)]
    head = source[: bounds[0]]
    sections, findings = [], []
    for start, end in zip(starts, bounds[1:], strict=True):
        line, item = line_of(source, start), None
        try:
            item = parse_item(source[start:end], head, path, line)
        except ContentError as error:
            findings.append(finding(error))
        sections.append(Section(source[start:end], line, item))
    bank = Bank(path, fields.string("bank"), *_place(fields), head, _with_stimuli(sections))
    return bank, findings


def _starts(source: str, body: int) -> list[int]:
    """Where sections begin. A heading with its yaml block begins one even inside a fence that was never closed,
    so that a forgotten fence costs one item and not the rest of the file."""
    sure = [match.start() for match in SURE_START.finditer(source, body)]
    bounds = [body, *sure, len(source)]
    pieces = (headings(source[:end], start, "##") for start, end in pairwise(bounds))
    return [offset for piece in pieces for offset, _ in piece]


def _front(source: str, path: str) -> Fields:
    data, _ = split_front(source, path)
    front = FRONT.match(source)
    fields = Fields(data, path, 2, front[1] if front else "")
    fields.only(("bank", "pool", "course", "module"))
    return fields


def _place(fields: Fields) -> tuple[str, str | None, str | None]:
    return fields.choice("pool", POOLS), fields.optional("course"), fields.optional("module")


def _with_stimuli(sections: list[Section]) -> tuple[Section, ...]:
    tables = {section.item.id: section.item for section in sections if section.item and section.item.type == "table"}

    def joined(section: Section) -> Section:
        if section.item is None or section.item.set_id not in tables:
            return section
        item = dataclasses.replace(section.item, stimulus=tables[section.item.set_id])
        return dataclasses.replace(section, item=item)

    return tuple(joined(section) for section in sections)


def parse_item(source: str, head: str, path: str = "", line: int = 1, stimulus: Item | None = None) -> Item:
    """The item in one `## ` section. `head` is the bank's head (its front matter gives pool, course and module),
    `stimulus` the table that `set:` names, when the caller has it. ContentError names `path` and the line."""
    heading = headings(source, 0, "##")
    if not heading or not re.fullmatch(ITEM_ID, heading[0][1]):
        raise ContentError(path, line, "an item begins with `## item-id` (lower case, digits, hyphens)", "item-id")
    fields = _item_fields(source, path, line)
    pool, course, module = _place(_front(head, path))
    question = TYPES[fields.choice("type", TYPES)]
    fields.only((*COMMON, *question.settings))
    for name in SWITCHES:
        fields.flag(name)
    languages = _languages(source, path, line, fields)
    item = _build(heading[0][1], fields, pool, course, module, source, path, line, languages)
    key = question.validate(item)
    return dataclasses.replace(item, key=key, stimulus=stimulus)


def _item_fields(source: str, path: str, line: int) -> Fields:
    after = source.find("\n") + 1
    match = YAML_BLOCK.match(source[after:]) if after else None
    if not match:
        raise ContentError(path, line, "no ```yaml … ``` block right below the heading", "item-yaml")
    first = line_of(source, after + match.start("yaml"), line)
    return Fields(parse_yaml(match["yaml"], path, first), path, first, match["yaml"])


def _languages(source: str, path: str, line: int, fields: Fields) -> dict[str, ItemText]:
    question = TYPES[fields.string("type")]
    marks = headings(source, 0, "###")
    texts: dict[str, ItemText] = {}
    for index, (offset, name) in enumerate(marks):
        at = line_of(source, offset, line)
        if name not in LANGUAGES or name in texts:
            raise ContentError(path, at, f"`### {name}`: an item has `### hy` and `### en`, each once", "language")
        start = source.find("\n", offset) + 1 or len(source)
        end = marks[index + 1][0] if index + 1 < len(marks) else len(source)
        texts[name] = read_text(source[start:end], path, at + 1, question.opens, question.part)
    if not texts:
        raise ContentError(path, line, "neither `### hy` nor `### en`", "missing-language")
    return texts


def _build(
    name: str,
    fields: Fields,
    pool: str,
    course: str | None,
    module: str | None,
    source: str,
    path: str,
    line: int,
    languages: dict[str, ItemText],
) -> Item:
    table = fields.data.get("type") == "table"
    return Item(
        id=name,
        type=fields.string("type"),
        sub="" if table else fields.string("sub", r"[a-z_]+\.[a-z_]+", "skill.sub_competency"),
        bloom="" if table else fields.choice("bloom", BLOOM),
        level=0 if table else fields.integer("level", 1, 5),
        p=0.0 if table else fields.number("p", 0.05, 0.95),
        seed=fields.strings("seed"),
        facts=fields.strings("facts"),
        set_id=fields.optional("set", ITEM_ID, "the id of a table"),
        enemies=fields.strings("enemies"),
        pretest=fields.flag("pretest"),
        behind=fields.choice("behind", LANGUAGES) if fields.data.get("behind") else None,
        settings=dict(fields.data),
        pool=pool,
        course=course,
        module=module,
        source=source,
        path=path,
        line=line,
        languages=languages,
    )
