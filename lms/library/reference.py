"""The reference data: skill matrix, metrics, dated platform facts, glossary, catalogue and seed claims."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from lms.library.errors import ContentError, Finding, finding
from lms.library.model import LANGUAGES, Text
from lms.library.source import read_text

FOLDER = "quizzes/reference"
YAML_FILES = ("skill_matrix", "metrics", "platform_facts", "catalogue", "seed")
TEXT_FILES = ("glossary.csv", "allowed_words.txt")
# libyaml reads the matrix ten times as fast; it need not be installed.
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


@dataclass(frozen=True)
class MatrixSpec:
    """The skill matrix: `skills` maps a skill to its sub-competencies; the rest is the file's own data."""

    skills: Mapping[str, tuple[str, ...]]
    sub_competencies: Mapping[str, Mapping[str, Any]]
    names: Mapping[str, Text]
    levels: tuple[Mapping[str, Any], ...]
    roles: Mapping[str, Mapping[str, Any]]
    blueprints: Mapping[str, Mapping[str, Any]]
    evidence_rules: Mapping[str, Any]
    data: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Reference:
    """All reference data; `sources` maps a path below the root to its exact text."""

    matrix: MatrixSpec
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
    try:
        return parse_reference(sources), tuple(findings)
    except ContentError as error:
        usable = {path: text for path, text in sources.items() if path != error.path}
        return parse_reference(usable), (*findings, finding(error))


def parse_reference(sources: Mapping[str, str]) -> Reference:
    """Reference data from {path: text}; absent files count as empty, ContentError for the first broken one."""
    matrix, metrics, facts, catalogue, seed = (_yaml(sources, f"{FOLDER}/{stem}.yaml") for stem in YAML_FILES)
    try:
        return Reference(
            matrix=_matrix(matrix),
            metrics={entry["id"]: entry for entry in metrics.get("metrics", ())},
            facts={entry["id"]: _fact(entry) for entry in facts.get("facts", ())},
            glossary=_glossary(sources.get(f"{FOLDER}/glossary.csv", "")),
            seed={name: _claim(name, entry) for name, entry in seed.get("claims", {}).items()},
            paragraphs={name: _text(entry) for name, entry in seed.get("paragraphs", {}).items()},
            catalogue=catalogue,
            allowed_words=_words(sources.get(f"{FOLDER}/allowed_words.txt", "")),
            sources=dict(sources),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ContentError(FOLDER, 1, f"an entry has an unexpected shape: {error!r}", "schema") from None


def _yaml(sources: Mapping[str, str], path: str) -> Mapping[str, Any]:
    try:
        data = yaml.load(sources.get(path, "{}"), Loader)  # noqa: S506 (a SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ContentError(path, line, f"YAML: {error.problem}", "yaml") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ContentError(path, 1, f"YAML: {type(error).__name__}", "yaml") from None
    if not isinstance(data, dict):
        raise ContentError(path, 1, "expected `name: value` lines", "yaml")
    return data


def _matrix(data: Mapping[str, Any]) -> MatrixSpec:
    skills = data.get("skills", ())
    subs = {sub["id"]: sub for skill in skills for sub in skill["sub_competencies"]}
    named = {entry["id"]: _text(entry["name"]) for entry in (*skills, *subs.values())}
    blueprint = data.get("blueprint", {})
    return MatrixSpec(
        skills={skill["id"]: tuple(sub["id"] for sub in skill["sub_competencies"]) for skill in skills},
        sub_competencies=subs,
        names=named,
        levels=tuple(data.get("levels", ())),
        roles={role["id"]: role for role in data.get("roles", ())},
        blueprints={name: plan for name, plan in blueprint.items() if isinstance(plan, dict)},
        evidence_rules=data.get("evidence_rules", {}),
        data=data,
    )


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


def _claim(name: str, entry: Mapping[str, Any]) -> Claim:
    return Claim(name, str(entry["summary"]), tuple(entry["modules"]))


def _glossary(source: str) -> tuple[Term, ...]:
    rows = csv.DictReader(io.StringIO(source))
    return tuple(Term(row["en"], row["hy"], row["note"] or "") for row in rows)


def _words(source: str) -> frozenset[str]:
    lines = (re.sub(r"#.*", "", line).strip() for line in source.splitlines())
    return frozenset(line.lower() for line in lines if line)
