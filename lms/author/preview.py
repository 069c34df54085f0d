"""Files as readers would see them, both languages side by side, with what the check says: before anything is published,
and without keeping anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lms.author.shown_keys import Sides, shut, sides
from lms.content import Finding, Item, questions
from lms.content.evidence_kinds import kind_names
from lms.content.model import Module
from lms.content.text import LANGUAGES
from lms.database.transaction import between_writes, transaction
from lms.identity.access import needs
from lms.publishing.drafts import Draft, draft
from lms.web.i18n import language

MOST = 12  # files of one preview


@dataclass(frozen=True)
class ModuleSides:
    """A module's texts by language, and its sections in the order of the first of them: (anchor, language -> HTML)."""

    module: Module
    sections: tuple[tuple[str, dict[str, str]], ...]


@dataclass(frozen=True)
class ItemSides:
    """An item in both languages with its key; without them while the check finds errors in it."""

    item: Item
    faults: Sequence[Finding]
    sides: Sides | None


def add_to(bp: Blueprint) -> None:
    bp.add_url_rule("/preview", view_func=needs("instructor")(preview))
    bp.add_url_rule("/preview", "show_preview", view_func=needs("instructor")(show_preview), methods=["POST"])


def preview() -> ResponseReturnValue:
    return render_template("author/preview.html", most=MOST)


@transaction
def show_preview() -> ResponseReturnValue:
    """Read without the lock of a writer, which only the note of the keys shown needs."""
    files = [file for file in request.files.getlist("files") if file.filename]
    if not files or len(files) > MOST:
        return render_template("author/preview.html", most=MOST, wrong=True), 422
    with between_writes():
        previewed = draft((_name(file.filename or ""), file.read()) for file in files)
        modules = [ModuleSides(module, tuple(_sections(previewed, module))) for module in previewed.modules]
    if closed := shut(previewed.items):
        return closed
    return render_template(
        "author/preview.html",
        most=MOST,
        draft=previewed,
        modules=modules,
        items=[_item(previewed, item) for item in previewed.items],
        kinds=questions.TYPES,
        types=kind_names(language()),
    )


def _name(upload: str) -> str:
    return upload.replace("\\", "/").rpartition("/")[2]


def _sections(previewed: Draft, module: Module) -> Iterator[tuple[str, dict[str, str]]]:
    """What stands in one language alone has nothing beside it."""
    cut = {code: previewed.sections(module, code) for code in LANGUAGES}
    for anchor in dict.fromkeys(anchor for sections in cut.values() for anchor in sections):
        yield anchor, {code: sections.get(anchor, "") for code, sections in cut.items()}


def _item(previewed: Draft, item: Item) -> ItemSides:
    faults = previewed.faults(item.path, item.line, item.line + item.source.count("\n"))
    return ItemSides(item, faults, None if faults else sides(item))
