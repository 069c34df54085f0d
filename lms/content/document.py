"""One reading of Markdown for everybody: the renderer gets the tree, the check and the search its tokens and words,
each with its line."""

from __future__ import annotations

import re
import threading
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import markdown
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.tables import TableExtension
from pymdownx.highlight import HighlightExtension
from pymdownx.superfences import SuperFencesCodeExtension
from pymdownx.tabbed import TabbedExtension

from lms.content.document_reader import Reader, Token
from lms.content.markdown_limits import Excess, excess
from lms.content.markup_blocks import BlockSyntax
from lms.content.markup_inline import InlineSyntax
from lms.content.markup_stash import plain_tree
from lms.content.model import Module
from lms.content.text import Text

BACK = Text(hy="Վերադառնալ տեքստին (ծանոթագրություն {})", en="Back to the text (note {})")
UNREADABLE = Text(
    en="this Markdown cannot be read ({error}); it is shown as plain text",
    hy="այս Markdown-ը հնարավոր չէ կարդալ ({error}). ցուցադրվում է որպես պարզ տեքստ",
)
# A paragraph without any of these is the same in Markdown.
SIGNED = re.compile(
    r"[*_`\[\]<>&{}\\|~\x00-\x09\x0b-\x1f\x7f-\x9f\U000f0001-\U000ffffd]|^\s*(?:[-+=:/#]|\d+[.)])|^\s|\s$|https?:",
    re.MULTILINE,
)


@dataclass(frozen=True, eq=False)
class Document:
    """A Markdown text in one language, read once.

    `root` holds its blocks as an element tree that nobody changes; facts, pictures and links between modules still
    stand in it as the author named them. `tokens` are in the order of the text. `prose` is what a reader reads, line
    for line as in the source: no code, no addresses, U+FFFC where a fact stands. `unclosed` is the line of a code
    block that never ends; `excess` says why the text was not read but taken as plain paragraphs. `plain` are these
    paragraphs where the text has no Markdown in it (or too much).
    """

    root: etree.Element
    tokens: tuple[Token, ...]
    prose: str
    unclosed: int | None = None
    excess: Excess | None = None
    plain: tuple[str, ...] = ()

    def of(self, *kinds: str) -> list[Token]:
        """The tokens of these kinds."""
        return [token for token in self.tokens if token.kind in kinds]


class _Converters(threading.local):
    """Markdown converters of one thread, by language: they are slow to make and hold the state of one text."""

    def __init__(self) -> None:
        self.made: dict[str, Converter] = {}

    def get(self, language: str) -> Converter:
        if language not in self.made:
            self.made[language] = Converter(language)
        return self.made[language]


class Converter:
    """Python-Markdown with our extensions, stopped at the tree."""

    def __init__(self, language: str) -> None:
        self.blocks = BlockSyntax(language)
        self.markdown = markdown.Markdown(
            extensions=[
                TableExtension(use_align_attribute=True),
                FootnoteExtension(SEPARATOR="-", BACKLINK_TITLE=BACK.get(language)),
                "def_list",
                "sane_lists",
                HighlightExtension(use_pygments=False),
                SuperFencesCodeExtension(),
                TabbedExtension(alternate_style=False),
                self.blocks,
                InlineSyntax(),
            ]
        )

    def tree(self, text: str) -> etree.Element:
        """The tree of `text`, with the marks of its lines."""
        self.markdown.reset()
        lines = text.split("\n")
        for preprocessor in self.markdown.preprocessors:
            lines = preprocessor.run(lines)
        root: etree.Element = self.markdown.parser.parseDocument(lines).getroot()  # type: ignore[assignment]
        for processor in self.markdown.treeprocessors:
            new_root: etree.Element | None = processor.run(root)
            root = root if new_root is None else new_root
        return plain_tree(root, self.markdown.htmlStash.rawHtmlBlocks)


_converters = _Converters()


def parse(text: str, language: str) -> Document:
    """The document of `text`. It never raises and its time is bounded: see `markdown_limits`."""
    paragraphs = tuple(paragraph for paragraph in re.split(r"\n{2,}", text.strip("\n")) if paragraph)
    if any(SIGNED.search(paragraph) for paragraph in paragraphs):
        return _read(text, language, paragraphs)
    return _plain(text, paragraphs)


@lru_cache(maxsize=4096)
def _read(text: str, language: str, paragraphs: tuple[str, ...]) -> Document:
    if too_much := excess(text):
        return _plain(text, paragraphs, too_much)
    converter = _converters.get(language)
    try:
        root = converter.tree(text)
        reader = Reader(root)
    except Exception as error:  # no author's text may stop a page or a check
        broken = Excess(1, UNREADABLE.filled(error=type(error).__name__))
        return _plain(text, paragraphs, broken)
    return Document(root, tuple(reader.tokens), reader.prose, converter.blocks.lines.unclosed)


def _plain(text: str, paragraphs: tuple[str, ...], too_much: Excess | None = None) -> Document:
    root = etree.Element("div")
    for paragraph in paragraphs:
        etree.SubElement(root, "p").text = paragraph
    return Document(root, (), text, excess=too_much, plain=paragraphs)


def anchors(document: Document) -> Iterator[str]:
    """The anchors of the headings, in order."""
    return (token.value for token in document.of("heading") if token.value)


def asks(module: Module, item_id: str) -> bool:
    """Whether a text of the module names the item as a question of its own, without reading the text."""
    return any(f"{{{{item:{item_id}}}}}" in text.body for text in module.languages.values())


def shows(module: Module, item_id: str) -> bool:
    """Whether a text of the module has the item embedded; what does not even name it is not read."""
    texts = (text for text in module.languages.values() if item_id in text.body)
    return any(token.value == item_id for text in texts for token in parse(text.body, text.language).of("item"))
