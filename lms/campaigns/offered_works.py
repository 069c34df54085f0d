"""Work samples that can be put before a candidate, as the rooms that hold them say: what each shows and how surely."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from flask import Flask, current_app

from lms.content.text import Text
from lms.psychometrics.items import ItemParameters


@dataclass(frozen=True)
class OfferedWork:
    """code: in the catalogue, as "W5"; minutes: planned; kind: of its evidence; subs: the sub-competencies that it
    shows, a scoring unit with these parameters each; by_people: two raters judge it, else a program does."""

    code: str
    title: Text
    minutes: float
    kind: str
    subs: frozenset[str]
    unit: ItemParameters
    by_people: bool = False

    @property
    def raters(self) -> int:
        return 2 if self.by_people else 0

    def shows(self, key: str) -> bool:
        """Whether it says something of a skill or sub-competency."""
        return any(sub == key or sub.partition(".")[0] == key for sub in self.subs)


def offer_works(app: Flask, works: Callable[[], Iterable[OfferedWork]], raters: Callable[[int], int]) -> None:
    """Said by whoever can put works before a candidate: forms made from now on can hold them. works: those there are,
    by today's framework; raters: how many people of an organisation rate work."""
    app.extensions["candidates_works"], app.extensions["candidates_raters"] = works, raters


def offered_works() -> Mapping[str, OfferedWork]:
    """By code."""
    works: Callable[[], Iterable[OfferedWork]] = current_app.extensions["candidates_works"]
    return {work.code: work for work in works()}


def has_raters(organisation_id: int) -> bool:
    """Whether two people of the organisation rate, so that work for raters gets its ratings."""
    count: Callable[[int], int] = current_app.extensions["candidates_raters"]
    return count(organisation_id) >= 2


def would_show(
    keys: Iterable[str], used_codes: Collection[str]
) -> tuple[list[tuple[OfferedWork, list[str]]], list[str]]:
    """Which offered works that are not given yet show these skills and sub-competencies, each of them once, under the
    work that shows the most of them; and what no work shows."""
    left, showing = list(keys), list[tuple[OfferedWork, list[str]]]()
    works = [work for code, work in sorted(offered_works().items()) if code not in used_codes]
    while works:
        best = max(works, key=lambda work: sum(map(work.shows, left)))
        shown = [key for key in left if best.shows(key)]
        if not shown:
            break
        showing.append((best, shown))
        left = [key for key in left if key not in shown]
        works.remove(best)
    return showing, left
