"""Numbers as people type them into an answer: with signs, spaces, units in words, thousands in words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from lms.content.rounding import rounded

UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
SPACES = re.compile(r"\s+")
RAISED = ("<super>", "<sub>", "<fraction>")  # what NFKC would turn into other digits
THOUSANDS = re.compile(r"(?<=\d)[ '’](?=\d{3}(?!\d))")
NUMBER = re.compile(r"[+-]?(\d+(?:[.,]\d+)*|[.,]\d+)")
BRACKETS = re.compile(r"[(\[{«\"“„'](.*)[)\]}»\"”“']")
ABOUT = re.compile(r"^(?:[≈~=]|about |approx\.? |around |ca\.? |մոտավորապես |մոտ |около |примерно )\s*")
ENDING = re.compile(r"(?<=[\d%֏$€₽])\s?[-֊]?(?:ը|ն|ի|ից|ով|ին|ում|ու|ական|ти|ми|й|я)$")
SIZES = {
    1_000: r"k|к|հզ\.?|հազ\.?|հազար|тыс\.?|тысяч[аи]?|thousand",
    1_000_000: r"mln\.?|մլն\.?|միլիոն|млн\.?|миллион(?:а|ов)?|million",
    1_000_000_000: r"bln\.?|մլրդ\.?|միլիարդ|млрд\.?|миллиард(?:а|ов)?|billion",
}
# Words of a unit, without and with an Armenian or Russian ending. Units of one kind are the same unit.
UNITS = {
    "percent": r"%|percent|per cent|pct|տոկոս\w{0,4}|процент\w{0,3}",
    "money_amd": r"֏|amd|drams?|դր\.?|դրամ\w{0,4}|драм\w{0,3}",
    "dollars": r"\$|usd|dollars?|դոլար\w{0,4}|доллар\w{0,3}",
    "euros": r"€|eur|euros?|եվրո\w{0,3}|евро",
    "roubles": r"₽|rub|roubles?|rubles?|ռուբլ\w{0,4}|руб\w{0,4}\.?",
    "seconds": r"s|sec\.?|secs|seconds?|վրկ\.?|վայրկյան\w{0,4}|сек\.?|секунд\w{0,2}",
    "minutes": r"min\.?|mins\.?|minutes?|ր\.?|րոպ\.?|րոպե\w{0,4}|мин\.?|минут\w{0,2}",
    "hours": r"h|hrs?\.?|hours?|ժ\.?|ժամ\w{0,4}|ч\.?|час\w{0,3}",
    "days": r"d|days?|օր\w{0,4}|дн\.?|дня|дней|день",
    "weeks": r"weeks?|շաբաթ\w{0,4}|недел\w{1,2}",
    "months": r"months?|ամիս\w{0,4}|ամս\w{1,3}|месяц\w{0,2}",
    "years": r"years?|տարի\w{0,4}|տարվա|год\w{0,2}|лет",
    "times": r"x|×|х|times|անգամ\w{0,4}|раза?",
    "people": r"people|persons?|մարդ\w{0,4}|հոգի\w{0,3}|անձ\w{0,3}|человека?|чел\.?|люд\w{1,3}",
    "followers": r"followers?|subscribers?|հետևորդ\w{0,5}|բաժանորդ\w{0,5}|подписчик\w{0,3}",
    "posts": r"posts?|գրառում\w{0,5}|пост\w{0,3}",
    "clicks": r"clicks?|սեղմում\w{0,5}|клик\w{0,3}",
    "views": r"views?|impressions?|դիտում\w{0,5}|ցուցադրում\w{0,5}|просмотр\w{0,3}|показ\w{0,3}",
    "pieces": r"pcs\.?|pieces?|հատ\w{0,3}|шт\.?|штук\w{0,2}|points?|միավոր\w{0,4}|балл\w{0,3}",
}
LEADING = ("percent", "money_amd", "dollars", "euros", "roubles")  # units that may stand before the number
SIGNS = {name: re.compile(rf"^(?:{UNITS[name]})(?![^\W\d_])\s*") for name in LEADING}
AFTER = {name: re.compile(rf"\s*(?<![^\W\d_])(?:{words})$") for name, words in UNITS.items()}
SIZE_AFTER = {size: re.compile(rf"\s*(?<![^\W\d_])(?:{words})$") for size, words in SIZES.items()}


@dataclass(frozen=True)
class Quantity:
    """numbers: what was typed may mean these, the likeliest first, () when it is no number; units: those named with it,
    keys of `UNITS`."""

    numbers: tuple[float, ...]
    units: frozenset[str]


def readings(text: str) -> tuple[float, ...]:
    """The numbers that `text` may mean, the likeliest first; () when it is no number.

    Accepts comma or point, spaces or apostrophes between thousands, thousands in words or as k, brackets, a unit before
    or after, a full stop at the end. A single separator before exactly three digits is ambiguous ("1,234"): as a
    decimal and as a thousands sign.
    """
    return quantity(text).numbers


def in_unit(text: str, unit: str) -> tuple[float, ...]:
    """As `readings`; () in another unit than the wanted one, where that is a unit one can know."""
    typed = quantity(text)
    return () if unit in UNITS and typed.units - {unit} else typed.numbers


def quantity(text: str) -> Quantity:
    """Number and units that `text` may mean; as `readings`."""
    if any(unicodedata.decomposition(sign).startswith(RAISED) for sign in text):
        return Quantity((), frozenset())
    bare, units = _without_units(_bare(text))
    size = next((size for size, word in SIZE_AFTER.items() if word.search(bare)), 1)
    if size > 1:
        bare = SIZE_AFTER[size].sub("", bare)
    numbers = tuple(rounded(number * size, 9) if size > 1 else number for number in _numbers(bare))
    return Quantity(numbers, units)


def _bare(text: str) -> str:
    """Lower case, simple spaces and signs, nothing around the number but its unit."""
    plain = SPACES.sub(" ", unicodedata.normalize("NFKC", UNSEEN.sub("", text))).strip().lower()
    plain = plain.replace("\u2212", "-").replace("\u2013", "-").rstrip(" ։:;")
    inside = BRACKETS.fullmatch(plain)
    plain = ABOUT.sub("", inside[1].strip() if inside else plain)
    return ENDING.sub("", plain)


def _without_units(bare: str) -> tuple[str, frozenset[str]]:
    """The text without a unit before and one after it, and the names of both."""
    sign = "-" if re.match(r"-\s?[^\d\s.,]", bare) else ""  # -$5
    bare = bare[len(sign) :].lstrip()
    before = next((name for name, words in SIGNS.items() if words.match(bare)), None)
    if before:
        bare = SIGNS[before].sub("", bare)
    after = next((name for name, words in AFTER.items() if words.search(bare)), None)
    if after:
        bare = AFTER[after].sub("", bare)
    return sign + bare, frozenset(name for name in (before, after) if name)


def _numbers(bare: str) -> tuple[float, ...]:
    bare = re.sub(r"^([+-]) ", r"\1", THOUSANDS.sub("", bare.rstrip(" .,")))
    if not NUMBER.fullmatch(bare):
        return ()
    marks = re.findall(r"[.,]", bare)
    if len(marks) > 1:
        return _grouped(bare, marks)
    decimal = float(bare.replace(",", "."))
    if marks and re.fullmatch(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", bare):
        return decimal, float(bare.replace(marks[0], ""))
    return (decimal,)


def _grouped(bare: str, marks: list[str]) -> tuple[float, ...]:
    """Several separators: thousands, or thousands and one decimal sign at the end."""
    last = marks[-1]
    if len(set(marks)) == 1:
        sound = re.fullmatch(rf"[+-]?\d{{1,3}}(?:{re.escape(last)}\d{{3}})+", bare)
        return (float(bare.replace(last, "")),) if sound else ()
    other = "," if last == "." else "."
    return (float(bare.replace(other, "").replace(last, ".")),) if bare.count(last) == 1 else ()
