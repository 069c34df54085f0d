"""Signs in a Markdown text that would not be drawn as their author meant: never closed, misspelt, or seen by nobody.
What Markdown did not understand is still there among the words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lms.content.document import Document
from lms.content.errors import Finding, Severity
from lms.content.markup_blocks import CALLOUTS, ITEM
from lms.content.source import line_of
from lms.content.text import Text

Sign = tuple[int, Text, Severity]  # line in the text, message
INVISIBLE = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
PLACEHOLDER = re.compile(r"\{\{[^{}\n]*\}\}")
CALLOUT = re.compile(r"^\[!(\w*)\]", re.MULTILINE)
NOTE = re.compile(r"\[\^([^\[\]\s]+)\]")
MODEL = re.compile(r"^///[ \t]*(.*)$", re.MULTILINE)
TAG = re.compile(r"</?[A-Za-z][\w-]*(?:\s[^<>\n]*)?/?>")
HIDDEN = Text(en="an invisible character, U+{code}; delete it", hy="անտեսանելի նշան՝ U+{code}. ջնջեք այն")
OPEN_BLOCK = Text(
    en="this block of code is never closed; end it with a line of the same signs that it begins with",
    hy="կոդի այս հատվածը փակված չէ. ավարտեք այն նույն նշանների տողով, որով սկսվում է",
)
ONLY_MODEL = Text(en="`/// {word}`: only `/// model` is known", hy="`/// {word}`. կա միայն `/// model`")
TURNS = Text(
    en="`/// model` and the `///` that closes it take turns",
    hy="`/// model` և այն փակող `///` տողերը հաջորդում են միմյանց",
)
OPEN_MODEL = Text(en="`/// model` is never closed with `///`", hy="`/// model` հատվածը `///` տողով փակված չէ")
UNKNOWN_PLACE = Text(
    en="{sign}: only {{fact:id}} and {{item:id}} are known",
    hy="{sign}. կան միայն {{fact:id}} և {{item:id}} տեղապահները",
)
ALONE = Text(
    en="{sign} stands alone, with an empty line before and after it",
    hy="{sign} տեղապահը գրվում է առանձին, առջևից և հետևից մեկական դատարկ տողով",
)
NO_CALLOUT = Text(en="[!{word}] is none of {all}", hy="[!{word}] չկա. կան {all}")
NO_NOTE = Text(
    en="the footnote [^{name}] is written nowhere; add a line `[^{name}]: text`",
    hy="[^{name}] ծանոթագրությունը գրված չէ. ավելացրեք `[^{name}]: տեքստ` տողը",
)
UNUSED_NOTE = Text(en="nothing refers to the footnote [^{name}]", hy="[^{name}] ծանոթագրությանը ոչինչ չի հղում")
HTML = Text(
    en="{tag}: HTML is shown as text; use Markdown", hy="{tag}. HTML-ը ցուցադրվում է որպես տեքստ. գրեք Markdown-ով"
)


def sign_findings(path: str, first: int, text: str, document: Document) -> Iterator[Finding]:
    """Findings about `text`, whose first line is line `first` of `path`."""
    if document.excess:
        yield Finding.bilingual(path, first + document.excess.line - 1, "too-much-markdown", document.excess.text)
        return
    for signs in (_invisible(text), _fence(document), _models(document), _places(document), _notes(document)):
        for line, message, severity in signs:
            yield Finding.bilingual(path, first + line - 1, "sign", message, severity)
    for match in TAG.finditer(document.prose):
        line = line_of(document.prose, match.start(), first)
        yield Finding.bilingual(path, line, "sign", HTML.filled(tag=match[0][:40]), "warning")


def _invisible(text: str) -> Iterator[Sign]:
    for match in INVISIBLE.finditer(text):
        yield line_of(text, match.start()), HIDDEN.filled(code=f"{ord(match[0]):04X}"), "error"


def _fence(document: Document) -> Iterator[Sign]:
    """What follows a fence that is never closed would all be code."""
    if document.unclosed:
        yield document.unclosed, OPEN_BLOCK, "error"


def _models(document: Document) -> Iterator[Sign]:
    for token in document.of("model"):
        if token.value:
            yield token.line, OPEN_MODEL, "error"
    for match in MODEL.finditer(document.prose):
        word = match[1].strip()
        is_known = word in ("", "model")
        yield line_of(document.prose, match.start()), TURNS if is_known else ONLY_MODEL.filled(word=word), "error"


def _places(document: Document) -> Iterator[Sign]:
    for match in PLACEHOLDER.finditer(document.prose):
        message = ALONE if ITEM.fullmatch(match[0]) else UNKNOWN_PLACE
        yield line_of(document.prose, match.start()), message.filled(sign=match[0]), "error"
    for match in CALLOUT.finditer(document.prose):
        message = NO_CALLOUT.filled(word=match[1], all=", ".join(CALLOUTS))
        yield line_of(document.prose, match.start()), message, "error"


def _notes(document: Document) -> Iterator[Sign]:
    for match in NOTE.finditer(document.prose):
        yield line_of(document.prose, match.start()), NO_NOTE.filled(name=match[1]), "error"
    used = {token.value for token in document.of("reference")}
    for token in document.of("note"):
        if token.value not in used:
            yield token.line, UNUSED_NOTE.filled(name=token.value), "warning"
