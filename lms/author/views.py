"""Courses, banks and items for those who write them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms import assess, evidence, publishing
from lms.author import overview
from lms.author.analysis import ENOUGH, worked
from lms.author.usage import uses
from lms.content import Item, questions
from lms.content.kinds import kind_names
from lms.content.reference import Claim
from lms.identity.access import current_person, needs
from lms.psychometrics.dif import LEAST
from lms.web.i18n import language

bp = Blueprint("author", __name__, url_prefix="/content")
SEEN_HERE = "author"  # where a person has met the keys of items, as evidence keeps it


@bp.get("")
@needs("instructor")
def courses() -> ResponseReturnValue:
    library, asked = publishing.library(), assess.open_questions(current_person.id)
    lines = {course.id: overview.course_lines(course) for course in library.courses.values()}
    banks = overview.bank_lines(worked(current_person.organisation_id))
    spoken_of = [line for bank in banks for line in bank.items if not asked.hold(line.item)]
    misleading = [line for line in spoken_of if line.misleads]
    shut = {line.bank.path for line in banks if line.bank.pool in asked.pools}
    findings = [finding for finding in overview.findings() if finding.path not in shut]
    _tell([line.item for line in spoken_of if line.misleads or line.errors])
    return render_template(
        "author/courses.html", library=library, lines=lines, findings=findings, banks=banks,
        misleading=overview.by_trouble(misleading), pools=_pools(), enough=ENOUGH,
    )  # fmt: skip


@bp.get("/banks/<path:path>")
@needs("instructor")
def bank(path: str) -> ResponseReturnValue:
    """Sorted by what misleads most; `?order=file` as the file stands."""
    found = publishing.library().banks.get(path)
    if found is None or not overview.may_read(found):
        abort(404)
    if shut := _shut([item for item in found.items if item.answerable]):
        return shut
    lines = overview.item_lines(found, worked(current_person.organisation_id))
    in_file = request.args.get("order") == "file"
    return render_template(
        "author/bank.html", bank=found, title=overview.bank_title(found), pool=_pools()[found.pool],
        lines=lines if in_file else overview.by_trouble(lines), in_file=in_file, worst=overview.by_trouble(lines)[:1],
        types=kind_names(language()), names=evidence.framework().cell_names(language()), enough=ENOUGH,
    )  # fmt: skip


@bp.get("/items/<key>")
@needs("instructor")
def item(key: str) -> ResponseReturnValue:
    """The item as a person meets it, in both languages, with its key and feedback beside it, and how it works."""
    library = publishing.library()
    found = library.items.get(key)
    if found is None or not found.answerable or not overview.may_read(library.banks[found.path]):
        abort(404)
    if shut := _shut([found]):
        return shut
    # the author's order: letters on this page are places in the file
    instance = questions.in_authors_order(found, questions.new_instance(found, 1, publishing.reference()))
    sides = {
        code: (questions.deliver(found, instance, code), questions.explain(found, instance, None, code))
        for code in ("hy", "en")
    }
    answered = worked(current_person.organisation_id)
    lines = overview.by_trouble(overview.item_lines(library.banks[found.path], answered))
    place = [line.item.id for line in lines].index(key)
    revision = publishing.revision_of(key) or 0
    return render_template(
        "author/item.html", item=found, sides=sides, line=lines[place], following=lines[place + 1 : place + 2],
        unit=evidence.parameters([revision])[revision], prior=evidence.units([revision], None)[revision],
        calibrated=evidence.calibrated_answers(revision), bank_title=overview.bank_title(library.banks[found.path]),
        uses=uses(found), kind=questions.TYPES[found.type], claims=_claims(found),
        types=kind_names(language()), thinking=_thinking(), names=evidence.framework().cell_names(language()),
        enough=ENOUGH, least=LEAST,
    )  # fmt: skip


def _shut(items: Sequence[Item]) -> ResponseReturnValue | None:
    """Note that the person meets these items' keys on this page; or the page in its place while they sit a test that
    asks one of them or could."""
    asked = assess.open_questions(current_person.id)
    if any(asked.hold(item) for item in items):
        return render_template("author/shut.html"), 403
    _tell(items)
    return None


def _tell(items: Sequence[Item]) -> None:
    evidence.mark_shown(current_person.id, [item.id for item in items], SEEN_HERE)


def _claims(found: Item) -> list[Claim]:
    known = publishing.reference().seed
    return [known[claim] for claim in found.seed if claim in known]


def _pools() -> dict[str, str]:
    return {
        "practice": _("practice"),
        "pretest": _("pre-test"),
        "placement": _("find my level"),
        "closed": _("closed"),
    }


def _thinking() -> dict[str, str]:
    return {
        "remember": _("to remember"),
        "understand": _("to understand"),
        "apply": _("to apply"),
        "analyse": _("to analyse"),
        "evaluate": _("to evaluate"),
        "create": _("to create"),
    }
