"""course.yaml and module files as authors write them, checked against today's rules."""

from __future__ import annotations

from collections.abc import Mapping

from lms.content.errors import ContentError, Finding
from lms.content.front_matter import CourseFront, ModuleFront
from lms.content.model import Course, Module, ModuleText
from lms.content.schema import read
from lms.content.source import front_block, whole_file
from lms.content.stored_modules import stored_course, stored_module
from lms.content.text import LANGUAGES, Text
from lms.content.yaml_reader import Block, parse_yaml

# What both languages of a module must agree on. A higher version in one is how a translation falls behind: check
# reports it.
NEUTRAL = ("id", "slug", "minutes", "sub_competencies", "seed", "practice")


def parse_course(source: str, path: str) -> Course:
    """A course from its yaml; `modules` still holds no ids (load fills them from the module files)."""
    with whole_file(path, source):
        read(CourseFront, parse_yaml(source, path, 1))
        return stored_course(source, path)


def parse_text(source: str, path: str, language: str) -> ModuleText:
    """One language of a module."""
    with whole_file(path, source):
        read(ModuleFront, front_block(source, path))
        return stored_module({language: (source, path)}, "", "").languages[language]


def parse_module(sources: Mapping[str, tuple[str, str]], course: str, stem: str) -> Module:
    """A module from {language: (source, path)}; ContentError when a file is broken or the neutral keys differ.

    A language may be absent (the caller reports it); the first existing one gives the neutral keys.
    """
    blocks = [_front(*sources[language]) for language in LANGUAGES if language in sources]
    if not blocks:
        message = Text(en="no language of this module can be read", hy="այս մոդուլի ոչ մի լեզու հնարավոր չէ կարդալ")
        raise ContentError(stem, 1, message, "missing-language")
    first, *others = blocks
    if findings := [finding for other in others for finding in _differences(first, other)]:
        raise ContentError.of(findings)
    return stored_module(sources, course, stem)


def _front(source: str, path: str) -> Block:
    with whole_file(path, source):
        block = front_block(source, path)
        read(ModuleFront, block)
        return block


def _differences(first: Block, other: Block) -> list[Finding]:
    return [
        Finding.bilingual(other.path, other.at(name), "schema", _differs(name, first, other))
        for name in NEUTRAL
        if first.get(name) != other.get(name)
    ]


def _differs(name: str, first: Block, other: Block) -> Text:
    here, there = other.get(name), first.get(name)
    return Text(
        en=f"{name}: {here!r} differs from {there!r} in {first.path}",
        hy=f"{name}. {here!r} տարբերվում է {there!r} արժեքից՝ {first.path} ֆայլում",
    )
