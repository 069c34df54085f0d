"""Nodes of a YAML file held against the types of the framework's classes, with the line of every key."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, Literal, TypeVar

import yaml

from lms.competency.problems import FrameworkError, Problem
from lms.competency.words import Words

T = TypeVar("T")


TAGS: Mapping[type, tuple[str, ...]] = {str: ("str",), int: ("int",), float: ("int", "float"), bool: ("bool",)}


WORDS: Mapping[type, Words] = {
    str: Words(en="a text", hy="տեքստ"),
    int: Words(en="a whole number", hy="ամբողջ թիվ"),
    float: Words(en="a number", hy="թիվ"),
    bool: Words(en="true or false", hy="true կամ false"),
}


EXPECTED = Words(en="expected {en}", hy="սպասվում էր {hy}")


ONE_OF = Words(en="expected one of {choices}", hy="սպասվում էր սրանցից մեկը՝ {choices}")


A_LIST = Words(en="expected a list", hy="սպասվում էր ցանկ")


LINES = Words(en="expected `name: value` lines", hy="սպասվում էին `name: value` տողեր")


MISSING_KEY = Words(en="is missing", hy="չկա")


UNKNOWN_KEY = Words(en="is no key that is read here", hy="այսպիսի բանալի այստեղ չի կարդացվում")


STANDS_TWICE = Words(en="stands twice", hy="կրկնվում է")


class NodeReader:
    """Holds nodes of a file against the types of the classes, and remembers the line of every key."""

    def __init__(self, ignored: tuple[str, ...]) -> None:
        self.ignored, self.lines = ignored, dict[str, int]()

    def value(self, kind: Any, node: yaml.Node, key: str) -> Any:
        self.lines[key] = node.start_mark.line + 1
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
        if origin in (types.UnionType, typing.Union):  # only `X | None` is used
            return None if node.tag.endswith(":null") else self.value(arguments[0], node, key)
        if origin is Literal:
            return self.one_of(arguments, node, key)
        if origin is tuple:
            return self.sequence(arguments[0], node, key)
        if origin is not None:  # a Mapping
            return self.mapping(arguments[0], arguments[1], node, key)
        return self.record(kind, node, key) if is_dataclass(kind) else self.scalar(kind, node, key)

    def scalar(self, kind: type, node: yaml.Node, key: str) -> Any:
        if not isinstance(node, yaml.ScalarNode) or node.tag.rpartition(":")[2] not in TAGS[kind]:
            raise _wrong(node, key, EXPECTED.filled(en=WORDS[kind].en, hy=WORDS[kind].hy))
        value = yaml.safe_load(node.value) if kind is not str else node.value
        return kind(value)

    def one_of(self, choices: tuple[Any, ...], node: yaml.Node, key: str) -> Any:
        if node.value not in choices:
            raise _wrong(node, key, ONE_OF.filled(choices=", ".join(choices)))
        return node.value

    def sequence(self, kind: Any, node: yaml.Node, key: str) -> tuple[Any, ...]:
        if not isinstance(node, yaml.SequenceNode):
            raise _wrong(node, key, A_LIST)
        names = [_name(entry, number) for number, entry in enumerate(node.value)]
        return tuple(
            _all(lambda pair: self.value(kind, pair[1], f"{key}.{pair[0]}"), zip(names, node.value, strict=True))
        )

    def mapping(self, key_kind: Any, kind: Any, node: yaml.Node, key: str) -> dict[Any, Any]:
        pairs = _pairs(node, key)
        read = _all(
            lambda pair: (self.scalar(key_kind, pair[0], key), self.value(kind, pair[1], _join(key, pair[0].value))),
            pairs,
        )
        return dict(read)

    def record(self, kind: Any, node: yaml.Node, key: str) -> Any:
        nodes = {name.value: value for name, value in _pairs(node, key)}
        hints = typing.get_type_hints(kind)
        needed = [it.name for it in fields(kind) if it.default is MISSING and it.default_factory is MISSING]
        problems = [_problem(node, _join(key, name), MISSING_KEY) for name in needed if name not in nodes]
        problems += [
            _problem(nodes[name], _join(key, name), UNKNOWN_KEY)
            for name in nodes
            if name not in hints and not (name in self.ignored and not key)
        ]
        wanted = [name for name in nodes if name in hints]
        try:
            values = _all(lambda name: (name, self.value(hints[name], nodes[name], _join(key, name))), wanted)
        except FrameworkError as error:
            raise FrameworkError([*problems, *error.problems]) from None
        if problems:
            raise FrameworkError(problems)
        return kind(**dict(values))


def _all(read: typing.Callable[[Any], T], parts: typing.Iterable[Any]) -> list[T]:
    """Every part read; FrameworkError with what is wrong in any of them."""
    values: list[T] = []
    problems: list[Problem] = []
    for part in parts:
        try:
            values.append(read(part))
        except FrameworkError as error:
            problems += error.problems
    if problems:
        raise FrameworkError(problems)
    return values


def _pairs(node: yaml.Node, key: str) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode) or not all(isinstance(name, yaml.ScalarNode) for name, _ in node.value):
        raise _wrong(node, key, LINES)
    names = [name.value for name, _ in node.value]
    twice = [name for name, _ in node.value if names.count(name.value) > 1]
    if twice:
        raise _wrong(twice[-1], _join(key, twice[-1].value), STANDS_TWICE)
    return list(node.value)


def _name(entry: yaml.Node, number: int) -> str:
    """What an entry of a list is called: its id, else its place."""
    pairs = entry.value if isinstance(entry, yaml.MappingNode) else ()
    return next((value.value for name, value in pairs if name.value == "id"), str(number + 1))


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _problem(node: yaml.Node, key: str, message: Words) -> Problem:
    return Problem.bilingual(node.start_mark.line + 1, key, message)


def _wrong(node: yaml.Node, key: str, message: Words) -> FrameworkError:
    return FrameworkError([_problem(node, key, message)])
