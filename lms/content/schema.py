"""A declared shape (a msgspec Struct) against a YAML block: all that is wrong with it at once, each with its mend.

A field says what it expects in its annotation: `Annotated[int, Meta(ge=1, le=5, extra=says(...))]`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from typing import Any, TypeVar, get_args

import msgspec
from msgspec import Meta
from msgspec.structs import FieldInfo

from lms.content.errors import ContentError, Finding
from lms.content.text import Text
from lms.content.yaml_reader import Block

Shape = TypeVar("Shape", bound=msgspec.Struct)
NO_FIT = (msgspec.ValidationError, ValueError, OverflowError, RecursionError)
WIDTH = 80  # characters of a wrong value that a message quotes
WRONG = Text(en="{value}, expected something else", hy="{value}, սպասվում էր այլ բան")


def says(en: str, hy: str, code: str = "schema") -> dict[str, Any]:
    """What the message about a wrong value says after the key's name; {value} is the value as written."""
    return {"says": Text(en=en, hy=hy), "code": code}


def expects(en: str, hy: str) -> dict[str, Any]:
    """The common message: the value, and what was expected in its place."""
    return says("{value}, expected " + en, "{value}, սպասվում էր՝ " + hy)


def one_of(names: Iterable[str]) -> dict[str, Any]:
    """The message of a closed list of words."""
    listed = ", ".join(names)
    return says("{value} is none of " + listed, "{value}՝ ցանկում չկա. հնարավոր են՝ " + listed)


def read(shape: type[Shape], block: Block) -> Shape:
    """The block as a `shape`; ContentError holds every finding about it. Absent and null are the same for a key that
    may be left out."""
    if findings := tuple(problems(shape, block)):
        raise ContentError.of(findings)
    return msgspec.convert(_given(block), shape)


def read_all(shape: type[Shape], blocks: Iterable[object], path: str) -> list[Shape]:
    """Every entry of a list as a `shape`; ContentError holds the findings about all of them."""
    shapes: list[Shape] = []
    findings: list[Finding] = []
    for entry in blocks:
        try:
            if not isinstance(entry, Block):
                raise ContentError(path, 1, _entry(entry), "schema")
            shapes.append(read(shape, entry))
        except ContentError as error:
            findings.extend(error.findings)
    if findings:
        raise ContentError.of(findings)
    return shapes


def lenient(shape: type[Shape], block: Block) -> Shape:
    """The block as a `shape` whose fields all have defaults: a value that does not fit counts as absent."""
    with suppress(*NO_FIT):
        return msgspec.convert(_given(block), shape, strict=False)
    values = {}
    for field in _fields(shape).values():
        if block.get(field.encode_name) is not None:
            with suppress(*NO_FIT):
                values[field.name] = msgspec.convert(block[field.encode_name], field.type, strict=False)
    return shape(**values)


def problems(shape: type[msgspec.Struct], block: Block) -> Iterator[Finding]:
    """Keys that nobody knows, keys that are absent, values that do not fit."""
    fields = _fields(shape)
    if block.keys() <= fields.keys():  # most blocks are right, and one call tells
        with suppress(*NO_FIT):
            msgspec.convert(_given(block), shape)
            return
    absent = [name for name, field in fields.items() if field.required and name not in block]
    for key in block:
        if key not in fields:
            near = difflib.get_close_matches(str(key), [name for name in fields if name not in block], 1)
            absent = [name for name in absent if name not in near]  # it is there, under a slip of the pen
            yield _finding(block, str(key), _unknown(near, fields))
    if absent:
        yield Finding.bilingual(block.path, block.line, "schema", _missing(absent))
    for name, field in fields.items():
        if name in block:
            yield from _value(block, name, field)


def _given(block: Block) -> dict[str, Any]:
    return {key: value for key, value in block.items() if value is not None}


@cache
def _fields(shape: type[msgspec.Struct]) -> dict[str, FieldInfo]:
    """The fields by their key in the yaml; msgspec evaluates the annotations anew each time it is asked."""
    return {field.encode_name: field for field in msgspec.structs.fields(shape)}


def _value(block: Block, name: str, field: FieldInfo) -> Iterator[Finding]:
    value = block[name]
    if value is None:
        if field.required:
            yield _finding(block, name, Text(en="has no value", hy="արժեք չունի"))
        return
    try:
        msgspec.convert(value, field.type)
    except NO_FIT:
        extra = _extra(field.type)
        message: Text = extra.get("says", WRONG)
        yield _finding(block, name, message.filled(value=_shown(value)), extra.get("code", "schema"))


def _extra(kind: Any) -> dict[str, Any]:
    """The first `extra` in an annotation, looking into `X | None` as well."""
    for part in (kind, *getattr(kind, "__metadata__", ()), *get_args(kind)):
        if isinstance(part, Meta) and part.extra:
            return dict(part.extra)
    return next((extra for part in get_args(kind) if (extra := _extra(part))), {})


def _shown(value: object) -> str:
    """The value as an author would know it again, cut to a line's length."""
    try:
        text = repr(dict(value) if isinstance(value, Block) else value)
    except ValueError:  # a number of thousands of digits
        text = "a number that is far too long"
    return text if len(text) <= WIDTH else text[:WIDTH] + "…"


def _finding(block: Block, key: str, text: Text, code: str = "schema") -> Finding:
    return Finding.bilingual(block.path, block.at(key), code, Text(en=f"{key}: {text.en}", hy=f"{key}. {text.hy}"))


def _unknown(near: list[str], fields: Iterable[str]) -> Text:
    if near:
        return Text(en=f"unknown key; did you mean {near[0]}?", hy=f"անծանոթ բանալի. գուցե՝ {near[0]}")
    listed = ", ".join(fields)
    return Text(en=f"unknown key; the keys are {listed}", hy=f"անծանոթ բանալի. բանալիներն են՝ {listed}")


def _missing(names: list[str]) -> Text:
    listed = ", ".join(names)
    if len(names) == 1:
        return Text(
            en=f"{listed}: is missing; add the line `{listed}: …`", hy=f"{listed}. չկա. ավելացրեք `{listed}: …` տողը"
        )
    return Text(en=f"{listed}: are missing; add a line for each", hy=f"{listed}. չկան. ավելացրեք մեկական տող")


def _entry(value: object) -> Text:
    shown = _shown(value)
    return Text(en=f"{shown}: expected `name: value` lines", hy=f"{shown}. սպասվում էին `name: value` տողեր")
