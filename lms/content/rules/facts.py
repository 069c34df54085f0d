"""Platform facts against the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from lms.content.errors import Finding
from lms.content.model import Library
from lms.content.reference import FOLDER
from lms.content.text import Text

PATH = f"{FOLDER}/platform_facts.yaml"
AHEAD = Text(
    en="fact {name}: its as_of, {day}, lies ahead, so its value would stand too long",
    hy="{name} փաստ. as_of-ի օրը ({day}) դեռ չի եկել, ուստի արժեքն ավելի երկար կմնար, քան կարող է",
)


def fact_findings(library: Library, today: dt.date, paths: Collection[str] | None) -> Iterator[Finding]:
    """A fact that nobody can have looked up yet. No error: it is the machine's clock that may be wrong."""
    if paths is not None and PATH not in paths:
        return
    source = library.reference.sources.get(PATH, "")
    for fact in library.reference.facts.values():
        if fact.as_of and fact.as_of > today:
            place = source.find("as_of:", max(source.find(f"- id: {fact.id}\n"), 0))
            message = AHEAD.filled(name=fact.id, day=str(fact.as_of))
            yield Finding.bilingual(PATH, source[:place].count("\n") + 1, "fact-ahead", message, "warning")
