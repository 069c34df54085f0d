"""Numbers as people in Armenia and English readers write them, and reading them back from an answer."""

from __future__ import annotations

import re

NBSP = "\u00a0"
UNIT_WORDS = re.compile(r"(%|֏|դրամ|դր\.|amd|dram|տոկոս|percent|per cent|րոպե|minutes|min)$")
SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
NUMBER = re.compile(r"[+-]?(\d+(?:[.,]\d+)*|[.,]\d+)")


def format_number(value: float, language: str, decimals: int | None = None) -> str:
    """`value` with `decimals` places (default: as many as needed, at most 2).

    hy: `12 345,67`, comma, no-break space only from five digits; en: `12,345.67`.
    """
    short = f"{value:.2f}".rstrip("0").rstrip(".")
    text = short if decimals is None else f"{value:.{decimals}f}"
    whole, _, fraction = text.lstrip("-").partition(".")
    sign = "-" if text.startswith("-") and float(text) else ""
    grouped = f"{int(whole):,}"
    if language == "hy":
        whole = grouped.replace(",", NBSP) if len(whole) > 4 else whole
        return sign + whole + ("," + fraction if fraction else "")
    return sign + grouped + ("." + fraction if fraction else "")


def readings(text: str) -> tuple[float, ...]:
    """The numbers that `text` may mean, the likeliest first; () when it is no number.

    Accepts comma or point, spaces and no-break spaces, a trailing per-cent or dram sign. A single separator before
    exactly three digits is ambiguous ("1,234"): as a decimal and as a thousands sign.
    """
    bare = SPACES.sub(" ", text.strip().lower().replace("\u2212", "-"))
    bare = UNIT_WORDS.sub("", bare).replace(" ", "")
    if not NUMBER.fullmatch(bare):
        return ()
    marks = re.findall(r"[.,]", bare)
    if len(marks) > 1:
        if len(set(marks)) == 1:
            return _grouped(bare, marks[0])
        last = marks[-1]
        other = "," if last == "." else "."
        return (float(bare.replace(other, "").replace(last, ".")),) if bare.count(last) == 1 else ()
    decimal = float(bare.replace(",", "."))
    if marks and re.fullmatch(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", bare):
        return decimal, float(bare.replace(marks[0], ""))
    return (decimal,)


def _grouped(bare: str, mark: str) -> tuple[float, ...]:
    sound = re.fullmatch(rf"[+-]?\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+", bare)
    return (float(bare.replace(mark, "")),) if sound else ()
