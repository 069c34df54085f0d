"""Block syntax of our Markdown: callouts, captioned tables, tabs, model answers, tasks, embedded items."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from lms.content.document_reader import ITEM as ITEM_ID
from lms.content.document_reader import OWN_WORDS, UNCLOSED
from lms.content.markup_lines import CALLOUT, Lines
from lms.content.source_lines import MARK, unmarked
from lms.content.text import Text

CALLOUTS = {
    "NOTE": Text(hy="Նշում", en="Note"),
    "TIP": Text(hy="Խորհուրդ", en="Tip"),
    "WARNING": Text(hy="Զգուշացում", en="Warning"),
    "EXAMPLE": Text(hy="Օրինակ", en="Example"),
    "CASE": Text(hy="Իրավիճակ", en="Case"),
}
TABLE = Text(hy="Աղյուսակ", en="Table")
MODEL = Text(hy="Օրինակելի պատասխան", en="Model answer")
CAPTION = re.compile(rf"(?P<mark>{MARK}?)(?:Table:|Աղյուսակ՝)\s*(?P<words>.+)", re.DOTALL)
TASK = re.compile(r"\[([ xX])\]\s+(.*)", re.DOTALL)
ITEM = re.compile(r"\{\{item:([a-z0-9-]+)\}\}")
MODEL_OPENS = re.compile(rf"{MARK}?/// model[ \t]*(?:\n|$)")
MODEL_ENDS = re.compile(rf"(?:^|\n){MARK}?///[ \t]*(?:\n|$)")


class BlockSyntax(Extension):
    """Registers the processors below; `lines` knows the last text's code block that never ends."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.lines = Lines()

    def extendMarkdown(self, md: Markdown) -> None:
        """Hook called by Markdown."""
        md.preprocessors.deregister("html_block")
        md.preprocessors.register(self.lines, "hmut-lines", 28)
        md.parser.blockprocessors.register(_Embedded(md.parser), "hmut-item", 175)
        md.parser.blockprocessors.register(_Model(md.parser, MODEL.get(self.language)), "hmut-model", 176)
        md.treeprocessors.register(_Shapes(md, self.language), "hmut-shapes", 30)


class _Embedded(BlockProcessor):
    """`{{item:ID}}` alone in a paragraph: a placeholder that the reader page fills."""

    def test(self, parent: etree.Element, block: str) -> bool:
        return bool(ITEM.fullmatch(unmarked(block).strip()))

    def run(self, parent: etree.Element, blocks: list[str]) -> bool | None:
        block = blocks.pop(0).strip()
        name = unmarked(block)[len("{{item:") : -2]
        item = etree.SubElement(parent, "div", {"class": "md-item", ITEM_ID: name})
        item.text = block[: -len(unmarked(block))]  # its line
        return None


class _Model(BlockProcessor):
    """`/// model` … `///`: a model answer that opens on demand."""

    def __init__(self, parser: object, label: str) -> None:
        super().__init__(parser)  # type: ignore[arg-type]
        self.label = label

    def test(self, parent: etree.Element, block: str) -> bool:
        return bool(MODEL_OPENS.match(block))

    def run(self, parent: etree.Element, blocks: list[str]) -> bool | None:
        first, _, blocks[0] = blocks[0].partition("\n")
        inner: list[str] = []
        details = etree.SubElement(parent, "details", {"class": "md-model", UNCLOSED: "yes"})
        while blocks:
            block = blocks.pop(0)
            end = MODEL_ENDS.search(block)
            if end:
                inner.append(block[: end.start()])
                del details.attrib[UNCLOSED]
                if rest := block[end.end() :].strip("\n"):
                    blocks.insert(0, rest)
                break
            inner.append(block)
        summary = etree.SubElement(details, "summary", {OWN_WORDS: "yes"})
        summary.text = first[: len(first) - len(unmarked(first))] + self.label
        self.parser.parseBlocks(details, [block for block in inner if block.strip()])
        return None


class _Shapes(Treeprocessor):
    """Gives blocks their final shape before inline text is read."""

    def __init__(self, md: Markdown, language: str) -> None:
        super().__init__(md)
        self.language = language

    def run(self, root: etree.Element) -> None:
        for number, tabs in enumerate(root.findall(".//div[@class='tabbed-set']"), 1):
            _tabs(tabs, f"md-tabs-{number}")
        for parent in list(root.iter()):
            self._callouts(parent)
        for item in root.iter("li"):
            _task(item if (item.text or "").strip() else next(iter(item), item))
        for parent in list(root.iter()):
            self._tables(parent)

    def _callouts(self, parent: etree.Element) -> None:
        """A quote's paragraph `[!NOTE] title` begins a callout; Markdown joins neighbouring quotes, so one quote may
        hold several."""
        for quote in parent.findall("blockquote"):
            pieces = [etree.Element("blockquote")]
            for child in list(quote):
                match = CALLOUT.fullmatch((child.text or "").strip()) if child.tag == "p" else None
                if match and match["kind"].upper() in CALLOUTS:
                    kind = match["kind"].upper()
                    pieces.append(etree.Element("aside", {"class": f"md-callout md-{kind.lower()}"}))
                    child.set("class", "md-callout-title")
                    child.text = match["mark"] + (match["title"] or CALLOUTS[kind].get(self.language))
                    if not match["title"]:
                        child.set(OWN_WORDS, "yes")
                pieces[-1].append(child)
            at = list(parent).index(quote)
            parent[at : at + 1] = [piece for piece in pieces if len(piece)]

    def _tables(self, parent: etree.Element) -> None:
        """Wrap each table in a region that scrolls; the paragraph `Table: …` before it becomes its caption."""
        for index, table in reversed(list(enumerate(parent))):
            if table.tag != "table" or parent.get("class") == "md-table":
                continue
            before = parent[index - 1] if index else None
            match = CAPTION.fullmatch((before.text or "").strip()) if before is not None and before.tag == "p" else None
            label = re.sub(r"[*_`]", "", match["words"]) if match else TABLE.get(self.language)
            wrap = etree.Element("div", {"class": "md-table", "tabindex": "0", "role": "region", "aria-label": label})
            if match and before is not None:
                caption = etree.Element("caption")
                caption.text = match["mark"] + match["words"]
                table.insert(0, caption)
                parent.remove(before)
            parent[list(parent).index(table)] = wrap
            wrap.append(table)
            for head in table.findall("./thead/tr/th"):
                if (head.text or "").strip():
                    head.set("scope", "col")
                else:
                    head.tag = "td"  # the corner: a heading of nothing would be read out as an empty one


def _tabs(tabs: etree.Element, name: str) -> None:
    labels = [label.text or "" for label in tabs.findall("label")]
    panels = tabs.findall("div")
    tabs.clear()
    tabs.set("class", "md-tabs")
    for index, (label, panel) in enumerate(zip(labels, panels, strict=False)):
        panel.tag = "details"
        panel.attrib.clear()
        panel.attrib.update({"class": "md-tab", "name": name, **({"open": "open"} if index == 0 else {})})
        summary = etree.Element("summary")
        summary.text = label
        panel.insert(0, summary)
        tabs.append(panel)


def _task(holder: etree.Element) -> None:
    match = TASK.fullmatch(holder.text or "")
    if match and holder.tag in ("li", "p"):
        holder.set("class", "md-task")
        holder.text = ("☑ " if match[1].strip() else "☐ ") + match[2]
