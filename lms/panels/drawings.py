"""The distribution of ratings of one item, and the cuts of all judges in both rounds: no name, no single judge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from lms.report.svg import element, line, picture, signed, text
from lms.web.i18n import number

WIDTH, LEFT, RIGHT = 320.0, 16.0, 304.0
DOT = 5.0
REACH = 2.0  # logits to either side of the cut


def distribution(values: Sequence[int], own_value: int | None) -> Markup:
    """A dot for each judge's value of 100, one's own filled."""
    counted = Counter(values)
    height = 40.0 + 2.4 * DOT * max(counted.values(), default=1)
    base = height - 24
    marks = [text(str(mark), _x(mark), height - 6, text_anchor="middle", font_size=11) for mark in (0, 25, 50, 75, 100)]
    axis = line(LEFT, base + 2, RIGHT, base + 2, stroke_opacity=0.4)
    mean = sum(values) / len(values)
    middle = line(_x(mean), 4, _x(mean), base + 2, stroke_dasharray="3 2")
    dots = [
        _dot(value, place, base, own_value == value and place == 0)
        for value in counted
        for place in range(counted[value])
    ]
    label = _(
        "%(count)s judges, from %(low)s to %(high)s, mean %(mean)s",
        count=len(values),
        low=min(values),
        high=max(values),
        mean=number(mean),
    )
    return picture(WIDTH, height, label, axis, *marks, middle, *dots, kind="spread")


def _x(value: float) -> float:
    return LEFT + (RIGHT - LEFT) * value / 100


def _dot(value: int, place: int, base: float, is_own: bool) -> Markup:
    fill = {"fill": "currentColor"} if is_own else {"fill": "none"}
    at = base - DOT - 2.4 * DOT * place
    return element("circle", cx=_x(value), cy=at, r=DOT, stroke="currentColor", stroke_width=1.5, **fill)


def cuts_of_judges(outcome: Mapping[str, Any]) -> Markup:
    """Two rows of dots, first and second round, around the cut that all of them set; a bar for its error."""
    rows = [
        (34.0, [each["first"] for each in outcome["judges"]]),
        (74.0, [each["severity"] for each in outcome["judges"]]),
    ]
    dots = [
        element("circle", cx=_at(value), cy=y, r=DOT, fill="none", stroke="currentColor", stroke_width=1.5)
        for y, values in rows
        for value in values
    ]
    names = [
        text(name, 4, y - 12, font_size=11) for (y, _), name in zip(rows, (_("Round 1"), _("Round 2")), strict=True)
    ]
    band = _band(1.96 * outcome["se_general"])
    middle = line(WIDTH / 2, 14, WIDTH / 2, 92, stroke_width=2)
    marks = [text(signed(k), _at(k), 106, text_anchor="middle", font_size=11) for k in (-2, -1, 0, 1, 2)]
    label = _("Cuts of the judges in both rounds, in levels around the panel's cut")
    return picture(WIDTH, 110.0, label, band, middle, *dots, *names, *marks, kind="spread")


def _band(error: float) -> Markup:
    left, right = _at(-error), _at(error)
    return element(
        "rect", x=left, y=18, width=max(right - left, 2.0), height=72, fill="currentColor", fill_opacity=0.12
    )


def _at(logits: float) -> float:
    return WIDTH / 2 + (WIDTH / 2 - LEFT) * max(-REACH, min(REACH, logits)) / REACH
