"""The reference data: skill matrix, metrics, dated platform facts, glossary, catalogue and seed claims."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml

from lms.competency.framework import EMPTY, Framework
from lms.competency.read import FrameworkError, read_framework
from lms.content.errors import ContentError, Finding, finding
from lms.content.source import read_text, yaml_error
from lms.content.text import LANGUAGES, Text

FOLDER = "quizzes/reference"
YAML_FILES = ("skill_matrix", "metrics", "platform_facts", "catalogue", "seed")
TEXT_FILES = ("glossary.csv", "allowed_words.txt")
# libyaml reads the matrix ten times as fast; it need not be installed.
T = TypeVar("T")
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Fact:
    """A platform fact: value (None when sources conflict), unit, date and how long it stands."""

    id: str
    platform: str
    text: Text
    value: str | int | None
    unit: str | None
    as_of: dt.date | None
    valid_days: int
    status: str
    may_be_scored: bool

    @property
    def valid_until(self) -> dt.date:
        """The last day the value stands; a fact without a date is always due."""
        return self.as_of + dt.timedelta(days=self.valid_days) if self.as_of else dt.date.min

    def is_due(self, today: dt.date) -> bool:
        """Whether `as_of + valid_days` is past."""
        return self.valid_until < today


@dataclass(frozen=True)
class Term:
    """A glossary row."""

    en: str
    hy: str
    note: str


@dataclass(frozen=True)
class Claim:
    """A claim of the founding article and the modules that the coverage map gives it to."""

    id: str
    summary: str
    modules: tuple[str, ...]


class FrameworkFindings(ContentError):
    """The competency framework contradicts its schema or itself: one finding for every contradiction."""

    def __init__(self, error: FrameworkError) -> None:
        first, path = error.problems[0], error.path
        super().__init__(path, first.line, f"{first.key}: {first.message}", "framework")
        self.findings = tuple(Finding(path, it.line, "framework", f"{it.key}: {it.message}") for it in error.problems)


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


def load_reference(root: Path) -> tuple[Reference, tuple[Finding, ...]]:
    """Read quizzes/reference below `root`; a broken or absent file becomes a finding and counts as empty."""
    findings: list[Finding] = []
    sources: dict[str, str] = {}
    for name in (*(f"{stem}.yaml" for stem in YAML_FILES), *TEXT_FILES):
        path = f"{FOLDER}/{name}"
        try:
            sources[path] = read_text(root / path, path)
        except ContentError as error:
            findings.append(finding(error))
        except OSError:
            findings.append(Finding(path, 1, "missing-file", "this reference file is missing"))
    usable = dict(sources)
    while True:
        try:
            return dataclasses.replace(parse_reference(usable), sources=sources), tuple(findings)
        except ContentError as error:
            findings.extend(error.findings if isinstance(error, FrameworkFindings) else [finding(error)])
            del usable[error.path]


def parse_reference(sources: Mapping[str, str]) -> Reference:
    """Reference data from {path: text}; absent files count as empty, ContentError for the first broken one."""
    seed, paragraphs = _read(sources, "seed.yaml", lambda text, path: _seed(_yaml(text, path)))
    return Reference(
        framework=_read(sources, "skill_matrix.yaml", _framework),
        metrics=_read(sources, "metrics.yaml", lambda text, path: _by_id(_yaml(text, path), "metrics")),
        facts=_read(sources, "platform_facts.yaml", lambda text, path: _facts(_yaml(text, path))),
        glossary=_read(sources, "glossary.csv", lambda text, _: _glossary(text)),
        seed=seed,
        paragraphs=paragraphs,
        catalogue=_read(sources, "catalogue.yaml", lambda text, path: _catalogue(_yaml(text, path))),
        allowed_words=_read(sources, "allowed_words.txt", lambda text, _: _words(text)),
        sources=dict(sources),
    )


def _read(sources: Mapping[str, str], name: str, parse: Callable[[str, str], T]) -> T:
    path = f"{FOLDER}/{name}"
    try:
        return parse(sources.get(path, ""), path)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, ContentError):
            raise
        raise ContentError(path, 1, f"an entry has an unexpected shape: {error!r}", "schema") from None


def _yaml(text: str, path: str) -> Mapping[str, Any]:
    try:
        data = yaml.load(text or "{}", Loader)  # noqa: S506 (a SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise yaml_error(error, text, path, 1) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ContentError(path, 1, f"YAML: {type(error).__name__}", "yaml") from None
    if not isinstance(data, dict):
        raise ContentError(path, 1, "expected `name: value` lines", "yaml")
    return data


def _framework(text: str, path: str) -> Framework:
    """The competency framework, the empty one of an absent file; FrameworkFindings with everything that is wrong."""
    try:
        return read_framework(text, path) if text else EMPTY
    except FrameworkError as error:
        raise FrameworkFindings(error) from None


def _text(entry: Mapping[str, Any]) -> Text:
    return Text(*(str(entry[language]) for language in LANGUAGES))


def _fact(entry: Mapping[str, Any]) -> Fact:
    as_of = entry.get("as_of")
    return Fact(
        id=entry["id"],
        platform=entry["platform"],
        text=_text(entry["text"]),
        value=entry.get("value"),
        unit=entry.get("unit"),
        as_of=dt.date.fromisoformat(str(as_of)) if as_of else None,
        valid_days=int(entry["valid_days"]),
        status=entry["status"],
        may_be_scored=bool(entry.get("may_be_scored")),
    )


def _by_id(data: Mapping[str, Any], name: str) -> dict[str, Mapping[str, Any]]:
    return {entry["id"]: entry for entry in data.get(name, ())}


def _facts(data: Mapping[str, Any]) -> dict[str, Fact]:
    return {name: _fact(entry) for name, entry in _by_id(data, "facts").items()}


def _catalogue(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The data, after touching what the rules rely on."""
    for course in _by_id(data, "courses").values():
        for module in course["modules"]:
            _ = module["id"], [str(claim) for claim in module["seed"]]
    return data


def _seed(data: Mapping[str, Any]) -> tuple[dict[str, Claim], dict[str, Text]]:
    claims = {name: _claim(name, entry) for name, entry in data.get("claims", {}).items()}
    return claims, {name: _text(entry) for name, entry in data.get("paragraphs", {}).items()}


def _claim(name: str, entry: Mapping[str, Any]) -> Claim:
    return Claim(name, str(entry["summary"]), tuple(entry["modules"]))


def _glossary(source: str) -> tuple[Term, ...]:
    rows = csv.DictReader(io.StringIO(source))
    return tuple(Term(row["en"], row["hy"], row["note"] or "") for row in rows)


def _words(source: str) -> frozenset[str]:
    lines = (re.sub(r"#.*", "", line).strip() for line in source.splitlines())
    return frozenset(line.lower() for line in lines if line)
