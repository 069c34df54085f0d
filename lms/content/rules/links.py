"""Links and pictures of a Markdown text: do they lead anywhere?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lms.content.errors import Finding
from lms.content.markup_inline import FIGURE, MODULE, SHEET
from lms.content.model import Library, Module
from lms.content.prose import blank_code

LINK = re.compile(r"(?P<picture>!?)\[(?P<text>[^\]\n]*)\]\(\s*<?(?P<target>[^)\s>]+)")
REFERENCE = re.compile(r"^\[(?!\^)[^\]\n]+\]:\s*(?P<target>\S+)", re.MULTILINE)
ANCHOR = re.compile(r"^#{2,4}\s.*\{#([a-z][a-z0-9-]*)\}\s*$", re.MULTILINE)
OUTSIDE = re.compile(r"https?://[^\s/]+\.[^\s/]+|mailto:[^@\s]+@[^@\s]+")


def anchors(body: str) -> list[str]:
    """The heading anchors of a module body, in order."""
    return ANCHOR.findall(blank_code(body))


def link_findings(
    library: Library, path: str, first: int, text: str, course: str | None, own: frozenset[str]
) -> Iterator[Finding]:
    """Findings about `text`, whose first line is `first` of `path`; `own` are the anchors of its own page."""
    slug = library.courses[course].slug if course and course in library.courses else ""
    pictures, sheets = library.figures.get(slug, frozenset()), library.sheets.get(slug, frozenset())
    quiet = blank_code(text)
    for match in [*LINK.finditer(quiet), *REFERENCE.finditer(quiet)]:
        line, target = first + quiet.count("\n", 0, match.start()), match["target"]
        if match.groupdict().get("picture"):
            yield from _picture(path, line, match["text"], target, pictures)
        elif message := _broken(library, target, own, sheets):
            yield Finding(path, line, "broken-link", message)


def _picture(path: str, line: int, alt: str, target: str, pictures: frozenset[str]) -> Iterator[Finding]:
    match = FIGURE.fullmatch(target)
    if not match or match[1] not in pictures:
        yield Finding(path, line, "broken-image", f"{target} is not in the figures/ folder of the course")
    if not alt.strip():
        yield Finding(path, line, "alt-text", f"the picture {target} has no alternative text")


def _broken(library: Library, target: str, own: frozenset[str], sheets: frozenset[str]) -> str | None:
    if OUTSIDE.match(target):
        return None
    if target.startswith("sheets/"):
        known = (match := SHEET.fullmatch(target)) and match[1] in sheets
        return None if known else f"{target} is not in the sheets/ folder of the course (name.hy.csv, name.en.md)"
    if target.startswith("#"):
        return None if target[1:] in own else f"no heading of this page has the anchor {target}"
    match = MODULE.fullmatch(target)
    if not match:
        return f"{target}: expected https://…, #anchor, module:C1.3 or sheets/name.hy.csv"
    module = library.modules.get(match[1])
    if module is None:
        return f"there is no module {match[1]}"
    return None if not match[2] or _has(module, match[2]) else f"module {match[1]} has no anchor #{match[2]}"


def _has(module: Module, anchor: str) -> bool:
    return all(anchor in anchors(text.body) for text in module.languages.values())
