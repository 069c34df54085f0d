"""Numbers as people in Armenia and English readers write them; `number_reading` reads them back from an answer."""

from __future__ import annotations

NBSP = "\u00a0"


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
