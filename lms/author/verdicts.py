"""Words beside an item's numbers: what an author should look at. On few answers nothing is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan

from flask_babel import gettext as _

from lms.author.analysis import Worked

EASY, HARD = 0.95, 0.20  # shares of the score outside which an item tells little
FLAT = 0.10  # item-rest r below which an item hardly tells who knows more
NOISY = 1.3  # infit above which answers are more random than the model expects
SKIPPED = 0.15


@dataclass(frozen=True)
class Verdict:
    """misleads: the item may be pulling levels the wrong way; otherwise it is only weak or worth a look."""

    misleads: bool
    text: str


def verdicts(worked: Worked | None) -> list[Verdict]:
    """The misleading ones first."""
    found = list(_found(worked)) if worked and worked.enough else []
    return sorted(found, key=lambda verdict: not verdict.misleads)


def _found(worked: Worked) -> Iterator[Verdict]:
    yield from _difficulty(worked)
    yield from _discrimination(worked)
    yield from _options(worked)
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
    if worked.item_rest is not None and worked.item_rest < 0:
        yield Verdict(True, _("Those who know more do worse here: check the key."))
    elif worked.item_rest is not None and worked.item_rest < FLAT:
        yield Verdict(False, _("It hardly tells those who know more from the others."))
    if worked.infit is not None and worked.infit > NOISY:
        yield Verdict(False, _("The answers are more random than the model expects."))
    if worked.alpha is not None and worked.alpha_without is not None and worked.alpha_without > worked.alpha + 0.01:
        yield Verdict(False, _("The bank would be more reliable without it."))


def _options(worked: Worked) -> Iterator[Verdict]:
    """A wrong option that the best choose points at the key; one that nobody chooses does no work."""
    best = max((option.rest for option in worked.options if option.right and not isnan(option.rest)), default=0.0)
    for option in worked.options:
        letter = chr(ord("A") + option.place)
        if not option.right and option.n and option.rest > max(FLAT, best):
            yield Verdict(True, _("Option %(letter)s attracts the best learners: check the key.", letter=letter))
        elif not option.n:
            yield Verdict(False, _("Nobody chose option %(letter)s.", letter=letter))


def _share(count: int, worked: Worked) -> int:
    return round(100 * count / worked.n)
