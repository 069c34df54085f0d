"""Armenian typography and terms in everything a reader sees (accepted answers are not prose)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from lms.content.document_reader import STANDS_FOR
from lms.content.errors import Finding, Severity
from lms.content.model import Item, Library, ModuleText
from lms.content.prose import ARMENIAN, prose_of, words_only
from lms.content.questions import TYPES
from lms.content.reference import Reference
from lms.content.text import Text

CYRILLIC = "\u0400-\u04ff"
GLUED = re.compile(rf"[}}{STANDS_FOR}]-?[{ARMENIAN}]")
ENDS = ("։", "…")
GLUED_ENDING = Text(en="an ending glued to a placeholder", hy="տեղապահին կցված վերջավորություն")
NO_STOP = Text(en="this sentence does not end with ։", hy="այս նախադասությունը չի ավարտվում ։ նշանով")
GLOSSARY = Text(en="«{variant}»: the glossary has «{term}»", hy="«{variant}». բառարանում՝ «{term}»")


@dataclass(frozen=True)
class ArmenianPassage:
    """A piece of Armenian as it is read, without signs of Markdown, and the line it begins at; `sentence` asks for a
    full stop at its end."""

    path: str
    line: int
    text: str
    sentence: bool = False


@dataclass(frozen=True)
class Rule:
    """A pattern that must not occur in prose."""

    code: str
    pattern: re.Pattern[str]
    message: Text
    severity: Severity = "error"


RULES = (
    Rule(
        "ascii-mark",
        re.compile(rf"[{ARMENIAN}»][*_)]*[:?!]"),
        Text(
            en="an ASCII mark after an Armenian letter (use ։ ՞ ՜)", hy="հայերեն տառից հետո լատինական նշան (գրեք ։ ՞ ՜)"
        ),
    ),
    Rule(
        "ascii-mark",
        re.compile(rf"[{ARMENIAN}][`'´]"),
        Text(
            en="an apostrophe or back-tick after an Armenian letter (use ՝ ՛)",
            hy="հայերեն տառից հետո ապաթարց կամ հետադարձ շեշտ (գրեք ՝ ՛)",
        ),
    ),
    Rule(
        "quotes",
        re.compile(rf"[\"“”„][{ARMENIAN}]|[{ARMENIAN}][\"“”]"),
        Text(en="quotation marks are « »", hy="չակերտներն են « »"),
        "warning",
    ),
    Rule(
        "mixed-script",
        re.compile(rf"[A-Za-z{CYRILLIC}][{ARMENIAN}]|[{ARMENIAN}][A-Za-z{CYRILLIC}]"),
        Text(
            en="Latin or Cyrillic letters joined to Armenian ones without a hyphen",
            hy="լատինատառ կամ կյուրեղատառ մասը հայերենին կցված է առանց գծիկի",
        ),
    ),
    Rule(
        "yev",
        re.compile("[եԵ]ւ|[\ufb13-\ufb17]"),
        Text(en="write և, and no ligature characters", hy="գրեք և, առանց կցագրերի"),
    ),
    Rule(
        "question-mark",
        re.compile(r"ու՞"),
        Text(en="the question mark stands inside the digraph: ո՞ւ", hy="հարցական նշանը դրվում է ո-ի վրա՝ ո՞ւ"),
        "warning",
    ),
)


def language_findings(library: Library, paths: Collection[str] | None = None) -> Iterator[Finding]:
    """All findings about Armenian texts (in `paths`)."""
    rules = (*RULES, *_terms(library.reference))
    for passage in passages(library, paths):
        if match := GLUED.search(passage.text):
            yield _finding(passage, match, "glued-ending", GLUED_ENDING, "error")
        prose = words_only(passage.text)
        for rule in rules:
            for match in rule.pattern.finditer(prose):
                yield _finding(passage, match, rule.code, _where(rule.message, _around(prose, match)), rule.severity)
        if passage.sentence and prose.strip() and not prose.rstrip(" *_»)\n").endswith(ENDS):
            yield Finding.bilingual(passage.path, passage.line, "full-stop", NO_STOP, "warning")


def passages(library: Library, paths: Collection[str] | None = None) -> Iterator[ArmenianPassage]:
    """Every piece of Armenian prose in the library (in `paths`)."""
    for course in library.courses.values():
        if paths is None or course.path in paths:
            yield ArmenianPassage(course.path, 1, course.title.hy)
            yield ArmenianPassage(course.path, 1, course.about.hy, sentence=True)
    for text in (module.languages["hy"] for module in library.modules.values() if "hy" in module.languages):
        if paths is None or text.path in paths:
            yield from _module_passages(text)
    for item in library.items_in(paths):
        if "hy" in item.languages:
            yield from _item_passages(item)


def _module_passages(text: ModuleText) -> Iterator[ArmenianPassage]:
    yield ArmenianPassage(text.path, 2, text.title)
    for sentence in (text.summary, *text.objectives):
        yield ArmenianPassage(text.path, 2, sentence, sentence=True)
    yield ArmenianPassage(text.path, text.body_line, prose_of(text.body, "hy"))


def _item_passages(item: Item) -> Iterator[ArmenianPassage]:
    for line, prose in TYPES[item.type].prose(item.languages["hy"]):
        yield ArmenianPassage(item.path, line, prose_of(prose, "hy"))
    for part in item.languages["hy"].parts:
        below = part.line + part.text.count("\n") + 1
        yield ArmenianPassage(item.path, below, prose_of(part.feedback, "hy"), sentence=True)


def _finding(passage: ArmenianPassage, match: re.Match[str], code: str, message: Text, severity: Severity) -> Finding:
    line = passage.line + passage.text.count("\n", 0, match.start())
    return Finding.bilingual(passage.path, line, code, message, severity)


def _where(message: Text, around: str) -> Text:
    return Text(en=f"{message.en}: {around}", hy=f"{message.hy}. {around}")


def _around(text: str, match: re.Match[str]) -> str:
    return "…" + re.sub(r"\s+", " ", text[max(0, match.start() - 15) : match.end() + 10]).strip() + "…"


def _terms(reference: Reference) -> Iterator[Rule]:
    """Variants that the glossary's notes forbid: `not «X»` and `never «X»` without a remark in brackets
    (a remark names another, good meaning of X), and `«X» … avoid in UI`."""
    for term in reference.glossary:
        forbidden = re.findall(r"(?:not|never) «([^»]+)»(?! \()", term.note)
        forbidden += re.findall(r"«([^»]+)»[^«]*avoid in UI", term.note)
        for variant in forbidden:
            severity: Severity = "warning" if "UI" in term.note.partition(variant)[2] else "error"
            pattern = re.compile(rf"(?<![{ARMENIAN}]){re.escape(variant)}", re.IGNORECASE)
            yield Rule("term", pattern, GLOSSARY.filled(variant=variant, term=term.hy), severity)
