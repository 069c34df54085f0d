"""Rules of single items: ids known, both languages there, numbers that can be drawn, links that lead somewhere."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterator

from lms.content.answer_matching import fold_hy
from lms.content.errors import Finding
from lms.content.expression import ExpressionError, names, parse
from lms.content.formula import Recipe, draw
from lms.content.model import Item, Library
from lms.content.questions import TYPES
from lms.content.questions.numeric import PLACEHOLDER, item_recipe
from lms.content.rules.links import link_findings
from lms.content.rules.markdown_lint import sign_findings
from lms.content.rules.modules import FACT
from lms.content.source import line_of
from lms.content.text import LANGUAGES

ALL_ABOVE = re.compile(
    r"\b(?:all|none|both|any) of (?:the above|these)\b"
    r"|վեր(?:ը|ոնշյալ|ոհիշյալ)\w* *(?:նշված|թվարկված)?\w* *(?:բոլոր|ոչ մեկ)"
    r"|բոլոր(?:ը| տարբերակները| պատասխանները) ճիշտ|ոչ մեկը ճիշտ",
    re.IGNORECASE,
)
DRAWS = 20


def item_findings(library: Library, today: dt.date) -> Iterator[Finding]:
    """All findings about items, one by one."""
    for item in library.items.values():
        yield from _languages(item)
        yield from _known(library, item)
        yield from _facts(library, item, today)
        yield from _options(item)
        for text in item.languages.values():
            for line, prose in TYPES[item.type].prose(text):
                yield from link_findings(library, item.path, line, prose, item.course, frozenset())
                yield from sign_findings(item.path, line, prose)
        if item.type == "numeric":
            yield from _numeric(library, item)
    yield from _duplicates(library)


def _at(item: Item, code: str, message: str, key: str = "", warning: bool = False) -> Finding:
    """A finding at the yaml line `key`, or at the item's heading."""
    match = re.search(rf"^{key}:", item.source, re.MULTILINE) if key else None
    line = line_of(item.source, match.start(), item.line) if match else item.line
    return Finding(item.path, line, code, f"{item.id}: {message}", "warning" if warning else "error")


def _languages(item: Item) -> Iterator[Finding]:
    for language in LANGUAGES:
        if language not in item.languages:
            yield _at(item, "missing-language", f"no `### {language}`")
    if item.behind:
        yield _at(item, "behind", f"{item.behind} is behind the other language", warning=True)
    for language, text in item.languages.items():
        if not text.stem.strip():
            yield _at(item, "stem", f"no stem in {language}")
        if item.answerable and not text.general:
            yield _at(item, "explanation", f"no general explanation (`> text` at the end) in {language}", warning=True)


def _known(library: Library, item: Item) -> Iterator[Finding]:
    reference = library.reference
    if item.sub and item.sub not in reference.framework.sub_competencies:
        yield _at(item, "unknown-id", f"sub: there is no sub-competency {item.sub}", "sub")
    for name in item.seed:
        if name not in reference.seed:
            yield _at(item, "unknown-id", f"seed: there is no claim {name}", "seed")
    for name in item.enemies:
        if name not in library.items or name == item.id:
            yield _at(item, "unknown-id", f"enemies: there is no other item {name}", "enemies")
    if item.set_id and item.stimulus is None:
        yield _at(item, "unknown-id", f"set: this bank has no table {item.set_id}", "set")
    metric = item.settings.get("metric")
    if metric is not None and metric not in reference.metrics:
        yield _at(item, "unknown-id", f"metric: there is no metric {metric}", "metric")


def _facts(library: Library, item: Item, today: dt.date) -> Iterator[Finding]:
    used = {name for text in item.languages.values() for name in FACT.findall(_all_text(item, text.stem, text.general))}
    for name in sorted(used - set(item.facts)):
        yield _at(item, "fact", f"{name} is used in the text but not listed in `facts:`")
    for name in item.facts:
        fact = library.reference.facts.get(name)
        if fact is None:
            yield _at(item, "unknown-id", f"facts: there is no fact {name}", "facts")
        elif fact.is_due(today):
            yield _at(
                item,
                "fact-due",
                f"{name} was valid until {fact.valid_until}; the item leaves scored pools",
                warning=True,
            )
        elif not fact.may_be_scored and item.pool != "practice":
            yield _at(item, "fact", f"{name} may not be scored, and this pool is {item.pool}")


def _all_text(item: Item, *more: str) -> str:
    parts = (part for text in item.languages.values() for part in text.parts)
    return "\n".join((*more, *(f"{part.text}\n{part.right}\n{part.feedback}" for part in parts)))


def _options(item: Item) -> Iterator[Finding]:
    for text in item.languages.values():
        for part in text.parts:
            if ALL_ABOVE.search(part.text) and item.type in ("single", "multiple"):
                message = f'{item.id}: an option of the kind "all of the above"'
                yield Finding(item.path, part.line, "all-of-the-above", message)


def _numeric(library: Library, item: Item) -> Iterator[Finding]:
    try:
        recipe = item_recipe(item, library.reference)
        for seed in range(DRAWS):
            draw(recipe, random.Random(seed))  # noqa: S311 (the same repeatable draw as in a test)
    except ExpressionError as error:
        yield _at(item, "numeric", str(error))
        return
    yield from _placeholders(item, recipe)


def _placeholders(item: Item, recipe: Recipe) -> Iterator[Finding]:
    needed = names(parse(recipe.formula))
    for language, text in item.languages.items():
        shown = set(PLACEHOLDER.findall(text.stem))
        for name in sorted(shown - set(recipe.inputs)):
            yield _at(item, "numeric", f"{{{name}}} in {language} is no input")
        for name in sorted(needed - shown - _constants(recipe)):
            yield _at(item, "numeric", f"the stem in {language} does not show {{{name}}}, which the formula needs")
        commented = {part.mark for part in text.parts}
        for name in sorted(commented - set(recipe.wrong)):
            yield _at(item, "numeric", f"{name} is no named wrong formula")
        for name in sorted(set(recipe.wrong) - commented):
            yield _at(item, "feedback", f"no feedback for the wrong formula {name} in {language}", warning=True)


def _constants(recipe: Recipe) -> set[str]:
    return {name for name, rule in recipe.inputs.items() if isinstance(rule, int | float)}


def _duplicates(library: Library) -> Iterator[Finding]:
    seen: dict[tuple[str, str, str], Item] = {}
    for item in library.items.values():
        for language, text in item.languages.items():
            # Sets may ask the same of different tables; the set is part of the question.
            stem = (language, item.set_id or "", fold_hy(text.stem))
            first = seen.setdefault(stem, item)
            if first is not item and stem[2]:
                yield _at(item, "duplicate", f"the stem in {language} is that of {first.id} ({first.path})")
