"""Reading content files: sizes, encoding, front matter and YAML, each refusal with its line."""

from __future__ import annotations

import re
from typing import Any

import yaml

from lms.content.errors import ContentError

MAX_BYTES = 1 << 20
MAX_LINE = 20_000
FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
FENCE = re.compile(r" {0,3}(```+|~~~+)")

HINTS = {
    "character '\\t'": "a tab; indent with spaces",
    "mapping values are not allowed": 'a value that holds a colon and a space stands in quotes: name: "a: b"',
    "could not find expected ':'": "no colon after the name: every line is `name: value`",
    "stream end": "a bracket or a quotation mark is never closed",
    "end of stream": "a bracket or a quotation mark is never closed",
}


class StrictLoader(yaml.SafeLoader):
    """YAML without aliases (no billion laughs) and without repeated keys (the second would win silently)."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Refuse `*alias`; everything else as SafeLoader."""
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="aliases are not allowed", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Refuse repeated keys; everything else as SafeLoader."""
        names = [key.value for key, _ in node.value]
        for key, _ in node.value:
            if names.count(key.value) > 1:
                problem = f"the key {key.value!r} stands twice"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
        return super().construct_mapping(node, deep)


def checked_text(data: bytes, path: str) -> str:
    """The exact text (line ends kept). ContentError names `path` and the line where it is no UTF-8, holds a byte order
    mark or NUL, or is too large."""
    if len(data) > MAX_BYTES:
        raise ContentError(path, 1, f"the file has {len(data)} bytes, more than {MAX_BYTES}", "too-large")
    if data.startswith(b"\xef\xbb\xbf"):
        raise ContentError(path, 1, "the file begins with a byte order mark; save it as plain UTF-8", "encoding")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ContentError(path, line, "not valid UTF-8", "encoding") from None
    for number, line_text in enumerate(text.split("\n"), 1):
        if "\0" in line_text:
            raise ContentError(path, number, "a NUL character", "encoding")
        if len(line_text) > MAX_LINE:
            raise ContentError(path, number, f"a line of {len(line_text)} characters", "too-large")
    return text


def parse_yaml(text: str, path: str, line: int) -> dict[str, Any]:
    """The mapping in `text`, whose first line is line `line` of `path`."""
    try:
        data = yaml.load(text.replace("\r\n", "\n"), StrictLoader)  # noqa: S506 (a SafeLoader, only stricter)
    except yaml.MarkedYAMLError as error:
        raise yaml_error(error, text, path, line) from None
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise ContentError(path, line, f"YAML: {type(error).__name__}", "yaml") from None
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise ContentError(path, line, "expected `name: value` lines", "yaml")
    return data


def yaml_error(error: yaml.MarkedYAMLError, text: str, path: str, line: int) -> ContentError:
    """The error to raise where YAML stumbled over `text`, whose first line is line `line` of `path`."""
    problem = error.problem or str(error)
    # "Could not find ':'" is noticed a line late; the context begins where the colon should stand.
    mark = error.context_mark if "':'" in problem else error.problem_mark
    hint = next((hint for sign, hint in HINTS.items() if sign in problem), "")
    at = line + (min(mark.line, text.rstrip().count("\n")) if mark else 0)
    return ContentError(path, at, f"YAML: {hint or problem}", "yaml")


def split_front(text: str, path: str) -> tuple[dict[str, Any], int]:
    """Front matter of a file and the offset where the body begins; ContentError when it is absent or cut."""
    match = FRONT.match(text)
    if not match:
        raise ContentError(path, 1, "no front matter between two `---` lines at the top", "front-matter")
    return parse_yaml(match[1], path, 2), match.end()


def line_of(text: str, offset: int, first: int = 1) -> int:
    """Line number of `offset` in `text`, whose first line is `first`."""
    return first + text.count("\n", 0, offset)


def headings(text: str, start: int, marker: str) -> list[tuple[int, str]]:
    """(offset, heading text) of each line `marker text` after `start`, not counting fenced blocks."""
    found: list[tuple[int, str]] = []
    fence, offset = "", start
    for raw in text[start:].split("\n"):
        line = raw.rstrip("\r")
        match = FENCE.match(line)
        if match and (not fence or (match[1].startswith(fence) and line.strip() == match[1])):
            fence = "" if fence else match[1]
        elif not fence and line.startswith(marker + " "):
            found.append((offset, line[len(marker) :].strip()))
        offset += len(raw) + 1
    return found
