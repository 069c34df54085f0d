"""Numbers and days as each language writes them: the one place for pages, reports and content alike."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

DEFAULT_DECIMALS = 2


@lru_cache(maxsize=4096)
def format_number(value: float | Decimal, language: str, decimals: int | None = None) -> str:
    """`value` with `decimals` places (default: as many as needed, at most 2), a half rounded away from zero.

    hy: `12 345,67`, comma, no-break space only from five digits; en: `12,345.67`.
    """
    places = DEFAULT_DECIMALS if decimals is None else decimals
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0  # + 0: no minus before a zero
    whole = "0" if language == "hy" and abs(rounded) < 10_000 else "#,##0"
    fraction = ("#" if decimals is None else "0") * places
    pattern = f"{whole}.{fraction}" if fraction else whole
    return str(format_decimal(rounded, format=pattern, locale=language))


def format_percent(share: float, language: str) -> str:
    """A share of 0..1 in whole per cent; both languages set the sign without a gap."""
    return f"{format_number(100 * share, language, 0)}%"


@lru_cache(maxsize=4096)
def format_day(day: dt.date, language: str) -> str:
    """«2026 թ. հունվարի 1», "1 January 2026"."""
    if language == "hy":
        return f"{day.year} թ. {format_date(day, 'MMMM d', locale='hy')}"
    return format_date(day, "d MMMM yyyy", locale=language)


@lru_cache(maxsize=64)
def language_name(code: str, language: str) -> str:
    """What the language `code` is called in another one: «անգլերեն», "Armenian"."""
    return str(Locale(code).get_language_name(language) or code)


def own_name(code: str) -> str:
    """What its speakers call the language: «հայերեն», "English"."""
    return language_name(code, code)
