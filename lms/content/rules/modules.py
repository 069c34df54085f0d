"""Rules of courses and modules: parts in order, both languages alike, ids known, facts by reference."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator

from lms.content.errors import Finding
from lms.content.markup_blocks import ITEM
from lms.content.model import Course, Item, Library, Module, ModuleText
from lms.content.prose import bare, blank_code, word_count
from lms.content.rules.links import ANCHOR, anchors, link_findings
from lms.content.rules.markdown_lint import sign_findings
from lms.content.text import LANGUAGES, Text

PARTS = ("why", "idea", "example", "mistake", "practice", "check", "summary", "sources")
WORDS = (900, 1400)
EMBEDDED = (2, 4)
HEADING = re.compile(r"^(#{1,6})\s+(.*)$", re.MULTILINE)
FACT = re.compile(r"\{\{fact:([^{}\s]*)\}\}")
PLACEHOLDER = re.compile(r"\{\{[^{}\n]*\}\}")
VOLATILE = re.compile(
    r"\d[\d\u00a0 .,x×]*\s*(?:characters?|hashtags?|px|pixels?|նշան|հեշթեգ|փիքսել)|(?:hashtags?|հեշթեգ\w*)[:՝]\s*\d",
    re.IGNORECASE,
)


def module_findings(library: Library, today: dt.date, paths: Collection[str] | None = None) -> Iterator[Finding]:
    """All findings about courses and modules (in `paths`)."""
    for course in library.courses.values():
        if paths is None or course.path in paths:
            yield from _course(library, course)
    for module in library.modules.values():
        if paths is not None and not any(text.path in paths for text in module.languages.values()):
            continue
        yield from _shared(library, module, today)
        for text in module.languages.values():
            yield from _parts(text)
            yield from _text(library, module, text)
            yield from _facts(library, text, today)


def _course(library: Library, course: Course) -> Iterator[Finding]:
    if course.path != f"courses/{course.slug}/course.yaml":
        yield Finding(course.path, 1, "schema", f"slug: {course.slug} differs from the name of the folder")
    for name in ("title", "about"):
        text: Text = getattr(course, name)
        if empty := [language for language in LANGUAGES if not text.get(language).strip()]:
            yield Finding(course.path, 1, "missing-language", f"{name}: no text in {' and '.join(empty)}")
    planned = {entry["id"] for entry in library.reference.catalogue.get("courses", ())}
    for name in course.prerequisites:
        if name not in library.courses and name not in planned:
            yield Finding(course.path, 1, "unknown-id", f"prerequisite {name} is no course")
    if course.id in _ancestors(library, course.id):
        yield Finding(course.path, 1, "cycle", f"the prerequisites of {course.id} lead back to {course.id}")
    for name in course.modules:
        if not name.startswith(f"{course.id}."):
            yield Finding(course.path, 1, "unknown-id", f"module {name} does not belong to course {course.id}")


def _ancestors(library: Library, start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        course = library.courses.get(waiting.pop())
        new = [name for name in course.prerequisites if name not in found] if course else []
        found.update(new)
        waiting.extend(new)
    return found


def _shared(library: Library, module: Module, today: dt.date) -> Iterator[Finding]:
    path = next(iter(module.languages.values())).path
    matrix, seed = library.reference.framework.sub_competencies, library.reference.seed
    for name in module.sub_competencies:
        if name not in matrix:
            yield Finding(path, 1, "unknown-id", f"sub-competency {name}")
    for name in module.seed:
        if name not in seed:
            yield Finding(path, 1, "unknown-id", f"seed claim {name}")
    if module.updated > today:
        yield Finding(path, 1, "schema", f"updated: {module.updated} has not come yet", "warning")
    if not module.stem.endswith(f"-{module.slug}"):
        yield Finding(path, 1, "schema", f"the slug {module.slug} differs from the file name {module.stem}")
    texts = [module.languages[name] for name in LANGUAGES if name in module.languages]
    if len(texts) == 2:
        yield from _pair(*texts)


def _pair(hy: ModuleText, en: ModuleText) -> Iterator[Finding]:
    behind = min(hy, en, key=lambda text: text.version)
    if hy.version != en.version:
        message = f"this language is behind: version {hy.version} in hy, {en.version} in en"
        yield Finding(behind.path, 1, "behind", message, "warning")
    if anchors(hy.body) != anchors(en.body):
        different = sorted(set(anchors(hy.body)) ^ set(anchors(en.body))) or "their order"
        yield Finding(en.path, en.body_line, "parts", f"the anchors differ between hy and en: {different}")
    if len(hy.objectives) != len(en.objectives):
        yield Finding(en.path, 1, "parts", "the number of objectives differs between hy and en")
    placeholders = [sorted(PLACEHOLDER.findall(blank_code(text.body))) for text in (hy, en)]
    if placeholders[0] != placeholders[1]:
        odd = sorted(set(placeholders[0]) ^ set(placeholders[1])) or "their number"
        yield Finding(en.path, en.body_line, "placeholder", f"facts or embedded items differ between hy and en: {odd}")


def _parts(text: ModuleText) -> Iterator[Finding]:
    found: list[str] = []
    for match in HEADING.finditer(blank_code(text.body)):
        line, level = _line(text, match.start()), len(match[1])
        anchor = ANCHOR.fullmatch(match[0].rstrip())
        if level == 1:
            yield Finding(text.path, line, "parts", "no `#` heading in a module: the title stands in the front matter")
        elif not anchor and level <= 3:
            yield Finding(text.path, line, "parts", f"this heading has no {{#anchor}}: {match[2][:60]}")
        elif anchor and level == 2:
            found.append(anchor[1])
    if tuple(found) != PARTS:
        message = f"the `##` parts are {', '.join(found)}; expected {', '.join(PARTS)}"
        yield Finding(text.path, text.body_line, "parts", message)


def _text(library: Library, module: Module, text: ModuleText) -> Iterator[Finding]:
    words = word_count(text.body)
    if not WORDS[0] <= words <= WORDS[1]:
        message = f"{words} words, expected {WORDS[0]} to {WORDS[1]}"
        yield Finding(text.path, text.body_line, "words", message, "warning")
    own = frozenset(anchors(text.body))
    yield from link_findings(library, text.path, text.body_line, text.body, module.course, own)
    yield from sign_findings(text.path, text.body_line, text.body)
    quiet = blank_code(text.body)
    embedded = list(ITEM.finditer(quiet))
    if not EMBEDDED[0] <= len(embedded) <= EMBEDDED[1]:
        message = f"{len(embedded)} embedded questions, expected {EMBEDDED[0]} to {EMBEDDED[1]}"
        yield Finding(text.path, text.body_line, "embedded", message, "warning")
    for match in embedded:
        item = library.items.get(match[1])
        if problem := _not_embeddable(match[1], item):
            yield Finding(text.path, _line(text, match.start()), "unknown-id", problem)
    if not re.search(r"^\s*\||^!\[|^```csv", text.body, re.MULTILINE):
        yield Finding(text.path, text.body_line, "parts", "neither a figure nor a table", "warning")
    summary = text.body.partition("{#summary}")[2].partition("\n## ")[0]
    if (lines := len(re.findall(r"^[-*+\d][.)]?\s", summary, re.MULTILINE))) != 5:
        yield Finding(text.path, text.body_line, "parts", f"the summary has {lines} list items, expected 5", "warning")


def _not_embeddable(name: str, item: Item | None) -> str | None:
    if item is None:
        return f"there is no item {name}, or it could not be read"
    if item.pool != "practice" or not item.answerable:
        kind = "a table" if not item.answerable else f"an item of the {item.pool} pool"
        return f"{name} is {kind}; only practice items may stand in a module"
    return None


def _facts(library: Library, text: ModuleText, today: dt.date) -> Iterator[Finding]:
    quiet = blank_code(text.body)
    for match in FACT.finditer(quiet):
        fact = library.reference.facts.get(match[1])
        if fact is None:
            yield Finding(text.path, _line(text, match.start()), "unknown-id", f"fact {match[1]}")
        elif fact.is_due(today):
            message = f"fact {fact.id} was valid until {fact.valid_until}; it is shown with a warning"
            yield Finding(text.path, _line(text, match.start()), "fact-due", message, "warning")
    for match in VOLATILE.finditer(bare(text.body)):
        message = f"a bare number that may change: {match[0].strip()!r}; use {{{{fact:…}}}}"
        yield Finding(text.path, _line(text, match.start()), "bare-fact", message)


def _line(text: ModuleText, offset: int) -> int:
    return text.body_line + text.body.count("\n", 0, offset)
