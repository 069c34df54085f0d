"""A level in words: the same on every page and in every document."""

from __future__ import annotations

from flask_babel import gettext as _

from lms.competency import Cuts, Framework, LevelStatement
from lms.web.i18n import number


def interval_words(statement: LevelStatement) -> str:
    """The two ends of the interval on the level scale, as the charts draw them; one where the scale's end cuts both.
    With the estimate where the level that is named begins at a figure below both: level 2 beside 2.2 to 3.6."""
    low, high = number(statement.low, 1), number(statement.high, 1)
    ends = low if low == high else str(_("%(low)s to %(high)s", low=low, high=high))
    if not statement.begins_below:
        return ends
    return str(_("%(ends)s; estimate %(estimate)s", ends=ends, estimate=number(statement.estimate, 1)))


def said_words(statement: LevelStatement) -> str:
    """What is known of the level, at the grain at which it is known, without the figures of its interval. Without an
    answer that is nothing; certificates of earlier releases named no level that was not precise."""
    if not statement.known:
        return str(_("not enough evidence") if statement.n else _("not assessed"))
    if statement.grain == "at_least":
        return str(_("at least level %(level)s (95%%)", level=statement.least))
    if statement.grain == "up_to" and statement.most == 0:
        return str(_("level %(level)s (95%%)", level=0))
    if statement.grain == "up_to":
        return str(_("up to level %(level)s (95%%)", level=statement.most))
    if statement.grain == "range":
        return _range_words(statement)
    return str(statement.level)


def _range_words(statement: LevelStatement) -> str:
    """Both ends; where a cap lowers the level, the likeliest is not the one shown."""
    low, high = statement.ends
    if statement.cap is not None:
        return str(_("level %(low)s to %(high)s", low=low, high=high))
    return str(_("level %(low)s to %(high)s, most likely %(level)s", low=low, high=high, level=statement.level))


def level_words(statement: LevelStatement) -> str:
    """What is said with its interval and its cap, or why nothing is, in one line without markup."""
    if not statement.known:
        return said_words(statement)
    level, interval = said_words(statement), interval_words(statement)
    apart = _("; ")
    words = f"{level} ({interval})" if statement.precise else f"{level}{apart}{interval}"
    return f"{words}{apart}{cap_words(statement)}" if statement.cap is not None else words


def cap_words(statement: LevelStatement) -> str:
    """What the answers point to, and why a lower level is shown; empty where nothing lowers it."""
    if statement.cap is None:
        return ""
    words = _(
        "estimate %(estimate)s; shown as %(level)s; still missing: %(evidence)s",
        estimate=number(statement.estimate, 1),
        level=statement.level,
        evidence=_wanted().get(statement.wanted, _("more evidence")),
    )
    return str(words)


def cuts_words(cuts: Cuts) -> str:
    """Who set the cuts between levels."""
    if cuts.provisional and cuts.panels:
        levels = ", ".join(str(record.level) for record in cuts.panels)
        return str(
            _(
                "The cuts between levels are provisional, but for what a panel has set (level %(levels)s).",
                levels=levels,
            )
        )
    if cuts.provisional:
        return str(_("The cuts between levels are provisional until a panel of experts has set them."))
    return str(_("The cuts between levels were set by: %(origin)s.", origin=cuts.origin))


def ends_words() -> str:
    """What the two ends of an interval promise, and what is said of one of them."""
    return str(
        _(
            "The two figures: nine times in ten the true level lies between them. What is said of one end, “at least” "
            "or “up to”, holds nineteen times in twenty (95%%). A level reaches from its figure to the next one: an "
            "estimate of %(estimate)s is level 2.",
            estimate=number(2.8, 1),
        )
    )


def digits_words() -> str:
    """How far a figure with two digits may be relied on."""
    return str(
        _(
            "Of a figure rely on the first digit: most questions still have the difficulty that their authors "
            "estimated, which may be off by half a level and more, so the second digit can move."
        )
    )


def gate_words(framework: Framework) -> str:
    """From which level on which kind of evidence is asked for."""
    first = framework.gates.first_level
    parts = [
        _("from level %(level)s: %(evidence)s", level=first(count), evidence=_wanted()[count])
        for count in ("performance", "human", "portfolio")
        if first(count)
    ]
    return str(_("Besides answers, levels ask for evidence: %(list)s.", list=_("; ").join(parts))) if parts else ""


def _wanted() -> dict[str, str]:
    return {
        "observations": _("more answers"),
        "subs": _("answers about further sub-competencies"),
        "performance": _("performance evidence"),
        "human": _("work rated by a person"),
        "portfolio": _("a portfolio"),
    }
