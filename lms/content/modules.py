"""course.yaml and module files: front matter in two languages, body kept as Markdown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from lms.content.errors import ContentError
from lms.content.front_matter import Fields
from lms.content.model import Course, Module, ModuleText
from lms.content.source import FRONT, line_of, parse_yaml, split_front
from lms.content.text import LANGUAGES

NEUTRAL = ("id", "slug", "version", "minutes", "updated", "sub_competencies", "seed", "practice")
SPOKEN = ("title", "summary", "objectives")
SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
STEM = r"\d\d-" + SLUG


def parse_course(source: str, path: str) -> Course:
    """A course from its yaml; `modules` still holds no ids (load fills them from the module files)."""
    fields = Fields(parse_yaml(source, path, 1), path, 1, source)
    fields.only(("id", "slug", "level", "prerequisites", "title", "about", "modules"))
    stems = fields.strings("modules", required=True)
    return Course(
        id=fields.string("id", r"C\d{1,3}", "C1"),
        slug=fields.string("slug", SLUG, "small-letters-and-hyphens"),
        level=fields.integer("level", 1, 5),
        prerequisites=fields.strings("prerequisites"),
        title=fields.text("title"),
        about=fields.text("about"),
        modules=(),
        stems=stems,
        source=source,
        path=path,
    )


def parse_text(source: str, path: str, language: str) -> tuple[ModuleText, Fields]:
    """One language of a module and its front matter for comparing."""
    data, start = split_front(source, path)
    front = FRONT.match(source)
    fields = Fields(data, path, 2, front[1] if front else "")
    fields.only(NEUTRAL + SPOKEN)
    text = ModuleText(
        language=language,
        title=fields.string("title"),
        summary=fields.string("summary"),
        objectives=fields.strings("objectives", required=True),
        body=source[start:].replace("\r\n", "\n"),
        source=source,
        path=path,
        body_line=line_of(source, start),
        version=fields.integer("version", 1, 10_000),
    )
    return text, fields


def parse_module(sources: Mapping[str, tuple[str, str]], course: str, stem: str) -> Module:
    """A module from {language: (source, path)}; ContentError when a file is broken or the neutral keys differ.

    A language may be absent (the caller reports it); the first existing one gives the neutral keys.
    """
    texts: dict[str, ModuleText] = {}
    first: Fields | None = None
    for language in (name for name in LANGUAGES if name in sources):
        texts[language], fields = parse_text(*sources[language], language)
        first = first or fields
        _agree(first, fields)
    if first is None:
        raise ContentError(stem, 1, "no language of this module can be read", "missing-language")
    return _module(first, texts, course, stem)


def _agree(first: Fields, other: Fields) -> None:
    for name in NEUTRAL:
        # A higher version in one language is how a translation falls behind; check reports it.
        if name not in ("version", "updated") and first.data.get(name) != other.data.get(name):
            raise other.error(name, f"{other.data.get(name)!r} differs from {first.data.get(name)!r} in {first.path}")


def _module(fields: Fields, texts: dict[str, ModuleText], course: str, stem: str) -> Module:
    updated: dt.date = fields.date("updated")
    return Module(
        id=fields.string("id", r"C\d{1,3}\.\d{1,3}", "C1.1"),
        slug=fields.string("slug", SLUG, "small-letters-and-hyphens"),
        course=course,
        version=max(text.version for text in texts.values()),
        minutes=fields.integer("minutes", 1, 600),
        updated=updated,
        sub_competencies=fields.strings("sub_competencies", required=True),
        seed=fields.strings("seed"),
        practice=fields.optional("practice"),
        languages=texts,
        stem=stem,
    )
