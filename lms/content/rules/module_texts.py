"""Rules of one language of a module: parts in order, length, figures, embedded questions, facts by reference."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from lms.content.document import Document, parse
from lms.content.errors import Finding, Severity, no_such
from lms.content.model import Library, ModuleText
from lms.content.prose import WORD, words_only
from lms.content.rules.links import link_findings
from lms.content.rules.markdown_lint import sign_findings
from lms.content.sanitise import RESERVED
from lms.content.source import line_of
from lms.content.text import Text

PARTS = ("why", "idea", "example", "mistake", "practice", "check", "summary", "sources")
WORDS = (900, 1400)
EMBEDDED = (2, 4)
POINTS = 5  # list items of a summary
VOLATILE = re.compile(
    r"(?<!\d)\d[\d\u00a0 .,x×]{0,30}+\s{0,3}(?:characters?|signs\b|hashtags?|px|pixels?|նշան|հեշթեգ|փիքսել)"
    r"|(?:hashtags?|հեշթեգ\w*)[:՝]\s*\d",
    re.IGNORECASE,
)
TITLE_ABOVE = Text(
    en="no `#` heading in a module: the title stands in the front matter; write `##` or `###`",
    hy="մոդուլում `#` վերնագիր չի լինում. մոդուլի վերնագիրը ֆայլի սկզբի տվյալներում է. գրեք `##` կամ `###`",
)
NO_ANCHOR = Text(
    en="this heading has no {#anchor}: {heading}; add one at its end, like {#idea}",
    hy="այս վերնագիրը {#խարիսխ} չունի՝ {heading}. վերջում ավելացրեք, օրինակ՝ {#idea}",
)
TAKEN_ANCHOR = Text(
    en="the anchor #{name} is the page's own; choose another name",
    hy="#{name} խարիսխն էջինն է. ընտրեք ուրիշ անուն",
)
WRONG_PARTS = Text(
    en="the `##` parts are {parts}; expected {expected}; they differ from here on",
    hy="`##` մասերն են {parts}. պետք է լինեն {expected}. տարբերվում են այստեղից սկսած",
)
WRONG_LENGTH = Text(
    en="{count} words, expected {least} to {most}; the longest part, with {longest}, begins here",
    hy="{count} բառ, պետք է լինի {least}-ից {most}. այստեղ ամենաերկար մասն է՝ {longest} բառ",
)
WRONG_EMBEDDED = Text(
    en="{count} embedded questions, expected {least} to {most}; write {{item:id}} alone in a paragraph",
    hy="{count} ներդրված հարց, պետք է լինի {least}-ից {most}. առանձին պարբերությամբ գրեք {{item:id}}",
)
NO_ITEM = Text(en="there is no item {name}, or it could not be read", hy="{name} հարց չկա, կամ հնարավոր չէ կարդալ")
TABLE = Text(
    en="{name} is a table; only practice items may stand in a module",
    hy="{name}-ն աղյուսակ է. մոդուլում լինում են միայն վարժանքի հարցեր",
)
OTHER_POOL = Text(
    en="{name} is an item of the {pool} pool; only practice items may stand in a module",
    hy="{name} հարցը {pool} ֆոնդից է. մոդուլում լինում են միայն վարժանքի հարցեր",
)
NO_FIGURE = Text(
    en="neither a figure nor a table; add ![what it shows](figures/name.svg) or a table",
    hy="ո՛չ նկար կա, ո՛չ աղյուսակ. ավելացրեք ![ինչ է պատկերված](figures/name.svg) կամ աղյուսակ",
)
WRONG_SUMMARY = Text(
    en="the summary has {count} list items, expected {expected}",
    hy="ամփոփումն ունի {count} կետ, պետք է լինի {expected}",
)
NO_FACT = Text(en="fact {name}", hy="{name} փաստ չկա")
DUE = Text(
    en="fact {name} was valid until {day}; it is shown with a warning",
    hy="{name} փաստն ուժի մեջ էր մինչև {day}. ցուցադրվում է զգուշացումով",
)
BARE = Text(
    en="a bare number that may change: {words}; use {{fact:…}}", hy="թիվ, որը կարող է փոխվել՝ {words}. գրեք {{fact:…}}"
)


def text_findings(library: Library, course: str, text: ModuleText, today: dt.date) -> Iterator[Finding]:
    """All findings about one language of a module."""
    document = parse(text.body, text.language)
    yield from sign_findings(text.path, text.body_line, text.body, document)
    if document.excess:
        return  # nothing else is known of it
    yield from link_findings(library, text.path, text.body_line, document, course)
    for line, code, message, severity in (
        *_headings(document),
        *_parts(document),
        *_length(document),
        *_embedded(library, document),
        *_shown(document),
        *_facts(library, document, today),
    ):
        yield Finding.bilingual(text.path, text.body_line + line - 1, code, message, severity)


Remark = tuple[int, str, Text, Severity]  # line in the body, code, message


def _headings(document: Document) -> Iterator[Remark]:
    for token in document.of("heading"):
        if token.level == 1:
            yield token.line, "parts", TITLE_ABOVE, "error"
        elif not token.value and token.level <= 3:
            yield token.line, "parts", NO_ANCHOR.filled(heading=token.text[:60]), "error"
        elif RESERVED.fullmatch(token.value):
            yield token.line, "anchor", TAKEN_ANCHOR.filled(name=token.value), "error"


def _parts(document: Document) -> Iterator[Remark]:
    parts = [token for token in document.of("heading") if token.level == 2 and token.value]
    names = tuple(token.value for token in parts)
    if names == PARTS:
        return
    same = next((at for at, pair in enumerate(zip(names, PARTS, strict=False)) if pair[0] != pair[1]), None)
    at = min(len(names) - 1, len(PARTS)) if same is None else same
    line = parts[at].line if parts else 1
    message = WRONG_PARTS.filled(parts=", ".join(names) or "–", expected=", ".join(PARTS))
    yield line, "parts", message, "error"


def _length(document: Document) -> Iterator[Remark]:
    """Told at the heading of the longest part: there most can be cut, or least is missing."""
    lines = [len(WORD.findall(line)) for line in words_only(document.prose).split("\n")]
    if WORDS[0] <= sum(lines) <= WORDS[1]:
        return
    starts = [token.line for token in document.of("heading") if token.level == 2] or [1]
    lengths = {
        start: sum(lines[start - 1 : end - 1]) for start, end in zip(starts, [*starts[1:], len(lines) + 1], strict=True)
    }
    longest = max(lengths, key=lambda start: lengths[start])
    numbers = {"count": sum(lines), "least": WORDS[0], "most": WORDS[1], "longest": lengths[longest]}
    message = WRONG_LENGTH.filled(**{name: str(number) for name, number in numbers.items()})
    yield longest, "words", message, "warning"


def _embedded(library: Library, document: Document) -> Iterator[Remark]:
    tokens = document.of("item")
    if not EMBEDDED[0] <= len(tokens) <= EMBEDDED[1]:
        line = tokens[-1].line if tokens else _start(document, "practice")
        message = WRONG_EMBEDDED.filled(count=str(len(tokens)), least=str(EMBEDDED[0]), most=str(EMBEDDED[1]))
        yield line, "embedded", message, "warning"
    for token in tokens:
        if problem := _not_embeddable(library, token.value):
            yield token.line, "unknown-id", problem, "error"


def _not_embeddable(library: Library, name: str) -> Text | None:
    item = library.items.get(name)
    if item is None:
        practice = [item.id for item in library.items.values() if item.pool == "practice" and item.answerable]
        return no_such(NO_ITEM, name, practice)
    if not item.answerable:
        return TABLE.filled(name=name)
    return None if item.pool == "practice" else OTHER_POOL.filled(name=name, pool=item.pool)


def _shown(document: Document) -> Iterator[Remark]:
    if not document.of("picture", "rows"):
        yield _start(document, "example"), "parts", NO_FIGURE, "warning"
    points = [token for token in document.of("entry") if token.section == "summary" and token.level == 1]
    if len(points) != POINTS:
        message = WRONG_SUMMARY.filled(count=str(len(points)), expected=str(POINTS))
        yield _start(document, "summary"), "parts", message, "warning"


def _start(document: Document, part: str) -> int:
    """The line of a part's heading, or the first."""
    return next((token.line for token in document.of("heading") if token.value == part), 1)


def _facts(library: Library, document: Document, today: dt.date) -> Iterator[Remark]:
    for token in document.of("fact"):
        fact = library.reference.facts.get(token.value)
        if fact is None:
            yield token.line, "unknown-id", no_such(NO_FACT, token.value, library.reference.facts), "error"
        elif fact.is_due(today):
            yield token.line, "fact-due", DUE.filled(name=fact.id, day=str(fact.valid_until)), "warning"
    for match in VOLATILE.finditer(words_only(document.prose)):
        line = line_of(document.prose, match.start())
        yield line, "bare-fact", BARE.filled(words=repr(match[0].strip())), "error"
