"""YAML as the content allows it: no aliases, no repeated keys, bounded depth, every key with its line.

libyaml reads where it is installed; where it stumbles over a short text the pure reader tells the author why, since
its messages and lines are the better ones.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import yaml

from lms.content.errors import ContentError
from lms.content.text import Text

MAX_DEPTH = 40
RETOLD = 50_000  # characters that the slow reader may read again for its better message

HINTS = {
    "a number without end": Text(en="a number of more than 400 signs", hy="400-ից ավելի նշանով թիվ"),
    "character '\\t'": Text(en="a tab; indent with spaces", hy="ներդիր (tab) կա. խորացրեք բացատներով"),
    "mapping values are not allowed": Text(
        en='a value that holds a colon and a space stands in quotes: name: "a: b"',
        hy='երկու կետ և բացատ ունեցող արժեքը գրվում է չակերտներում. name: "a: b"',
    ),
    "could not find expected ':'": Text(
        en="no colon after the name: every line is `name: value`",
        hy="անունից հետո երկու կետ չկա. ամեն տող այսպես է՝ `name: value`",
    ),
    "stream end": Text(en="a bracket or a quotation mark is never closed", hy="փակագիծը կամ չակերտը չի փակվում"),
    "end of stream": Text(en="a bracket or a quotation mark is never closed", hy="փակագիծը կամ չակերտը չի փակվում"),
    "expected ',' or": Text(
        en="a bracket that is not closed on its line, or no comma between two entries",
        hy="տողում չփակված փակագիծ կամ երկու տարրի միջև բաց թողնված ստորակետ",
    ),
}
BROKEN = Text(en="YAML: {error}", hy="YAML. {error}")
UNREADABLE = Text(en="expected `name: value` lines", hy="սպասվում էին `name: value` տողեր")
ENDLESS = re.compile(r"[-+\d_:.]{400,}")  # YAML reads 9:9:9 to the base of sixty, in time that grows with the square
OPENING = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
CLOSING = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
Library: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Block(dict[str, Any]):
    """A YAML mapping that knows where it stands: its file, its line, and the line of each of its keys."""

    path: str = ""
    line: int = 1
    lines: dict[str, int]

    def at(self, key: str) -> int:
        """The line of `key`, or of the block where the key is absent."""
        return self.lines.get(key, self.line)


class _Strict:
    """Mappings become Blocks; a repeated key is refused, in time linear in their number."""

    path = ""
    first = 1

    def construct_block(self, node: yaml.MappingNode) -> Iterator[Block]:
        """A Block, filled after its name is known, as PyYAML builds every mapping."""
        block = Block()
        block.path, block.line = self.path, self.first + node.start_mark.line
        block.lines = {}
        yield block
        _refuse_repeated(node)
        block.update(self.construct_mapping(node))  # type: ignore[attr-defined]
        block.lines = {str(key.value): self.first + key.start_mark.line for key, _ in node.value}


def _refuse_repeated(node: yaml.MappingNode) -> None:
    names = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
    for key, _ in node.value:
        if isinstance(key, yaml.ScalarNode) and names[key.value] > 1:
            raise yaml.MarkedYAMLError(problem=f"the key {key.value!r} stands twice", problem_mark=key.start_mark)


def _strict(base: Any) -> Any:
    loader: Any = type("StrictLoader", (_Strict, base), {})
    loader.add_constructor("tag:yaml.org,2002:map", _Strict.construct_block)
    return loader


PURE, QUICK = _strict(yaml.SafeLoader), _strict(Library)


def parse_yaml(text: str, path: str, line: int) -> Block:
    """The mapping in `text`, whose first line is line `line` of `path`; ContentError names the line that is wrong."""
    text = text.replace("\r\n", "\n")
    try:
        _bound(text, path, line)
        data = _load(QUICK, text, path, line)
    except yaml.MarkedYAMLError as error:
        raise _error(_retold(error, text), text, path, line) from None
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        if isinstance(error, ContentError):
            raise
        raise ContentError(path, line, BROKEN.filled(error=type(error).__name__), "yaml") from None
    if not isinstance(data, Block) or not all(isinstance(key, str) for key in data):
        raise ContentError(path, line, UNREADABLE, "yaml")
    return data


def _load(kind: Any, text: str, path: str, line: int) -> object:
    loader = kind(text)
    loader.path, loader.first = path, line
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def _bound(text: str, path: str, line: int) -> None:
    """Refuse aliases (no billion laughs) and depths that recursion would not survive, before anything is built."""
    depth = 0
    for event in yaml.parse(text, Library):
        depth += isinstance(event, OPENING) - isinstance(event, CLOSING)
        if depth > MAX_DEPTH:
            message = Text(
                en=f"YAML: brackets or lists more than {MAX_DEPTH} deep",
                hy=f"YAML. փակագծերի կամ ցանկերի խորությունը {MAX_DEPTH}-ից ավելի է",
            )
            raise ContentError(path, line, message, "yaml")
        mark: Any = event.start_mark
        if isinstance(event, yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="aliases are not allowed", problem_mark=mark)
        if isinstance(event, yaml.ScalarEvent) and event.implicit[0] and ENDLESS.fullmatch(event.value):
            raise yaml.MarkedYAMLError(problem="a number without end", problem_mark=mark)


def _retold(error: yaml.MarkedYAMLError, text: str) -> yaml.MarkedYAMLError:
    if len(text) <= RETOLD and Library is not yaml.SafeLoader:
        try:
            _load(PURE, text, "", 1)
        except yaml.MarkedYAMLError as better:
            return better
        except (yaml.YAMLError, ValueError, TypeError, RecursionError):
            return error
    return error


def _error(error: yaml.MarkedYAMLError, text: str, path: str, line: int) -> ContentError:
    problem = error.problem or str(error)
    # "Could not find ':'" is noticed a line late; the context begins where the colon should stand.
    mark = error.context_mark if "':'" in problem else error.problem_mark
    hint = next(
        (hint for sign, hint in HINTS.items() if sign in problem), Text(en=problem, hy=f"չի կարդացվում ({problem})")
    )
    at = line + (min(mark.line, text.rstrip().count("\n")) if mark else 0)
    return ContentError(path, at, Text(en=f"YAML: {hint.en}", hy=f"YAML. {hint.hy}"), "yaml")
