"""Splitting one language of an item into stem, parts and general explanation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lms.content.errors import ContentError
from lms.content.model import ItemText, Part
from lms.content.source import FENCE

CONTINUED = re.compile(r"(?: {2,}|\t)(?P<quote>> ?)?(?P<text>.*)")


@dataclass
class _Draft:
    mark: str
    right: str
    line: int
    text: list[str] = field(default_factory=list)
    feedback: list[str] = field(default_factory=list)

    def part(self) -> Part:
        return Part(self.mark, "\n".join(self.text), self.right, "\n".join(self.feedback).strip(), self.line)


def read_text(source: str, path: str, line: int, opens: re.Pattern[str], part: re.Pattern[str]) -> ItemText:
    """Read the section below `### hy`. `opens` recognises the first part line, `part` every part line;
    groups `mark`, `text` and `right` of `part` fill the Part. ContentError for a line that is nothing of these."""
    lines = [raw.rstrip("\r") for raw in source.split("\n")]
    body, general, general_at = _cut_general(lines)
    start = _first_part(body, opens)
    blank = next((index for index, text in enumerate(body[:start]) if text.strip()), 0)
    stem = "\n".join(body[blank:start]).rstrip()
    parts = tuple(_parts(body[start:], path, line + start, part))
    return ItemText(stem, parts, general, line + blank, line + general_at)


def _cut_general(lines: list[str]) -> tuple[list[str], str, int]:
    """The trailing un-indented quote is the general explanation (a callout is part of the stem)."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    start = end
    while start and lines[start - 1].startswith(">"):
        start -= 1
    quote = [re.sub(r"^> ?", "", text) for text in lines[start:end]]
    if not quote or quote[0].startswith("[!"):
        return lines[:end], "", start
    return lines[:start], "\n".join(quote).strip(), start


def _first_part(lines: list[str], opens: re.Pattern[str]) -> int:
    fence = ""
    for index, line in enumerate(lines):
        match = FENCE.match(line)
        if match and (not fence or match[1].startswith(fence)):
            fence = "" if fence else match[1]
        elif not fence and opens.match(line):
            return index
    return len(lines)


def _parts(lines: list[str], path: str, line: int, pattern: re.Pattern[str]) -> Iterator[Part]:
    draft: _Draft | None = None
    for number, text in enumerate(lines, line):
        match, more = pattern.match(text), CONTINUED.fullmatch(text)
        if match:
            if draft:
                yield draft.part()
            groups = match.groupdict(default="")
            draft = _Draft(groups.get("mark", "").strip(), groups.get("right", "").strip(), number)
            draft.text.append(groups.get("text", "").strip())
        elif more and draft and text.strip():
            (draft.feedback if more["quote"] else draft.text).append(more["text"].strip())
        elif text.strip():
            raise ContentError(path, number, f"this line is no answer part: {text.strip()[:60]!r}", "part")
    if draft:
        yield draft.part()
