"""Words beside an item's numbers: what an author should look at. On few answers nothing is said, and a correlation is
spoken of only where chance alone would hardly bring it (Fisher's z, one-sided 5 %, for options 1 %)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import atanh, isnan, sqrt

from flask_babel import gettext as _

from lms.author.analysis import Worked

EASY, HARD = 0.95, 0.20  # shares of the score outside which an item tells little
USEFUL = 0.20  # item-rest r that a useful item reaches
NOISY = 0.3  # infit above 1 from which answers are more random than the model expects
MANY = 100  # people whose alpha can tell two forms apart
RARE, RARER = 1.645, 2.326  # of a standard normal: 5 % and 1 % lie above
SKIPPED = 0.15


@dataclass(frozen=True)
class Verdict:
    """misleads: the item may be pulling levels the wrong way; otherwise it is only weak or worth a look."""

    misleads: bool
    text: str


def verdicts(worked: Worked | None, idle_options: bool = True) -> list[Verdict]:
    """The misleading ones first. idle_options: whether an option that nobody chooses does no work (not so in judging a
    situation, where the worst action is there to be left)."""
    found = list(_found(worked, idle_options)) if worked and worked.enough else []
    return sorted(found, key=lambda verdict: not verdict.misleads)


def _found(worked: Worked, idle_options: bool) -> Iterator[Verdict]:
    yield from _difficulty(worked)
    yield from _discrimination(worked)
    yield from _options(worked, idle_options)
    if worked.omitted > SKIPPED * worked.n:
        yield Verdict(
            False, _("Left out by %(share)s%%: is it clear what to do?", share=_share(worked.omitted, worked))
        )
    if worked.dif and worked.dif.size == "C":
        harder = (_("Equally able people find it harder in Armenian: compare the two texts."),
                  _("Equally able people find it harder in English: compare the two texts."))  # fmt: skip
        yield Verdict(True, harder[worked.dif.harder <= 0])


def _difficulty(worked: Worked) -> Iterator[Verdict]:
    share = round(100 * worked.p)
    if worked.p > EASY:
        yield Verdict(False, _("Too easy: %(share)s%% of the score was reached.", share=share))
    elif worked.p < HARD:
        yield Verdict(False, _("Too hard: only %(share)s%% of the score was reached.", share=share))


def _discrimination(worked: Worked) -> Iterator[Verdict]:
    if worked.item_rest is not None and _beyond(worked.item_rest, 0.0, worked.n) < -RARE:
        yield Verdict(True, _("Those who know more do worse here: check the key."))
    elif worked.item_rest is not None and _beyond(worked.item_rest, USEFUL, worked.n) < -RARE:
        yield Verdict(False, _("It hardly tells those who know more from the others."))
    if worked.infit is not None and worked.infit > 1 + max(NOISY, 2 * sqrt(2 / worked.n)):
        yield Verdict(False, _("The answers are more random than the model expects."))
    if worked.complete >= MANY and (worked.alpha_without or 0) > (worked.alpha or 0) + 0.01:
        yield Verdict(False, _("The bank would be more reliable without it."))


def _options(worked: Worked, idle_options: bool) -> Iterator[Verdict]:
    """A wrong option that the best choose points at the key; one that nobody chooses does no work."""
    best = max((option.rest for option in worked.options if option.right and not isnan(option.rest)), default=0.0)
    for option in worked.options:
        letter = chr(ord("A") + option.place)
        if not option.right and option.rest > best and _beyond(option.rest, 0.0, worked.n) > RARER:
            yield Verdict(True, _("Option %(letter)s attracts the best learners: check the key.", letter=letter))
        elif not option.n and idle_options:
            yield Verdict(False, _("Nobody chose option %(letter)s.", letter=letter))


def _beyond(r: float, than: float, n: int) -> float:
    """How many standard errors a correlation over n people lies above another value."""
    return (atanh(max(-0.999, min(0.999, r))) - atanh(than)) * sqrt(n - 3)


def _share(count: int, worked: Worked) -> int:
    return round(100 * count / worked.n)
