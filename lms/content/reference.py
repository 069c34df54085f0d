"""The reference data: skill matrix, metrics, dated platform facts, glossary, catalogue and seed claims."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from lms.competency.framework import EMPTY, Framework
from lms.competency.problems import FrameworkError
from lms.competency.read import read_framework
from lms.content.errors import ContentError, Finding
from lms.content.reading_cache import remembered
from lms.content.reference_entries import (
    Claim,
    Fact,
    Metric,
    Paragraph,
    PlannedCourse,
    PlannedModule,
    SeedClaim,
    Term,
)
from lms.content.schema import read, read_all
from lms.content.source import checked_text, whole_file
from lms.content.text import LANGUAGES, Text
from lms.content.yaml_reader import Block, parse_yaml

FOLDER = "quizzes/reference"
YAML_FILES = ("skill_matrix", "metrics", "platform_facts", "catalogue", "seed")
TEXT_FILES = ("glossary.csv", "allowed_words.txt")
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Reference:
    """All reference data; `sources` maps a path below the root to its exact text."""

    framework: Framework
    metrics: Mapping[str, Mapping[str, Any]]
    facts: Mapping[str, Fact]
    glossary: tuple[Term, ...]
    seed: Mapping[str, Claim]
    paragraphs: Mapping[str, Text]
    catalogue: Mapping[str, Any]
    allowed_words: frozenset[str]
    sources: Mapping[str, str]


MISSING = Text(en="this reference file is missing", hy="այս տեղեկատու ֆայլը չկա")
SHAPE = Text(en="an entry has an unexpected shape: {error}", hy="գրառման կառուցվածքն անսպասելի է՝ {error}")


@remembered(16)
def load_reference(contents: tuple[tuple[str, bytes], ...]) -> tuple[Reference, tuple[Finding, ...]]:
    """The reference data in (path, bytes) of quizzes/reference; a broken or absent file becomes a finding and counts
    as empty. The same bytes are read once in a process."""
    files = dict(contents)
    findings: list[Finding] = []
    sources: dict[str, str] = {}
    for name in (*(f"{stem}.yaml" for stem in YAML_FILES), *TEXT_FILES):
        path = f"{FOLDER}/{name}"
        try:
            sources[path] = checked_text(files[path], path)
        except ContentError as error:
            findings.extend(error.findings)
        except KeyError:
            findings.append(Finding.bilingual(path, 1, "missing-file", MISSING))
    usable = dict(sources)
    while True:
        try:
            return dataclasses.replace(parse_reference(usable), sources=sources), tuple(findings)
        except ContentError as error:
            findings.extend(error.findings)
            del usable[error.path]


def parse_reference(sources: Mapping[str, str]) -> Reference:
    """Reference data from {path: text}; absent files count as empty, ContentError for the first broken one."""
    seed, paragraphs = _read(sources, "seed.yaml", lambda text, path: _seed(_yaml(text, path)))
    return Reference(
        framework=_read(sources, "skill_matrix.yaml", _framework),
        metrics=_read(sources, "metrics.yaml", lambda text, path: _metrics(_yaml(text, path))),
        facts=_read(sources, "platform_facts.yaml", lambda text, path: _facts(_yaml(text, path))),
        glossary=_read(sources, "glossary.csv", _glossary),
        seed=seed,
        paragraphs=paragraphs,
        catalogue=_read(sources, "catalogue.yaml", lambda text, path: _catalogue(_yaml(text, path))),
        allowed_words=_read(sources, "allowed_words.txt", lambda text, _: _words(text)),
        sources=dict(sources),
    )


def _read(sources: Mapping[str, str], name: str, parse: Callable[[str, str], T]) -> T:
    path = f"{FOLDER}/{name}"
    source = sources.get(path, "")
    with whole_file(path, source):
        try:
            return parse(source, path)
        except (KeyError, TypeError, AttributeError) as error:
            raise ContentError(path, 1, SHAPE.filled(error=repr(error)), "schema") from None


def _yaml(text: str, path: str) -> Block:
    return parse_yaml(text or "{}", path, 1)


def _framework(text: str, path: str) -> Framework:
    """The competency framework, the empty one of an absent file; ContentError with everything that is wrong."""
    try:
        return read_framework(text, path) if text else EMPTY
    except FrameworkError as error:
        findings = [
            Finding.bilingual(path, it.line, "framework", Text(en=it.said("en"), hy=it.said("hy")))
            for it in error.problems
        ]
        raise ContentError.of(findings) from None


def _text(entry: Mapping[str, Any]) -> Text:
    return Text(*(str(entry[language]) for language in LANGUAGES))


def _named(block: Block, name: str) -> list[Any]:
    """The list under `name`; an absent one is empty."""
    entries = block.get(name) or []
    if not isinstance(entries, list):
        raise ContentError(
            block.path, block.at(name), Text(en=f"{name}: must be a list", hy=f"{name}. պետք է լինի ցանկ")
        )
    return entries


def _facts(block: Block) -> dict[str, Fact]:
    return {fact.id: fact for fact in read_all(Fact, _named(block, "facts"), block.path)}


def _metrics(block: Block) -> dict[str, Mapping[str, Any]]:
    entries = _named(block, "metrics")
    return {metric.id: entry for metric, entry in zip(read_all(Metric, entries, block.path), entries, strict=True)}


def _catalogue(block: Block) -> Mapping[str, Any]:
    """The data as written; its courses and modules have the declared shape."""
    courses = read_all(PlannedCourse, _named(block, "courses"), block.path)
    read_all(PlannedModule, [module for course in courses for module in course.modules], block.path)
    return block


def _seed(block: Block) -> tuple[dict[str, Claim], dict[str, Text]]:
    claims = {name: read(SeedClaim, entry) for name, entry in (block.get("claims") or {}).items()}
    paragraphs = {name: read(Paragraph, entry) for name, entry in (block.get("paragraphs") or {}).items()}
    return (
        {name: Claim(name, claim.summary, claim.modules, claim.outdated) for name, claim in claims.items()},
        {name: Text(hy=paragraph.hy, en=paragraph.en) for name, paragraph in paragraphs.items()},
    )


def _glossary(source: str, path: str) -> tuple[Term, ...]:
    rows = csv.DictReader(io.StringIO(source), restkey="after note", restval="")
    return tuple(read_all(Term, (_row(cells, path, rows.line_num) for cells in rows), path))


def _row(cells: Mapping[str, Any], path: str, line: int) -> Block:
    block = Block(cells)
    block.path, block.line, block.lines = path, line, {}
    return block


def _words(source: str) -> frozenset[str]:
    lines = (re.sub(r"#.*", "", line).strip() for line in source.splitlines())
    return frozenset(line.lower() for line in lines if line)
