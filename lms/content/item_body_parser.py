"""Splitting one language of an item into stem, parts and general explanation. It never fails: what fits nowhere is kept
as a stray line, for the author's check to name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

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


def read_text(source: str, line: int, opens: re.Pattern[str], part: re.Pattern[str]) -> ItemText:
    """Read the section below `### hy`, whose first line is line `line` of its file. `opens` recognises the first part
    line, `part` every part line; groups `mark`, `text` and `right` of `part` fill the Part."""
    lines = [raw.rstrip("\r") for raw in source.split("\n")]
    body, general, general_at = _cut_general(lines)
    start = _first_part(body, opens)
    blank = next((index for index, text in enumerate(body[:start]) if text.strip()), 0)
    stem = "\n".join(body[blank:start]).rstrip()
    parts, strays = _parts(body[start:], line + start, part)
    return ItemText(stem, parts, general, line + blank, line + general_at, strays)


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


def _parts(
    lines: list[str], line: int, pattern: re.Pattern[str]
) -> tuple[tuple[Part, ...], tuple[tuple[int, str], ...]]:
    """The parts, and (line, text) of what is neither a part nor a continuation of one."""
    drafts: list[_Draft] = []
    strays: list[tuple[int, str]] = []
    for number, text in enumerate(lines, line):
        match, more = pattern.match(text), CONTINUED.fullmatch(text)
        if match:
            groups = match.groupdict(default="")
            drafts.append(_Draft(groups.get("mark", "").strip(), groups.get("right", "").strip(), number))
            drafts[-1].text.append(groups.get("text", "").strip())
        elif more and drafts and text.strip():
            (drafts[-1].feedback if more["quote"] else drafts[-1].text).append(more["text"].strip())
        elif text.strip():
            strays.append((number, text.strip()))
    return tuple(draft.part() for draft in drafts), tuple(strays)
