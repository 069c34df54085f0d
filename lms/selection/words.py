"""What the figures mean, in one plain sentence each, and what would decide what is still open."""

from __future__ import annotations

from flask_babel import gettext

from lms.psychometrics.profile import RoleGap
from lms.selection.comparison import CandidateRow


def _(text: str, **values: object) -> str:
    """`gettext` with its type."""
    return str(gettext(text, **values))


def band_names() -> dict[str, str]:
    return {
        "meets": _("meets the role"),
        "borderline": _("borderline: talk to them"),
        "below": _("below the role"),
        "unknown": _("too little is known"),
    }


def stage_names() -> dict[str, str]:
    return {
        "assessment": _("assessment"),
        "interview": _("interview"),
        "offer": _("offer"),
        "hired": _("hired"),
        "rejected": _("not taken on"),
        "withdrawn": _("withdrew"),
    }


def chance(gap: RoleGap) -> str:
    """The probability as people say it. Whole tens between the ends, since more is not known."""
    tens = round(gap.probability * 10)
    if gap.probability >= 0.95:
        return _("By the answers, at least 95 of 100 such candidates reach what the role asks on the whole.")
    if gap.probability <= 0.05:
        return _("By the answers, at most 5 of 100 such candidates reach what the role asks on the whole.")
    return _("By the answers, about %(tens)s of 10 such candidates reach what the role asks on the whole.", tens=tens)


def verdict(gap: RoleGap) -> str:
    if gap.outcome == "met":
        return _("The answers reach what the role asks, every minimum is met, and no evidence is missing.")
    if gap.failed:
        return _("A critical minimum is not met; the other figures don't outweigh it.")
    if gap.outcome == "not_met":
        return _("On the whole the answers lie below what the role asks.")
    if gap.open or gap.thin:
        return _("Evidence that the role asks for is still missing, so it can be neither met nor failed.")
    return _("The answers allow both: that the role is met and that it is not.")


def called(row: CandidateRow) -> str:
    """The candidate's name, or the number where it is hidden."""
    return row.name or _("Candidate %(number)s", number=row.candidate.id)
