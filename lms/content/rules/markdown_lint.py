"""Signs in a Markdown text that would not be drawn as their author meant: never closed, misspelt, or seen by nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lms.content.errors import Finding, Severity
from lms.content.markup_blocks import CALLOUTS, ITEM
from lms.content.prose import blank_code
from lms.content.source import FENCE, line_of

Sign = tuple[int, str, Severity]  # offset in the text, message
INVISIBLE = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
PLACEHOLDER = re.compile(r"\{\{(?!fact:[\w.]+\}\})[^{}\n]*\}\}")
ITEM_ALONE = re.compile(r"(?:(?<=\n\n)|(?<=\A)) *" + ITEM.pattern + r" *(?=\n\n|\n*\Z)")
CALLOUT = re.compile(r"^(?:> ?)+\[!(\w*)\]", re.MULTILINE)
NOTE, NOTED = re.compile(r"\[\^([^\]\s]+)\](?!:)"), re.compile(r"^\[\^([^\]\s]+)\]:", re.MULTILINE)
MODEL = re.compile(r"^///[ \t]*(.*)$", re.MULTILINE)
TAG = re.compile(r"</?[A-Za-z][\w-]*(?:\s[^<>\n]*)?/?>")


def sign_findings(path: str, first: int, text: str) -> Iterator[Finding]:
    """Findings about `text`, whose first line is line `first` of `path`."""
    quiet = blank_code(text)
    for signs in (_invisible(text), _fences(text), _models(quiet), _placeholders(quiet), _notes(quiet), _tags(quiet)):
        for offset, message, severity in signs:
            yield Finding(path, line_of(text, offset, first), "sign", message, severity)


def _invisible(text: str) -> Iterator[Sign]:
    for match in INVISIBLE.finditer(text):
        yield match.start(), f"an invisible character, U+{ord(match[0]):04X}; delete it", "error"


def _fences(text: str) -> Iterator[Sign]:
    """A fence is closed by as many signs of its kind; what follows one that is not would all be code."""
    open_at, fence, offset = 0, "", 0
    for line in text.split("\n"):
        match = FENCE.match(line)
        if match and not fence:
            open_at, fence = offset, match[1]
        elif match and line.strip().startswith(fence):
            fence = ""
        offset += len(line) + 1
    if fence:
        yield open_at, f"the block that begins with {fence} is never closed", "error"


def _models(quiet: str) -> Iterator[Sign]:
    opened: int | None = None
    for match in MODEL.finditer(quiet):
        if match[1].strip() not in ("", "model"):
            yield match.start(), f"`/// {match[1].strip()}`: only `/// model` is known", "error"
        elif bool(match[1].strip()) == (opened is not None):
            yield match.start(), "`/// model` and the `///` that closes it take turns", "error"
        opened = match.start() if match[1].strip() else None
    if opened is not None:
        yield opened, "`/// model` is never closed with `///`", "error"


def _placeholders(quiet: str) -> Iterator[Sign]:
    alone = {match.start(1) for match in ITEM_ALONE.finditer(quiet)}
    for match in PLACEHOLDER.finditer(quiet):
        item = ITEM.fullmatch(match[0])
        if item is None:
            yield match.start(), f"{match[0]}: only {{{{fact:id}}}} and {{{{item:id}}}} are known", "error"
        elif match.start() + len("{{item:") not in alone:
            yield match.start(), f"{match[0]} stands alone, with an empty line before and after it", "error"
    for match in CALLOUT.finditer(quiet):
        if match[1].upper() not in CALLOUTS:
            yield match.start(), f"[!{match[1]}] is none of {', '.join(CALLOUTS)}", "error"


def _notes(quiet: str) -> Iterator[Sign]:
    noted = set(NOTED.findall(quiet))
    used = list(NOTE.finditer(quiet))
    for match in used:
        if match[1] not in noted:
            yield match.start(), f"the footnote [^{match[1]}] is written nowhere", "error"
    for match in NOTED.finditer(quiet):
        if match[1] not in {note[1] for note in used}:
            yield match.start(), f"nothing refers to the footnote [^{match[1]}]", "warning"


def _tags(quiet: str) -> Iterator[Sign]:
    for match in TAG.finditer(quiet):
        yield match.start(), f"{match[0][:40]}: HTML is shown as text; use Markdown", "warning"
