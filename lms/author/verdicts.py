"""Words beside an item's numbers: what an author should look at. On few answers nothing is said, and a correlation is
spoken of only where chance alone would hardly bring it (Fisher's z, one-sided 5 %, for options 1 %)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import atanh, isnan, sqrt
from typing import Any

from flask_babel import gettext as _

from lms.author.item_statistics import ItemStatistics
from lms.web.i18n import number

EASY, HARD = 0.95, 0.20  # shares of the score outside which an item tells little
USEFUL = 0.20  # item-rest r that a useful item reaches
NOISY = 0.3  # infit above 1 from which answers are more random than the model expects
MANY = 100  # people whose alpha can tell two forms apart
RARE, RARER = 1.645, 2.326  # of a standard normal: 5 % and 1 % lie above
SKIPPED = 0.15


@dataclass(frozen=True)
class ItemVerdict:
    """misleads: the item may be pulling levels the wrong way; otherwise it is only weak or worth a look."""

    misleads: bool
    text: str


def verdicts(statistics: ItemStatistics | None, idle_options: bool = True) -> list[ItemVerdict]:
    """The misleading ones first. idle_options: whether an option that nobody chooses does no work (not so in judging a
    situation, where the worst action is there to be left)."""
    if statistics is None or not statistics.enough:
        return []
    return sorted(_verdicts(statistics, idle_options), key=lambda verdict: not verdict.misleads)


def _verdicts(statistics: ItemStatistics, idle_options: bool) -> Iterator[ItemVerdict]:
    yield from _difficulty(statistics)
    yield from _discrimination(statistics)
    yield from _options(statistics, idle_options)
    if statistics.omitted > SKIPPED * statistics.n:
        yield ItemVerdict(
            False, _("Left out by %(share)s%%: is it clear what to do?", share=_share(statistics.omitted, statistics))
        )
    if statistics.leans_on:
        yield ItemVerdict(False, _leans(statistics.leans_on))
    if statistics.dif and statistics.dif.differs:
        yield ItemVerdict(True, _harder(statistics.dif.harder > 0))


def _leans(on: Sequence[str]) -> str:
    return str(
        _(
            "Who is right here is right in %(items)s too, beyond what ability explains: does one give the other away, "
            "or do both ask the same? Name each among the other's `enemies`.",
            items=", ".join(on),
        )
    )


def _harder(in_armenian: bool) -> str:
    if in_armenian:
        return str(_("Equally able people find it harder in Armenian: compare the two texts."))
    return str(_("Equally able people find it harder in English: compare the two texts."))


def drift_verdict(drift: Mapping[str, Any]) -> ItemVerdict:
    """Of an anchor whose answers speak of another difficulty than before; see `evidence.drifts`."""
    figures = {"change": number(abs(drift["change"]), 1), "error": number(drift["error"], 1), "count": drift["answers"]}
    if drift["change"] < 0:
        return ItemVerdict(
            True,
            _(
                "It has become easier than it was, by %(change)s ± %(error)s levels (answers: %(count)s): its answer "
                "may be known. Look for it outside, write another question in its place and declare this one void. "
                "Until then it counts as before.",
                **figures,
            ),
        )
    return ItemVerdict(
        True,
        _(
            "It has become harder than it was, by %(change)s ± %(error)s levels (answers: %(count)s): what it asks may "
            "have changed. Check key and facts; if they are wrong, declare it void and mend it. Until then it counts "
            "as before.",
            **figures,
        ),
    )


def _difficulty(statistics: ItemStatistics) -> Iterator[ItemVerdict]:
    share = round(100 * statistics.p)
    if statistics.p > EASY:
        yield ItemVerdict(False, _("Too easy: %(share)s%% of the score was reached.", share=share))
    elif statistics.p < HARD:
        yield ItemVerdict(False, _("Too hard: only %(share)s%% of the score was reached.", share=share))


def _discrimination(statistics: ItemStatistics) -> Iterator[ItemVerdict]:
    if statistics.item_rest is not None and _beyond(statistics.item_rest, 0.0, statistics.n) < -RARE:
        yield ItemVerdict(True, _("Those who know more do worse here: check the key."))
    elif statistics.item_rest is not None and _beyond(statistics.item_rest, USEFUL, statistics.n) < -RARE:
        yield ItemVerdict(False, _("It hardly tells those who know more from the others."))
    if statistics.infit is not None and statistics.infit > 1 + max(NOISY, 2 * sqrt(2 / statistics.n)):
        yield ItemVerdict(False, _("The answers are more random than the model expects."))
    if statistics.complete >= MANY and (statistics.alpha_without or 0) > (statistics.alpha or 0) + 0.01:
        yield ItemVerdict(False, _("The bank would be more reliable without it."))


def _options(statistics: ItemStatistics, idle_options: bool) -> Iterator[ItemVerdict]:
    """A wrong option that the best choose points at the key; one that nobody chooses does no work."""
    best = max((option.rest for option in statistics.options if option.right and not isnan(option.rest)), default=0.0)
    for option in statistics.options:
        letter = chr(ord("A") + option.place)
        if not option.right and option.rest > best and _beyond(option.rest, 0.0, statistics.n) > RARER:
            yield ItemVerdict(True, _("Option %(letter)s attracts the best learners: check the key.", letter=letter))
        elif not option.n and idle_options:
            yield ItemVerdict(False, _("Nobody chose option %(letter)s.", letter=letter))


def _beyond(r: float, than: float, n: int) -> float:
    """How many standard errors a correlation over n people lies above another value."""
    return (atanh(max(-0.999, min(0.999, r))) - atanh(than)) * sqrt(n - 3)


def _share(count: int, statistics: ItemStatistics) -> int:
    return round(100 * count / statistics.n)
