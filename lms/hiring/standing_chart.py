"""Where people stand for a role, drawn: what the role asks is the middle line, the interval a band around the estimate.

The scale is levels above or below what the role asks on the whole, from -2.6 to +2.6.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from lms.competency.statement import in_levels
from lms.psychometrics.profile import RoleGap
from lms.report.svg import bar, element, empty_bar, line, picture, signed, text

REACH, WIDTH, STEP, MIDDLE = 2.6, 240.0, 45.0, 120.0
LEVELS = "".join(f"M{MIDDLE + k * STEP:g} 3v22" for k in (-2, -1, 1, 2))
NAME = "standing-lines"


def standing(cuts: Sequence[float], gap: RoleGap | None, label: str = "", below_scale: bool = False) -> Markup:
    """One person's band, a level being as wide as the cuts lie apart; without enough evidence an empty place.
    below_scale: of fifty on a page whose lines the scale above them has drawn."""
    lines = element("use", href=f"#{NAME}") if below_scale else _lines()
    band = _band(gap, cuts) if gap else empty_bar(_x(-REACH) + 2, _x(REACH) - 2)
    return picture(WIDTH, 28.0, label, lines, band, kind="standing")


def scale() -> Markup:
    """The numbers above the column of bands, and the lines that each band refers to."""
    marks = [text(signed(k), _x(k), 11, text_anchor="middle", font_size=11) for k in (-2, -1, 0, 1, 2)]
    return picture(WIDTH, 14.0, "", element("defs", _lines(id=NAME)), *marks, kind="standing")


def _lines(**attributes: object) -> Markup:
    levels = element("path", d=LEVELS, stroke_opacity=0.2)
    middle_line = line(MIDDLE, 1, MIDDLE, 27, stroke_width=2, stroke_dasharray="3 2")
    return element("g", levels, middle_line, stroke="currentColor", **attributes)


def _x(levels: float) -> float:
    return MIDDLE + STEP * max(-REACH, min(REACH, levels))


def _band(gap: RoleGap, cuts: Sequence[float]) -> Markup:
    low, high, middle = (_x(in_levels(theta, cuts)) for theta in (gap.low, gap.high, gap.composite or 0.0))
    dot = element("circle", cx=middle, cy=14, r=5.5)
    return element("g", bar(low, high, fill_opacity=0.3), dot, class_="ink-role", fill="currentColor")
