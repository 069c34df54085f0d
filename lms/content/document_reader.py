"""A walk over the tree of a Markdown text: its tokens and its words, each with its line."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections import defaultdict
from dataclasses import dataclass

from lms.content.source_lines import ANY_MARK, line_in, unmarked

BLOCKS = (
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "div", "pre", "br", "blockquote", "aside", "summary"),
    *("table", "caption", "tr", "td", "th", "figure", "figcaption"),
)
ITEM, FACT, GAP = "data-item", "data-fact", "data-gap"
INLINE = ("a", "img", "span")
OWN_WORDS = "data-own"  # an element whose words are ours and not the author's
UNCLOSED = "data-unclosed"  # a model answer that never ends
STANDS_FOR = "\ufffc"  # in prose: a fact or a gap


@dataclass(frozen=True)
class Token:
    """A thing in a Markdown text.

    | kind | value | text | level |
    | --- | --- | --- | --- |
    | heading | its anchor or "" | its words | 1–6 |
    | link, picture | the address as written | alternative text of a picture | |
    | item, fact, gap | id | | |
    | callout | its kind in capitals | | |
    | rows (a table) | | | |
    | model (answer) | "unclosed" or "" | | |
    | entry (of a list) | | | depth, from 1 |
    | note, reference | the footnote's name | | |

    `line` counts from 1; `section` is the anchor of the `##` heading above.
    """

    kind: str
    line: int
    value: str = ""
    text: str = ""
    level: int = 0
    section: str = ""


class Reader:
    """Reads the tree once and takes the marks of lines off it."""

    def __init__(self, root: etree.Element) -> None:
        self.tokens: list[Token] = []
        self._line = 1
        self._lines: dict[int, str] = defaultdict(str)
        self._apart = False  # the next words belong to another block
        self._section = ""
        self._element(root, 0)

    @property
    def prose(self) -> str:
        """Line for line what a reader reads."""
        return "\n".join(self._lines[number].rstrip() for number in range(1, max(self._lines, default=1) + 1))

    def _element(self, element: etree.Element, depth: int) -> None:
        self._apart |= element.tag in BLOCKS
        self._token(element, depth)
        depth += element.tag == "li"
        silent = element.tag in ("pre", "code") or _is_ours(element)
        element.text = self._text(element.text, silent)
        for name, value in element.items():
            element.set(name, unmarked(value))
        for child in element:
            self._element(child, depth)
            child.tail = self._text(child.tail, silent)
        self._apart |= element.tag in BLOCKS

    def _text(self, text: str | None, silent: bool) -> str | None:
        """The text without marks; its words are kept below their lines."""
        if not text:
            return text
        at = 0
        for match in ANY_MARK.finditer(text):
            self._words(text[at : match.start()], silent)
            self._line, at = line_in(match[0], self._line), match.end()
        self._words(text[at:], silent)
        return unmarked(text)

    def _words(self, words: str, silent: bool) -> None:
        if silent:
            words = " "
        elif not words.strip():
            words = " " if words else ""
        if self._apart and words.strip() and self._lines[self._line].strip():
            self._lines[self._line] = self._lines[self._line].rstrip() + " | "
        self._apart &= not words.strip()
        self._lines[self._line] += words.replace("\n", " ")

    def _note(self, kind: str, element: etree.Element, value: str = "", text: str = "", level: int = 0) -> None:
        line = line_in("".join(element.itertext()), self._line) if element.tag not in INLINE else self._line
        self.tokens.append(Token(kind, line, unmarked(value), unmarked(text), level, self._section))

    def _token(self, element: etree.Element, depth: int) -> None:
        tag, classes = element.tag, element.get("class", "").split()
        if re.fullmatch("h[1-6]", tag):
            self._heading(element)
        elif tag == "a" and not classes:
            self._note("link", element, element.get("href", ""))
        elif tag == "img":
            self._note("picture", element, element.get("src", ""), element.get("alt", ""))
            self._words(unmarked(element.get("alt")) + " ", False)
        elif tag == "li":
            self._entry(element, depth)
        elif "md-footnote-ref" in classes:
            self._note("reference", element, element.get("href", "").removeprefix("#fn-"))
        elif tag == "table":
            self._note("rows", element)
        else:
            self._ours(element, classes)

    def _heading(self, element: etree.Element) -> None:
        level, anchor = int(element.tag[1]), element.get("id", "")
        self._section = anchor if level == 2 else self._section
        self._note("heading", element, anchor, "".join(element.itertext()).strip(), level)

    def _entry(self, element: etree.Element, depth: int) -> None:
        name = element.get("id", "")
        if name.startswith("fn-"):
            self._note("note", element, name.removeprefix("fn-"))
        else:
            self._note("entry", element, level=depth + 1)

    def _ours(self, element: etree.Element, classes: list[str]) -> None:
        """Tokens of our own syntax."""
        for kind, name in (("item", ITEM), ("fact", FACT), ("gap", GAP)):
            if value := element.get(name):
                self._note(kind, element, value)
                if kind != "item":
                    self._words(STANDS_FOR, False)
        if "md-callout" in classes:
            self._note("callout", element, classes[-1].removeprefix("md-").upper())
        elif "md-model" in classes:
            self._note("model", element, "unclosed" if element.attrib.pop(UNCLOSED, None) else "")


def _is_ours(element: etree.Element) -> bool:
    """Whether the words of an element are ours: a label, the number of a footnote, the way back from it."""
    ways = {"md-footnote-ref", "md-footnote-backref"}
    return element.attrib.pop(OWN_WORDS, None) is not None or not ways.isdisjoint(element.get("class", "").split())
