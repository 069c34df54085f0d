"""Module pages made when published, and stored with their sections for search."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select

from lms import clock
from lms import content as pure
from lms.content.model import ModuleText
from lms.content.render import Rendered, render_module
from lms.database import db
from lms.database.upsert import insert_together
from lms.publishing.content_units import ContentUnit, Name
from lms.publishing.current_content import current_content, library
from lms.publishing.models import Rendering, SearchSection
from lms.publishing.rendering_version import rendering_version
from lms.publishing.stems import stems
from lms.publishing.two_processes import in_parts

Spoken = tuple[str, ModuleText]  # a module's id and its text in one language
Row = dict[str, Any]


def render_published() -> int:
    """Make the pages that are missing or older than renderer and platform facts, and their search sections."""
    texts = _published_texts()
    versions = _versions(texts)
    rendered_already = select(Rendering.revision_id, Rendering.version).where(Rendering.revision_id.in_(texts))
    current = {
        row.revision_id for row in db.session.execute(rendered_already) if versions[row.revision_id] == row.version
    }
    return _render({number: text for number, text in texts.items() if number not in current}, versions)


def render_changed(units: Iterable[ContentUnit], withdrawn: Collection[int]) -> int:
    """Make the pages of what was just published; those of the revisions withdrawn are forgotten."""
    forget_pages(withdrawn)
    names = {unit.name for unit in units}
    if any(kind == "reference" for kind, _, _ in names):
        return render_published()  # facts stand in any page
    texts = _published_texts(names)
    return _render(texts, _versions(texts))


def forget_pages(revisions: Collection[int]) -> None:
    """What is not published has no page and is not searched."""
    if revisions:
        db.session.execute(delete(SearchSection).where(SearchSection.revision_id.in_(revisions)))
        db.session.execute(delete(Rendering).where(Rendering.revision_id.in_(revisions)))


def _published_texts(names: Collection[Name] | None = None) -> dict[int, Spoken]:
    """The module texts that the viewer's organisation published (of these names), by revision."""
    content = current_content()
    texts: dict[int, Spoken] = {}
    for name in content.own_names if names is None else content.own_names & set(names):
        kind, key, language = name
        module = content.library.modules.get(key) if kind == "module" else None
        if module is not None and language in module.languages:
            texts[content.units[name].revision_id] = key, module.languages[language]
    return texts


def _versions(texts: Mapping[int, Spoken]) -> dict[int, str]:
    today, facts = clock.now().date(), library().reference
    return {number: rendering_version(text, facts, today) for number, (_, text) in texts.items()}


def _render(texts: Mapping[int, Spoken], versions: Mapping[int, str]) -> int:
    today, facts = clock.now().date(), library().reference

    def rows(numbers: Sequence[int]) -> list[tuple[Row, list[Row]]]:
        pages = ((number, render_module(texts[number][1], facts, today)) for number in numbers)
        return [
            (_page(number, versions[number], page), list(_sections(number, *texts[number], page)))
            for number, page in pages
        ]

    results = [row for part in in_parts(rows, list(texts)) for row in part]
    forget_pages(texts)
    insert_together(Rendering, [page for page, _ in results])
    insert_together(SearchSection, [section for _, sections in results for section in sections])
    return len(texts)


def _page(number: int, version: str, page: Rendered) -> Row:
    return {
        "revision_id": number,
        "version": version,
        "html": page.html,
        "plain": page.plain,
        "headings": [list(heading) for heading in page.headings],
        "embedded": list(page.embedded),
    }


def _sections(number: int, module: str, text: ModuleText, page: Rendered) -> Iterator[Row]:
    top = pure.SearchPassage("", text.title, " · ".join((text.summary, *text.objectives)))
    for passage in (top, *page.passages):
        heading = passage.title or text.title
        words = stems(f"{heading} {heading} {heading} {passage.text}")  # a word of the heading weighs three times
        yield {
            "revision_id": number,
            "module": module,
            "language": text.language,
            "anchor": passage.anchor,
            "heading": heading,
            "plain": passage.text,
            "stems": " ".join(words),
        }
