"""Files that nobody has published yet, seen as they would be: the library with them, what the check says, their pages.

Nothing is stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lms import clock
from lms.content.check import file_findings
from lms.content.errors import Finding
from lms.content.load import place_of
from lms.content.model import Item, Library, Module
from lms.content.new_content import as_draft, with_module
from lms.content.render import render_module
from lms.publishing.current_content import library, own_shelf, owners
from lms.publishing.draft_places import placed
from lms.publishing.joined_shelves import drafted
from lms.publishing.pages import linked
from lms.publishing.viewer import viewer

_CUT = re.compile(r"(?=<h2)")
_SECTION = re.compile(r'<h2 id="([^"]*)"')
_ID = re.compile(r'(<h[1-6]) id="[^"]*"')
_QUESTION = re.compile(r'<div class="md-item" data-item="([^"]*)"></div>')


@dataclass(frozen=True)
class Draft:
    """The library as it would be, what is said of the files (what a draft lacks by nature is a warning), the modules
    and items that stand in them."""

    library: Library
    findings: tuple[Finding, ...]
    modules: tuple[Module, ...]
    items: tuple[Item, ...]

    def sections(self, module: Module, language: str) -> dict[str, str]:
        """The module in a language as its readers would see it: anchor of each `##` heading -> HTML from there on;
        nothing where that language is not written. Both languages stand on one page, so headings bear no ids."""
        text = module.languages.get(language)
        if text is None:
            return {}
        page = linked(render_module(text, self.library.reference, clock.now().date()).html, module.course)
        return {(match[1] if (match := _SECTION.match(part)) else ""): _part(part) for part in _CUT.split(page) if part}

    def faults(self, path: str, first: int = 0, last: int | None = None) -> list[Finding]:
        """The errors of a file, or of some of its lines."""
        errors = [finding for finding in self.findings if finding.path == path and finding.severity == "error"]
        return [finding for finding in errors if first <= finding.line and (last is None or finding.line <= last)]


def draft(named: Iterable[tuple[str, bytes]]) -> Draft:
    """`named`: the files' names without folders, and their bytes. Never raises for content."""
    files, strays = placed(dict(named))
    shelves = [own_shelf(number) for number in sorted(owners(), key=lambda number: number != viewer())]
    whole = drafted({**_listed(files), **files}, shelves)
    findings = {finding for finding in file_findings(whole, clock.now().date(), files.keys()) if finding.path in files}
    return Draft(
        whole,
        (*strays, *as_draft(sorted(findings, key=lambda finding: (finding.severity, finding)))),
        tuple(module for module in whole.modules.values() if _paths(module) & files.keys()),
        tuple(item for item in whole.items_in(files.keys()) if item.answerable),
    )


def _part(html: str) -> str:
    """A question in the text is led to where it stands below."""
    return _QUESTION.sub(r'<p class="card"><a href="#item-\1"><code>\1</code></a></p>', _ID.sub(r"\1", html))


def _paths(module: Module) -> set[str]:
    return {text.path for text in module.languages.values()}


def _listed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The course.yaml of published courses, with the new modules among the files named at the end."""
    choices: dict[str, str] = {}
    for course in library().courses.values():
        folder = course.path.rpartition("/")[0]
        texts = (path for path in files if path.startswith(f"{folder}/") and path.endswith(".md"))
        stems = {place_of(path).rpartition("/")[2] for path in texts}
        for stem in sorted(stems - set(course.stems)):
            choices[course.path] = _with(choices.get(course.path, course.source), stem)
    return {path: source.encode() for path, source in choices.items() if path not in files}


def _with(source: str, stem: str) -> str:
    try:
        return with_module(source, stem)
    except ValueError:  # a list written otherwise; then the check says that the file is not named
        return source
