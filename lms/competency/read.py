"""From YAML to the framework's classes. Every refusal names the line and the key, and all of them come at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from lms.competency.first_schema import from_first_schema
from lms.competency.framework import Framework
from lms.competency.node_reader import NodeReader, T
from lms.competency.problems import FrameworkError, Problem
from lms.competency.validate import problems_of
from lms.competency.words import Words

SCHEMA = "2"
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is ten times as fast; it need not be installed
OTHER_SCHEMA = Words(en="{schema} is what this release reads", hy="այս տարբերակը կարդում է {schema}")
EMPTY_FILE = Words(en="the file is empty", hy="ֆայլը դատարկ է")


def read_framework(text: str, path: str) -> Framework:
    """The framework in a YAML text of this schema or of the first release's; FrameworkError names what is wrong."""
    tree = _compose(text, path)
    schema, line = _schema(tree)
    if schema == "1":
        return from_first_schema(yaml.load(text, Loader))  # noqa: S506 (a SafeLoader)
    if schema != SCHEMA:
        raise FrameworkError([Problem.bilingual(line, "schema_version", OTHER_SCHEMA.filled(schema=SCHEMA))], path)
    framework, lines = _read(Framework, tree, path, ignored=("schema_version",))
    return valid(framework, lines, path)


def read_as(kind: type[T], text: str, path: str) -> tuple[T, dict[str, int]]:
    """A YAML or JSON text as one of the framework's classes, and the line of each key; its numbers are not yet held
    against anything."""
    return _read(kind, _compose(text, path), path)


def valid(framework: Framework, lines: Mapping[str, int], path: str) -> Framework:
    """The framework; FrameworkError where its numbers contradict one another. lines: of its keys in the file."""
    problems = [Problem.bilingual(_line(lines, key), key, message) for key, message in problems_of(framework)]
    if problems:
        raise FrameworkError(problems, path)
    return framework


def _line(lines: Mapping[str, int], key: str) -> int:
    """The line of the key, or of the nearest above it that stands in the file."""
    while key and key not in lines:
        key = key.rpartition(".")[0]
    return lines.get(key, 1)


def _compose(text: str, path: str) -> yaml.Node:
    try:
        tree = yaml.compose(text, Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise FrameworkError([Problem(line, "YAML", error.problem or str(error))], path) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise FrameworkError([Problem(1, "YAML", type(error).__name__)], path) from None
    if tree is None:
        raise FrameworkError([Problem.bilingual(1, "YAML", EMPTY_FILE)], path)
    return tree


def _schema(tree: yaml.Node) -> tuple[str, int]:
    """The schema that the text names, and the line where it does."""
    pairs = tree.value if isinstance(tree, yaml.MappingNode) else ()
    named = (value for name, value in pairs if name.value == "schema_version" and isinstance(value, yaml.ScalarNode))
    return next(((str(value.value), value.start_mark.line + 1) for value in named), ("", 1))


def _read(kind: type[T], tree: yaml.Node, path: str, ignored: tuple[str, ...] = ()) -> tuple[T, dict[str, int]]:
    reader = NodeReader(ignored)
    try:
        return reader.value(kind, tree, ""), reader.lines
    except FrameworkError as error:
        raise FrameworkError(error.problems, path) from None
