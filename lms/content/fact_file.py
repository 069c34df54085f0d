"""Writing a checked fact into the file of platform facts: its value, date and basis change, every other byte stays."""

from __future__ import annotations

import datetime as dt
import re

from lms.content.errors import ContentError
from lms.content.text import Text

NO_FACT = Text(en="there is no fact {name}", hy="{name} փաստ չկա")
NUMBER = re.compile(r"-?\d+\Z")


def with_fact(source: str, path: str, name: str, value: str | int | None, as_of: dt.date, basis: str) -> str:
    """The file's text with these three lines of the fact written anew; ContentError when the file has no such fact."""
    lines = source.splitlines(keepends=True)
    begin = next((at for at, line in enumerate(lines) if re.match(rf"  - id: {re.escape(name)}\s*\Z", line)), None)
    if begin is None:
        raise ContentError(path, 1, NO_FACT.filled(name=name))
    ends = (at for at in range(begin + 1, len(lines)) if lines[at].strip() and not lines[at].startswith("    "))
    end = next(ends, len(lines))
    written = {"value": _scalar(value), "as_of": f"'{as_of.isoformat()}'", "basis": _scalar(basis)}
    for key, text in written.items():
        _write(lines, begin, end, key, text)
    return "".join(lines)


def _write(lines: list[str], begin: int, end: int, key: str, text: str) -> None:
    """A line that says the same already stays as its author wrote it."""
    for at in range(begin, end):
        line = lines[at]
        if line.startswith(f"    {key}:"):
            ending = line[len(line.rstrip("\r\n")) :]
            if line.partition(":")[2].strip() not in (text, text[1:-1].replace("''", "'")):
                lines[at] = f"    {key}: {text}{ending}"
            return
    ending = lines[begin][len(lines[begin].rstrip("\r\n")) :] or "\n"
    lines[begin] += f"    {key}: {text}{ending}"


def _scalar(value: str | int | None) -> str:
    """A YAML scalar on one line; texts always in quotes, so that none is read as something else."""
    if value is None or isinstance(value, int):
        return "null" if value is None else str(value)
    words = " ".join(value.split()).replace("'", "''")
    return f"'{words}'"
