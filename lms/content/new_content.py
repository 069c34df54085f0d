"""Frames of new content: files and items that can be read at once and only have to be filled in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from lms.content.errors import Finding
from lms.content.questions import TYPES
from lms.content.text import LANGUAGES, Text

# What a course, module or bank under way lacks by nature; a draft is told so, and not stopped by it.
UNDER_WAY = ("items", "duplicate", "key-position", "longest-key", "coverage", "missing-language")
PARTS = {
    "why": Text(hy="Ինչու է սա կարևոր", en="Why it matters"),
    "idea": Text(hy="Գաղափարը", en="The idea"),
    "example": Text(hy="Օրինակ", en="A worked example"),
    "mistake": Text(hy="Տարածված սխալ", en="A common mistake"),
    "practice": Text(hy="Գործնական առաջադրանք", en="Practice task"),
    "check": Text(hy="Թեստ", en="Check"),
    "summary": Text(hy="Ամփոփում", en="Summary"),
    "sources": Text(hy="Աղբյուրներ", en="Sources"),
}
FILL = Text(hy="Լրացրեք։", en="To be written.")
TITLE = Text(hy="Վերնագիր", en="A title")
GENERAL = Text(hy="Ընդհանուր բացատրություն։", en="The general explanation.")


def course_files(course: str, slug: str, today: str) -> dict[str, str]:
    """{path: text} of a new course with its first module. `course` is an id like C20, `today` an ISO date."""
    head = f"id: {course}\nslug: {slug}\nlevel: 1\nprerequisites: []\n"
    texts = "".join(
        f"{key}:\n" + "".join(f"  {name}: {text.get(name)}\n" for name in LANGUAGES)
        for key, text in (("title", TITLE), ("about", FILL))
    )
    modules = "modules:\n  - 01-first\n"
    first = module_files(f"{course}.1", slug, "01-first", today)
    return {f"courses/{slug}/course.yaml": head + texts + modules, **first}


def module_files(module: str, course_slug: str, stem: str, today: str) -> dict[str, str]:
    """{path: text} of a new module in both languages and of its bank, with one item. `stem` is like 02-second."""
    texts = {f"courses/{course_slug}/{stem}.{name}.md": _module(module, stem, name, today) for name in LANGUAGES}
    bank = f"practice/{course_slug}/{stem}"
    head = f"---\nbank: {bank}\npool: practice\ncourse: {module.partition('.')[0]}\nmodule: {module}\n---\n\n"
    item = item_text(next(iter(TYPES)), f"{module.lower().replace('.', '-')}-first")
    return {**texts, f"quizzes/{bank}.md": head + item}


def _module(module: str, stem: str, language: str, today: str) -> str:
    fill = FILL.get(language)
    front = (
        f"---\nid: {module}\nslug: {stem[3:]}\nversion: 1\nminutes: 15\nupdated: {today}\n"
        f"sub_competencies: [content.copy]\nseed: []\npractice: null\n"
        f"title: {TITLE.get(language)}\nsummary: {fill}\nobjectives:\n  - {fill}\n---\n"
    )
    return front + "".join(f"\n## {name.get(language)} {{#{anchor}}}\n\n{fill}\n" for anchor, name in PARTS.items())


def item_text(kind: str, name: str) -> str:
    """The section of a new item of type `kind` with the id `name`."""
    question = TYPES[kind]
    front = f"type: {kind}\n"
    if question.answerable:
        front += "sub: content.copy\nbloom: understand\nlevel: 1\np: 0.6\nbecause: why this level and p\n"
    texts = "\n".join(
        f"### {language}\n\n{question.frame.get(language)}"
        + (f"\n> {GENERAL.get(language)}\n" if question.answerable else "")
        for language in LANGUAGES
    )
    return f"## {name}\n\n```yaml\n{front}{question.frame_front}```\n\n{texts}"


def with_module(course_source: str, stem: str) -> str:
    """The source of course.yaml with one module more, every other byte as it was. ValueError where its list of modules
    is not written one a line."""
    match = re.search(r"^modules:[ \t]*\n(?:(?P<indent>[ \t]*)- .*(?:\n|\Z))+", course_source, re.MULTILINE)
    if not match:
        raise ValueError("modules: write one a line, `  - 01-name`")
    line_end = "" if match[0].endswith("\n") else "\n"
    return f"{course_source[: match.end()]}{line_end}{match['indent']}- {stem}\n{course_source[match.end() :]}"


def as_draft(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings with those about what is not there yet as warnings."""
    return tuple(replace(finding, severity="warning") if finding.code in UNDER_WAY else finding for finding in findings)


def next_number(names: Collection[str] | Mapping[str, object], start: str) -> int:
    """The next free number of ids or stems that begin with `start` and digits."""
    numbers = [int(match[1]) for name in names if (match := re.match(rf"{re.escape(start)}(\d+)", name))]
    return max(numbers, default=0) + 1
