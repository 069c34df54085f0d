"""Courses, banks and items for those who write them."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms import assess, evidence, publishing
from lms.author import calibration_views, export_views, fact_views, overview, preview
from lms.author.item_counts import is_behind
from lms.author.item_figures import ENOUGH
from lms.author.item_statistics import item_statistics
from lms.author.shown_keys import note_keys_shown, shut, sides
from lms.author.usage import uses
from lms.author.withdrawn import withdrawn_page
from lms.content import Item, questions
from lms.content.evidence_kinds import kind_names
from lms.content.reference_entries import Claim
from lms.identity.access import current_person, needs
from lms.psychometrics.group_difference import LEAST
from lms.web.i18n import language

bp = Blueprint("author", __name__, url_prefix="/content")
fact_views.add_to(bp)
preview.add_to(bp)
calibration_views.add_to(bp)
export_views.add_to(bp)


@bp.get("")
@needs("instructor")
def courses() -> ResponseReturnValue:
    """A page of the banks; the modules of one course, which is asked for."""
    library, open_questions = publishing.library(), assess.open_questions(current_person.id)
    findings = overview.findings()
    by_path = overview.by_path(findings)
    opened = library.courses.get(request.args.get("course", ""))
    banks = overview.bank_lines(item_statistics(current_person.organisation_id), by_path)
    spoken_of = [line for bank in banks for line in bank.items if not open_questions.hold(line.item)]
    misleading = [line for line in spoken_of if line.misleads]
    shut = {line.bank.path for line in banks if line.bank.pool in open_questions.pools}
    note_keys_shown([line.item for line in spoken_of if line.misleads or line.errors])
    return render_template(
        "author/courses.html",
        library=library,
        opened=opened,
        modules=overview.course_lines(opened, by_path) if opened else (),
        findings=[finding for finding in findings if finding.path not in shut],
        banks=banks,
        window=overview.window(banks, request.args.get("page", 1, type=int)),
        bank_address=lambda number: url_for("author.courses", page=number, _anchor="banks"),
        misleading=overview.by_trouble(misleading),
        pools=_pools(),
        enough=ENOUGH,
        may_count=_may_count(open_questions),
        behind=is_behind(current_person.organisation_id),
    )


def _may_count(open_questions: assess.OpenQuestions) -> list[Item]:
    """Questions on trial whose difficulty is known: to count, they wait for an author's word."""
    banks = publishing.library().banks
    readable = [(revision, item) for revision, item in publishing.trials() if overview.may_read(banks[item.path])]
    return [item for revision, item in readable if evidence.trial_of(revision).known and not open_questions.hold(item)]


def _findings() -> overview.ByPath:
    return overview.by_path(overview.findings())


@bp.get("/banks/<path:path>", endpoint="bank")
@needs("instructor")
def bank_page(path: str) -> ResponseReturnValue:
    """Sorted by what misleads most; `?order=file` as the file stands."""
    bank = publishing.library().banks.get(path)
    if bank is None or not overview.may_read(bank):
        abort(404)
    if closed := shut([item for item in bank.items if item.answerable]):
        return closed
    lines = overview.item_lines(bank, item_statistics(current_person.organisation_id), _findings())
    in_file = request.args.get("order") == "file"
    return render_template(
        "author/bank.html",
        bank=bank,
        title=overview.bank_title(bank),
        pool=_pools()[bank.pool],
        lines=lines if in_file else overview.by_trouble(lines),
        in_file=in_file,
        worst=overview.by_trouble(lines)[:1],
        types=kind_names(language()),
        names=evidence.framework().cell_names(language()),
        enough=ENOUGH,
        behind=is_behind(current_person.organisation_id),
    )


@bp.get("/items/<key>", endpoint="item")
@needs("instructor")
def item_page(key: str) -> ResponseReturnValue:
    """The item as a person meets it, in both languages, with its key and feedback beside it, and how it works."""
    library = publishing.library()
    item = library.items.get(key)
    if item is None:
        return withdrawn_page(key)
    if not item.answerable or not overview.may_read(library.banks[item.path]):
        abort(404)
    if closed := shut([item]):
        return closed
    bank = library.banks[item.path]
    lines = overview.by_trouble(overview.item_lines(bank, item_statistics(current_person.organisation_id), _findings()))
    place = [line.item.id for line in lines].index(key)
    return render_template(
        "author/item.html",
        item=item,
        sides=sides(item),
        line=lines[place],
        following=lines[place + 1 : place + 2],
        bank_title=overview.bank_title(bank),
        uses=uses(item),
        kind=questions.TYPES[item.type],
        claims=_claims(item),
        types=kind_names(language()),
        thinking=_thinking(),
        names=evidence.framework().cell_names(language()),
        **_measured(item),
    )


def _measured(item: Item) -> dict[str, object]:
    """What is known of the item's difficulty, from how many answers."""
    revision = publishing.revision_of(item.id) or 0
    return {
        "parameters": evidence.parameters([revision])[revision],
        "prior": evidence.units([revision], None)[revision],
        "calibrated": evidence.calibrated_answers(revision),
        "trial": evidence.trial_of(revision) if item.pretest else None,
        "known": evidence.KNOWN,
        "enough": ENOUGH,
        "least": LEAST,
    }


def _claims(item: Item) -> list[Claim]:
    claims = publishing.reference().seed
    return [claims[key] for key in item.seed if key in claims]


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
