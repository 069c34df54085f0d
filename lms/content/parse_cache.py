"""Each kind of file read once for the same bytes in a process; what cannot be read gives its findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import NamedTuple, ParamSpec, TypeVar

from lms.content.banks import published_bank, read_bank
from lms.content.errors import ContentError, Finding
from lms.content.model import Bank, Course, Module
from lms.content.modules import parse_course, parse_module, parse_text
from lms.content.reading_cache import Readings, noting, remembered
from lms.content.source import checked_text
from lms.content.stored_modules import stored_course, stored_module
from lms.content.text import Text

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
REMEMBERED = 2048  # parsed files of each kind that a process keeps
UNREADABLE = Text(en="this cannot be read ({error})", hy="սա հնարավոր չէ կարդալ ({error})")


class Unreadable(NamedTuple):
    """What is to be said of a file that cannot be read."""

    findings: tuple[Finding, ...]


class Parsers(NamedTuple):
    """How each kind of file is read; what cannot be read gives its findings."""

    course: Callable[[str, bytes], Course | Unreadable]
    text: Callable[[str, bytes, str], str | Unreadable]
    module: Callable[[str, tuple[tuple[str, str, str], ...], str, str], Module | Unreadable]
    bank: Callable[[str, bytes], tuple[Bank, tuple[Finding, ...]] | Unreadable]


def _remembered(parse: Callable[Arguments, Result]) -> Callable[Arguments, Result | Unreadable]:
    """Parse the same bytes once; what cannot be read gives its findings, whatever the parser stumbled over."""

    @remembered(REMEMBERED)
    @wraps(parse)
    def parsed(*arguments: Arguments.args, **keywords: Arguments.kwargs) -> Result | Unreadable:
        try:
            return parse(*arguments, **keywords)
        except ContentError as error:
            return Unreadable(error.findings)
        except Exception as error:  # one file's trouble is that file's finding
            message = UNREADABLE.filled(error=type(error).__name__)
            return Unreadable((Finding.bilingual(str(arguments[0]), 1, "unreadable", message),))

    return parsed


@_remembered
def _course(path: str, data: bytes) -> Course:
    return parse_course(checked_text(data, path), path)


@_remembered
def _text(path: str, data: bytes, language: str) -> str:
    """The source of one language of a module, once it can be read by itself."""
    source = checked_text(data, path)
    parse_text(source, path, language)
    return source


@_remembered
def _module(first: str, sources: tuple[tuple[str, str, str], ...], course: str, stem: str) -> Module:
    """`sources`: (language, source, path) of what can be read."""
    return parse_module({language: (source, path) for language, source, path in sources}, course, stem)


@_remembered
def _bank(path: str, data: bytes) -> tuple[Bank, tuple[Finding, ...]]:
    bank, findings = read_bank(checked_text(data, path), path)
    return bank, tuple(findings)


@_remembered
def _published_course(path: str, data: bytes) -> Course:
    return stored_course(data.decode("utf-8"), path)


@_remembered
def _published_text(_path: str, data: bytes, _language: str) -> str:
    return data.decode("utf-8")


@_remembered
def _published_module(_first: str, sources: tuple[tuple[str, str, str], ...], course: str, stem: str) -> Module:
    return stored_module({language: (source, path) for language, source, path in sources}, course, stem)


@_remembered
def _published_bank(path: str, data: bytes) -> tuple[Bank, tuple[Finding, ...]]:
    return published_bank(data.decode("utf-8"), path), ()


AUTHORS = Parsers(_course, _text, _module, _bank)
PUBLISHED = Parsers(_published_course, _published_text, _published_module, _published_bank)


def lasting(readings: Readings) -> Readings:
    """Of what was read, what another start will want: all but the authors' side of it."""
    authors = {parser.__name__ for parser in AUTHORS}
    return {call: result for call, result in readings.items() if call[0] not in authors}


def read_banks(files: Mapping[str, bytes], paths: Iterable[str]) -> Readings:
    """What these banks give to authors, and published."""
    with noting() as noted:
        for path in paths:
            AUTHORS.bank(path, files[path])
            PUBLISHED.bank(path, files[path])
    return noted.readings()
