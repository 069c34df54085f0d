"""Links and pictures of a Markdown text: do they lead anywhere?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lms.content.addresses import FIGURE, MODULE, SHEET
from lms.content.document import Document, anchors, parse
from lms.content.document_reader import Token
from lms.content.errors import Finding
from lms.content.model import Library, Module
from lms.content.text import Text

OUTSIDE = re.compile(r"https?://[^\s/]+\.[^\s/]+|mailto:[^@\s]+@[^@\s]+")
NO_PICTURE = Text(
    en="{target} is not in the figures/ folder of the course; put the file there and write figures/name.svg",
    hy="{target} ֆայլը դասընթացի figures/ պանակում չկա. դրեք այնտեղ և գրեք figures/անուն.svg",
)
NO_WORDS = Text(
    en="the picture {target} has no alternative text; say between [ and ] what it shows",
    hy="{target} նկարն այլընտրանքային տեքստ չունի. [ և ] նշանների միջև գրեք, թե ինչ է պատկերված",
)
NO_SHEET = Text(
    en="{target} is not in the sheets/ folder of the course (name.hy.csv, name.en.md)",
    hy="{target} ֆայլը դասընթացի sheets/ պանակում չկա (անուն.hy.csv, անուն.en.md)",
)
NO_HEADING = Text(
    en="no heading of this page has the anchor {target}", hy="այս էջի ոչ մի վերնագիր {target} խարիսխ չունի"
)
NO_ADDRESS = Text(
    en="{target}: expected https://…, #anchor, module:C1.3 or sheets/name.hy.csv",
    hy="{target}. սպասվում է https://…, #խարիսխ, module:C1.3 կամ sheets/անուն.hy.csv",
)
NO_MODULE = Text(en="there is no module {name}", hy="{name} մոդուլ չկա")
NO_ANCHOR = Text(en="module {name} has no anchor #{anchor}", hy="{name} մոդուլը #{anchor} խարիսխ չունի")


def link_findings(library: Library, path: str, first: int, document: Document, course: str | None) -> Iterator[Finding]:
    """Findings about a text whose first line is `first` of `path`."""
    folder = library.courses[course].path.split("/")[1] if course and course in library.courses else ""
    pictures, sheets = library.figures.get(folder, frozenset()), library.sheets.get(folder, frozenset())
    near = frozenset(anchors(document))
    for token in document.of("picture"):
        yield from _picture(path, first + token.line - 1, token, pictures)
    for token in document.of("link"):
        if message := _broken(library, token.value, near, sheets):
            yield Finding.bilingual(path, first + token.line - 1, "broken-link", message)


def _picture(path: str, line: int, token: Token, pictures: frozenset[str]) -> Iterator[Finding]:
    match = FIGURE.fullmatch(token.value)
    if not match or match[1] not in pictures:
        yield Finding.bilingual(path, line, "broken-image", NO_PICTURE.filled(target=token.value))
    if not token.text.strip():
        yield Finding.bilingual(path, line, "alt-text", NO_WORDS.filled(target=token.value))


def _broken(library: Library, target: str, near: frozenset[str], sheets: frozenset[str]) -> Text | None:
    if OUTSIDE.match(target):
        return None
    if target.startswith("sheets/"):
        match = SHEET.fullmatch(target)
        return None if match and match[1] in sheets else NO_SHEET.filled(target=target)
    if target.startswith("#"):
        return None if target[1:] in near else NO_HEADING.filled(target=target)
    return _broken_module(library, target)


def _broken_module(library: Library, target: str) -> Text | None:
    match = MODULE.fullmatch(target)
    if not match:
        return NO_ADDRESS.filled(target=target)
    name, anchor = match[1], match[2]
    module = library.modules.get(name)
    if module is None:
        return NO_MODULE.filled(name=name)
    return None if not anchor or _has(module, anchor) else NO_ANCHOR.filled(name=name, anchor=anchor)


def _has(module: Module, anchor: str) -> bool:
    return all(anchor in anchors(parse(text.body, text.language)) for text in module.languages.values())
