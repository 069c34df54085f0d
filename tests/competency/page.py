"""A page as a tree, for tests that ask what stands where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "img", "hr", "source", "wbr", "col"}


@dataclass
class Node:
    """An element: its attributes, and its children, each a Node or a text."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def all(self, tag: str, **attributes: str) -> Iterator[Node]:
        """Every element below with this tag whose attributes hold these words."""
        for child in self.children:
            if isinstance(child, Node):
                wanted = ((name.rstrip("_"), value) for name, value in attributes.items())
                if child.tag == tag and all(value in child.attributes.get(name, "").split() for name, value in wanted):
                    yield child
                yield from child.all(tag, **attributes)

    @property
    def text(self) -> str:
        parts = (child if isinstance(child, str) else child.text for child in self.children)
        return re.sub(r"\s+", " ", " ".join(parts)).strip()


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Node("page")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in [node.tag for node in self.open[1:]]:
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parsed(html: str) -> Node:
    builder = _Builder()
    builder.feed(html)
    return builder.open[0]
