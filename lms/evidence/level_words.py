"""A level in words: the same on every page and in every document."""

from __future__ import annotations

from flask_babel import gettext as _

from lms.competency import Cuts, Framework, LevelStatement
from lms.web.i18n import number


def interval_words(statement: LevelStatement) -> str:
    """The two ends of the interval on the level scale, as the charts draw them."""
    return str(_("%(low)s to %(high)s", low=number(statement.low, 1), high=number(statement.high, 1)))


def level_words(statement: LevelStatement) -> str:
    """The level with its interval and its cap, or why none is named, in one line without markup."""
    if not statement.enough:
        return str(_("not enough evidence") if statement.n else _("not assessed"))
    words = f"{statement.level} ({interval_words(statement)})"
    return f"{words}; {cap_words(statement)}" if statement.cap is not None else words


def cap_words(statement: LevelStatement) -> str:
    """What the answers point to, and why a lower level is shown; empty where nothing lowers it."""
    if statement.cap is None:
        return ""
    words = _(
        "estimate %(estimate)s; shown as %(level)s until there is: %(evidence)s",
        estimate=number(statement.estimate, 1),
        level=statement.level,
        evidence=_wanted().get(statement.wanted, _("more evidence")),
    )
    return str(words)


def cuts_words(cuts: Cuts) -> str:
    """Who set the cuts between levels."""
    if cuts.provisional:
        return str(_("The cuts between levels are provisional until a panel of experts has set them."))
    return str(_("The cuts between levels were set by: %(origin)s.", origin=cuts.origin))


def gate_words(framework: Framework) -> str:
    """From which level on which kind of evidence is asked for."""
    first = framework.gates.first_level
    parts = [
        _("from level %(level)s: %(evidence)s", level=first(count), evidence=_wanted()[count])
        for count in ("performance", "human", "portfolio")
        if first(count)
    ]
    return str(_("Besides answers, levels ask for evidence: %(list)s.", list="; ".join(parts))) if parts else ""


def _wanted() -> dict[str, str]:
    return {
        "observations": _("more answers"),
        "subs": _("answers about further sub-competencies"),
        "performance": _("performance evidence"),
        "human": _("work rated by a person"),
        "portfolio": _("a portfolio"),
    }
