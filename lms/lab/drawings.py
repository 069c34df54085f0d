"""Drawings of the Lab: a week with its posts, a post's picture, the bars of the outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from lms.formats import format_percent
from lms.report.svg import element, line, picture, text

COLUMN, LEFT, TOP, FIRST, LAST, HOUR = 46.0, 30.0, 34.0, 6, 24, 11.0
WIDTH, HEIGHT = LEFT + 7 * COLUMN, TOP + (LAST - FIRST) * HOUR + 8
MARK = 13.0


def week(days: Sequence[str], slots: Sequence[tuple[int, int, int]], label: str) -> Markup:
    """Seven columns of hours. slots: (number of the post, day 0..6, hour 6..23)."""
    lines = [_hour_line(hour) for hour in range(FIRST, LAST + 1, 3)]
    names = [
        text(name, LEFT + (at + 0.5) * COLUMN, 14, font_size=12, text_anchor="middle") for at, name in enumerate(days)
    ]
    walls = [line(LEFT + at * COLUMN, TOP, LEFT + at * COLUMN, HEIGHT - 8, stroke_opacity=0.15) for at in range(8)]
    return picture(WIDTH, HEIGHT, label, *lines, *walls, *names, *_marks(slots), kind="week")


def _hour_line(hour: int) -> Markup:
    y = TOP + (hour - FIRST) * HOUR
    name = text(str(hour), LEFT - 6, y + 4, font_size=11, text_anchor="end", opacity=0.8)
    return element("g", line(LEFT, y, WIDTH, y, stroke_opacity=0.15), name)


def _marks(slots: Sequence[tuple[int, int, int]]) -> list[Markup]:
    """Posts of one place stand in pairs, one pair under the other."""
    marks, counts = [], dict[tuple[int, int], int]()
    crowds = Counter((day, hour) for _number, day, hour in slots)
    for number, day, hour in slots:
        before = counts.get((day, hour), 0)
        counts[day, hour] = before + 1
        aside = 0.0 if crowds[day, hour] == 1 else (before % 2 - 0.5) * 2 * MARK * 0.84
        x = LEFT + (day + 0.5) * COLUMN + aside
        y = TOP + (hour - FIRST) * HOUR + before // 2 * 2 * MARK * 0.84
        dot = element("circle", cx=x, cy=y, r=MARK * 0.8, class_=f"lab-mark lab-mark-{number}")
        marks.append(element("g", dot, text(str(number), x, y + 4.5, text_anchor="middle", class_="lab-mark-name")))
    return marks


SHAPES: Mapping[str, tuple[str, ...]] = {  # paths in a box of 100 by 60
    "photo": ("M8 52 L34 26 L52 42 L66 30 L92 52 Z", "M72 18 a6 6 0 1 0 .1 0 Z"),
    "carousel": ("M14 14 h32 v34 h-32 Z", "M50 18 h22 v26 h-22 Z", "M76 22 h12 v18 h-12 Z"),
    "short_video": ("M38 12 L72 30 L38 48 Z",),
    "story": ("M34 6 h32 v48 h-32 Z", "M40 12 h20 v3 h-20 Z"),
    "text_link": ("M14 16 h72 v4 h-72 Z", "M14 27 h60 v4 h-60 Z", "M14 40 h34 v8 h-34 Z"),
    "poll": ("M14 14 h60 v9 h-60 Z", "M14 28 h38 v9 h-38 Z", "M14 42 h50 v9 h-50 Z"),
}


def post_picture(form: str) -> Markup:
    """A sketch of the format; it decorates the words beside it."""
    shapes = [element("path", d=path, fill="currentColor", opacity=0.55) for path in SHAPES.get(form, ())]
    return picture(100, 60, "", *shapes, kind="sketch")


BAR, ROW, SHARED = 262.0, 46.0, 360.0
SANS = "Noto Sans Armenian, Noto Sans, system-ui, -apple-system, Segoe UI, Roboto, sans-serif"


def share_picture(
    lines: Sequence[str], names: Sequence[str], shares: Sequence[float | None], foot: str, language: str
) -> Markup:
    """A picture to share: one bar for each step and nothing of the answers. lines: of the head, the first one large;
    shares: 0..1, None where not reached. It has a size of its own, which a canvas asks for."""
    top = 44.0 + 24 * len(lines)
    height = top + ROW * len(names) + 30
    bars = [
        _bar(name, share, top + ROW * at, language) for at, (name, share) in enumerate(zip(names, shares, strict=True))
    ]
    ground = element("rect", x=0, y=0, width=SHARED, height=height, fill="#faf7f2")
    head = [
        text(each, 24, 40 + 24 * at, font_size=15 if at else 19, font_weight=400 if at else 700, fill="#241f19")
        for at, each in enumerate(lines)
    ]
    end = text(foot, 24, height - 16, font_size=12, font_weight=700, fill="#0d6456")
    size = {"width": 3 * SHARED, "height": 3 * height, "viewBox": f"0 0 {SHARED:.0f} {height:.0f}"}
    known_as = {"role": "img", "aria_label": ", ".join(lines), "font_family": SANS}
    return element("svg", ground, *head, *bars, end, xmlns="http://www.w3.org/2000/svg", **size, **known_as)


def _bar(name: str, share: float | None, y: float, language: str) -> Markup:
    full = element("rect", x=24, y=y + 12, width=BAR, height=12, rx=6, fill="#e4dccd")
    label = text(name, 24, y + 5, font_size=13, fill="#241f19")
    if share is None:
        return element("g", label, full)
    width = BAR * max(0.03, min(1.0, share))
    filled = element("rect", x=24, y=y + 12, width=width, height=12, rx=6, fill="#0d6456")
    per_cent = format_percent(share, language)
    figure = text(per_cent, SHARED - 24, y + 23, font_size=14, font_weight=700, text_anchor="end", fill="#241f19")
    return element("g", label, full, filled, figure)
