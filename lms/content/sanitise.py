"""The last gate before HTML leaves this room: an allowlist of tags, attributes, classes and link schemes."""

from __future__ import annotations

import re

import nh3

ALLOWED = (
    "p h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote aside figure figcaption img a strong em code pre table caption "
    "thead tbody tr th td div span details summary sup sub br hr del"
)
TAGS = set(ALLOWED.split())
ATTRIBUTES = {
    "*": {"class"},
    "a": {"href", "title"},
    "img": {"src", "alt", "loading"},
    "div": {"data-item", "role", "tabindex", "aria-label"},
    "span": {"data-gap", "aria-hidden"},
    "details": {"open", "name"},
    "ol": {"start"},
    "th": {"scope"},
    **{tag: {"id"} for tag in ("h2", "h3", "h4", "h5", "h6", "li", "sup")},
}
SCHEMES = {"http", "https", "mailto", "module", "figure", "sheet"}
CLASS = re.compile(r"md-[a-z0-9-]+")
ID = re.compile(r"[a-z][a-z0-9-]{0,60}")
# Browsers take a backslash for a slash and pass over control characters: "/\evil.example" is another machine.
WITHIN = r"/(?!/)[^\\\x00-\x20]*"
# Ids of the pages around an author's text, which scripts look up: no heading may take one from them.
RESERVED = re.compile(
    r"main|q\d*|contents|meter|read-share|resume|text|work|as-of|elsewhere|end|finish|kept|left|missing|signed-out|sitting"
    r"|status|slide|trials?|value|offline|take-over|texts|late|check-card|practice-.*|lab-.*|cards|copy-.*|share(?:-.*)?"
    r"|passkey-.*|item-.*|letter-.*|written-.*|.*-(?:hint|error)"
)
ADDRESS = {
    "href": re.compile(rf"(?:https?://|mailto:|module:|sheet:|#).*|{WITHIN}", re.DOTALL),
    "src": re.compile(rf"figure:.*|{WITHIN}", re.DOTALL),
}


def clean(html: str) -> str:
    """`html` without anything that could act: no script, style, handler, foreign picture or unknown scheme."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=_filter,
        url_schemes=SCHEMES,
    )


def _filter(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        return " ".join(CLASS.findall(value)) or None
    if name == "id":
        return value if ID.fullmatch(value) and not RESERVED.fullmatch(value) else None
    if name in ADDRESS:
        return value if ADDRESS[name].fullmatch(value) else None
    return value
