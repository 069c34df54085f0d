"""What Python-Markdown keeps aside until its HTML is written (code blocks, entities) put where it belongs."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Sequence
from html import unescape

from markdown.extensions.footnotes import FN_BACKLINK_TEXT, NBSP_PLACEHOLDER
from markdown.util import AMP_SUBSTITUTE, HTML_PLACEHOLDER_RE

Stash = Sequence[str | etree.Element]
ESCAPED = re.compile(re.escape(AMP_SUBSTITUTE) + r"#\d+;")  # letters of an e-mail address


def plain_tree(root: etree.Element, stash: Stash) -> etree.Element:
    """`root` as a tree of real elements and real text, which any serialiser may write."""
    for element in root.iter():
        if element.tag == "code" and element.text:
            element.text = unescape(element.text)  # Python-Markdown has escaped it already
    for paragraph in root.iter("p"):
        kept = HTML_PLACEHOLDER_RE.fullmatch((paragraph.text or "").strip())
        if kept and str(stash[int(kept[1])]).startswith("<pre"):
            paragraph.tag, paragraph.text = "pre", None
            etree.SubElement(paragraph, "code").text = _code(str(stash[int(kept[1])]))
    for element in root.iter():
        element.text, element.tail = _written_out(element.text, stash), _written_out(element.tail, stash)
        for name, value in element.items():
            element.set(name, _written_out(value, stash) or "")
    return root


def _code(html: str) -> str:
    """The code in the HTML of a highlighted block, in which only tags have a `>`."""
    return unescape(html.rpartition("</code>")[0].rpartition(">")[2])


def _written_out(text: str | None, stash: Stash) -> str | None:
    if text is None or "\x02" not in text:
        return text
    text = HTML_PLACEHOLDER_RE.sub(lambda match: unescape(str(stash[int(match[1])])), text)
    text = ESCAPED.sub(lambda match: unescape("&" + match[0].removeprefix(AMP_SUBSTITUTE)), text)
    return text.replace(FN_BACKLINK_TEXT, "↩").replace(NBSP_PLACEHOLDER, "\u00a0")
