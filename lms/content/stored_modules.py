"""Reading courses and modules that were published once, as `stored` reads items: without judging."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct

from lms.content.model import Course, Module, ModuleText
from lms.content.schema import lenient
from lms.content.source import front_block, line_of, split_front
from lms.content.text import LANGUAGES, Text
from lms.content.yaml_reader import parse_yaml


class StoredModule(Struct):
    """The same of a module's."""

    id: str = ""
    slug: str = ""
    version: int = 1
    minutes: int = 0
    updated: dt.date = dt.date.min
    sub_competencies: tuple[str, ...] = ()
    seed: tuple[str, ...] = ()
    practice: str | None = None
    title: str = ""
    summary: str = ""
    objectives: tuple[str, ...] = ()


class StoredCourse(Struct):
    """The same of a course.yaml."""

    id: str = ""
    slug: str = ""
    level: int = 1
    prerequisites: tuple[str, ...] = ()
    title: Text = Text("", "")
    about: Text = Text("", "")
    modules: tuple[str, ...] = ()


def stored_course(source: str, path: str) -> Course:
    """The course of a course.yaml; `modules` holds no ids yet."""
    front = lenient(StoredCourse, parse_yaml(source, path, 1))
    return Course(
        front.id,
        front.slug,
        front.level,
        front.prerequisites,
        front.title,
        front.about,
        (),
        front.modules,
        source,
        path,
    )


def stored_module(sources: Mapping[str, tuple[str, str]], course: str, stem: str) -> Module:
    """A module from {language: (source, path)}, one language at least; the first gives what both share."""
    fronts = {language: _module_front(*sources[language]) for language in LANGUAGES if language in sources}
    texts = {language: _module_text(language, *sources[language], front) for language, front in fronts.items()}
    first = next(iter(fronts.values()))
    return Module(
        id=first.id,
        slug=first.slug,
        course=course,
        version=max(front.version for front in fronts.values()),
        minutes=first.minutes,
        updated=first.updated,
        sub_competencies=first.sub_competencies,
        seed=first.seed,
        practice=first.practice,
        languages=texts,
        stem=stem,
    )


def _module_front(source: str, path: str) -> StoredModule:
    return lenient(StoredModule, front_block(source, path))


def _module_text(language: str, source: str, path: str, front: StoredModule) -> ModuleText:
    start = split_front(source, path)[1]
    body = source[start:].replace("\r\n", "\n")
    return ModuleText(
        language,
        front.title,
        front.summary,
        front.objectives,
        body,
        source,
        path,
        line_of(source, start),
        front.version,
    )
