"""The little SVG the charts need: elements with presentation attributes only, since the pages allow no inline style."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from markupsafe import Markup, escape

TOP = 5.0  # of the level scale, on which all pictures stand (`competency.LevelStatement`)
INK = {  # for documents that have no style sheet; pages colour the same groups by class
    "platforms": "#0067a5",
    "content": "#b34a00",
    "analytics": "#007a5a",
    "communication": "#a23b7c",
    "creativity": "#8a6500",
    "time_management": "#3f4aa0",
}


def element(name: str, *children: str, **attributes: object) -> Markup:
    """`<name ...>children</name>` or `<name .../>`; children are markup already, attributes are escaped, `_` in names
    means `-`."""
    pairs = "".join([f' {_spelled(key)}="{_plain(value)}"' for key, value in attributes.items()])
    end = f">{''.join(children)}</{name}>" if children else "/>"
    return Markup(f"<{name}{pairs}{end}")  # noqa: S704  every attribute is escaped above


@cache
def _spelled(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def text(content: str, x: float, y: float, **attributes: object) -> Markup:
    return element("text", escape(content), x=x, y=y, **{"fill": "currentColor", "font_size": 13, **attributes})


def line(x1: float, y1: float, x2: float, y2: float, **attributes: object) -> Markup:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, **{"stroke": "currentColor", **attributes})


def bar(left: float, right: float, y: float = 8, **paint: object) -> Markup:
    """An interval, never so narrow that it is not seen."""
    return element("rect", x=left, y=y, width=max(right - left, 2.0), height=12, rx=6, **paint)


def empty_bar(left: float, right: float) -> Markup:
    """The place of an interval of which nothing is known."""
    return bar(left, right, fill="none", stroke="currentColor", stroke_dasharray="3 4", stroke_opacity=0.5)


def signed(levels: int) -> str:
    """A mark of a scale whose middle is 0: +1, −1."""
    return f"{'+' if levels > 0 else '−' if levels < 0 else ''}{abs(levels)}"


def points_of(places: Iterable[tuple[float, float]]) -> str:
    """Value of a polygon's or polyline's `points`."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def ink(skill: str, *children: str, standalone: bool) -> Markup:
    """A group in a skill's colour: by class on a page, by value in a document."""
    colour = {"color": INK.get(skill, "#241f19")} if standalone else {"class_": f"ink-{skill}"}
    return element("g", *children, **colour)


def picture(width: float, height: float, label: str, *children: str, kind: str = "", role: str = "img") -> Markup:
    """The whole drawing. With a label it is an image of that name, without one it decorates the table beside it.
    kind: a class of its own for the style sheet; role: "group" where it holds links."""
    known_as = {"role": role, "aria_label": label} if label else {"aria_hidden": "true"}
    attributes = {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {_plain(width)} {_plain(height)}"}
    return element("svg", *children, class_=f"chart {kind}".strip(), **attributes, **known_as)


def _plain(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".rstrip("0").rstrip(".")
    return str(value) if isinstance(value, int) else escape(str(value))
