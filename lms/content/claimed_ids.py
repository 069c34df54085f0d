"""What a file says that it is, however broken it is: the ids that stand in its bytes."""

from __future__ import annotations

import codecs
import re

from lms.content.front_matter import ITEM_ID

Claim = tuple[str, str, str]  # "course", "module" or "item", the id, and of a module the language
FRONT_BYTES = 4000  # front matter stands within
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
ITEM = re.compile(rf"^## ({ITEM_ID})[ \t]*\r?$", re.MULTILINE)


def kind_of(path: str) -> str:
    """ "course", "module" or "bank" by the place in the tree; empty for what has no id."""
    folder, _, name = path.rpartition("/")
    if folder.startswith("quizzes/reference"):
        return ""
    if path.startswith("quizzes/"):
        return "bank" if name.endswith(".md") else ""
    if folder.count("/") != 1:  # figures and sheets stand one deeper
        return ""
    return "course" if name == "course.yaml" else "module" if name.endswith(".md") else ""


def claimed_ids(path: str, data: bytes) -> frozenset[Claim]:
    """The ids that the file claims; none where none can be made out."""
    kind = kind_of(path)
    if kind == "bank":
        return frozenset(("item", match[1], "") for match in ITEM.finditer(_text(data)))
    name = said(data, "id") if kind else ""
    language = path.rsplit(".", 2)[-2] if kind == "module" else ""
    return frozenset({(kind, name, language)} if name else ())


def said(data: bytes, key: str) -> str:
    """What a file says of itself in its first lines; nothing where it does not."""
    front = _text(data)[:FRONT_BYTES]
    match = re.search(rf"^{key}:[ \t]*[\"']?([\w./-]+)", front, re.MULTILINE)
    return match[1] if match else ""


def _text(data: bytes) -> str:
    """Of a file that is no UTF-8 as much as can be read."""
    return data.decode("utf-16" if data.startswith(WIDE) else "utf-8", "replace")
