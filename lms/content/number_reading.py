"""Numbers as people type them into an answer: with signs, spaces, units in words, thousands in words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from lms.content.number_words import is_number_word, spoken
from lms.content.plain_text import DASHES, plain
from lms.content.rounding import rounded

SPACES = re.compile(r"\s+")
RAISED = ("<super>", "<sub>", "<fraction>")  # what NFKC would turn into other digits
THOUSANDS = re.compile(r"(?<=\d)[ '](?=\d{3}(?!\d))")
NUMBER = re.compile(r"[+-]?(\d+(?:[.,]\d+)*|[.,]\d+)")
BRACKETS = re.compile(r"[(\[{«\"“„'](.*)[)\]}»\"”“']")
ABOUT = re.compile(
    r"^(?:[≈~∼≃≅=]|about |approx\.? |approximately |roughly |around |ca\.? |circa |մոտավորապես |մոտ |շուրջ |около |"
    r"примерно )\s*"
)
ANSWER = re.compile(r"^[^\W\d_][\w .]{0,30}?\s?[=:՝≈]\s?(?=\S)")  # "CTR = 5", «Պատասխան՝ 5»
MINUS = re.compile(r"^(?:minus|մինուս|минус) ")
IS = re.compile(r" է$")
UNIT_IN_BRACKETS = re.compile(r"\(([^\W\d_]+\.?|[%֏$€₽])\)$")
ENDING = re.compile(r"(?<=[\d%֏$€₽])\s?-?(?:ը|ն|ի|ից|ով|ին|ում|ու|ական|րդ|ти|ми|й|я|th|st|nd|rd)$")
MINUTES = re.compile(r"(?<=\d)\s?m$", re.IGNORECASE)
SIZES = {
    1_000: r"k|к|հզ\.?|հազ\.?|հազար\w{0,3}|тыс\.?|тысяч[аи]?|thousand",
    1_000_000: r"m|mn|mln\.?|մլն\.?|միլիոն\w{0,3}|млн\.?|миллион(?:а|ов)?|million",
    1_000_000_000: r"b|bn|bln\.?|մլրդ\.?|միլիարդ\w{0,3}|млрд\.?|миллиард(?:а|ов)?|billion",
}
# Words of a unit, without and with an Armenian or Russian ending. Units of one kind are the same unit.
UNITS = {
    "percent": r"%|percent|per cent|pct|տոկոս\w{0,4}|процент\w{0,3}|p\.?p\.?|percentage points?|տոկոսային կետ\w{0,3}|"
    r"п\.?п\.?|процентн\w{2,3} пункт\w{0,2}",
    "permille": r"‰|per mille|պրոմիլ\w{0,4}|промилле",
    "money_amd": r"֏|amd|drams?|դր\.?|(?:հհ )?դրամ\w{0,4}|драм\w{0,3}",
    "dollars": r"\$|usd|dollars?|դոլար\w{0,4}|доллар\w{0,3}",
    "euros": r"€|eur|euros?|եվրո\w{0,3}|евро",
    "pounds": r"£|gbp|pounds?",
    "roubles": r"₽|rub|roubles?|rubles?|ռուբլ\w{0,4}|руб\w{0,4}\.?",
    "seconds": r"s|sec\.?|secs|seconds?|վրկ\.?|վայրկյան\w{0,4}|сек\.?|секунд\w{0,2}",
    "minutes": r"min\.?|mins\.?|minutes?|ր\.?|րոպ\.?|րոպե\w{0,4}|мин\.?|минут\w{0,2}",
    "hours": r"h|hrs?\.?|hours?|ժ\.?|ժամ\w{0,4}|ч\.?|час\w{0,3}",
    "days": r"d|days?|օր\w{0,4}|дн\.?|дня|дней|день",
    "weeks": r"weeks?|շաբաթ\w{0,4}|недел\w{1,2}",
    "months": r"months?|ամիս\w{0,4}|ամս\w{1,3}|месяц\w{0,2}",
    "years": r"years?|տարի\w{0,4}|տարվա|год\w{0,2}|лет",
    "times": r"x|×|х|times|անգամ\w{0,4}|раза?",
    "degrees": r"°|degrees?|աստիճան\w{0,4}|градус\w{0,3}",
    "people": r"people|persons?|մարդ\w{0,4}|հոգի\w{0,3}|անձ\w{0,3}|человека?|чел\.?|люд\w{1,3}",
    "followers": r"followers?|subscribers?|հետևորդ\w{0,5}|բաժանորդ\w{0,5}|подписчик\w{0,3}",
    "posts": r"posts?|գրառում\w{0,5}|пост\w{0,3}",
    "clicks": r"clicks?|սեղմում\w{0,5}|клик\w{0,3}",
    "views": r"views?|impressions?|դիտում\w{0,5}|ցուցադրում\w{0,5}|просмотр\w{0,3}|показ\w{0,3}",
    "pieces": r"pcs\.?|pieces?|հատ\w{0,3}|шт\.?|штук\w{0,2}|points?|միավոր\w{0,4}|балл\w{0,3}",
}
LEADING = (
    "percent",
    "permille",
    "money_amd",
    "dollars",
    "euros",
    "pounds",
    "roubles",
    "times",
)  # units that may stand before the number
SIGNS = {name: re.compile(rf"^(?:{UNITS[name]})(?![^\W\d_])\s*") for name in LEADING}
AFTER = {name: re.compile(rf"\s*(?<![^\W\d_])(?:{words})$") for name, words in UNITS.items()}
NOUN = re.compile(r"(.*\S)\s*(?<![^\W\d_])([^\W\d_]{2,})\.?")  # 12 guests
NO_NOUNS = re.compile(  # these make another number of it, or none
    r"not|no|չէ|չի|ոչ|не|нет|less|more|fewer|ավելի|պակաս|քիչ|շատ|больше|меньше|or|կամ|или|and|և|ու|plus|minus|per|times|"
    r"half|կես|половин\w+|quarters?|քառորդ|dozens?|տասնյակ\w*|дюжин\w*|десятк\w+|pairs?|զույգ\w*|пар\w?|sq|cubed|squared"
)
SIZE_AFTER = {size: re.compile(rf"\s*(?<![^\W\d_])(?:{words})$") for size, words in SIZES.items()}


@dataclass(frozen=True)
class Quantity:
    """numbers: what was typed may mean these, the likeliest first, () when it is no number; units: those named with it,
    keys of `UNITS`, or the noun itself ("12 guests")."""

    numbers: tuple[float, ...]
    units: frozenset[str]


NOTHING = Quantity((), frozenset())


def readings(text: str) -> tuple[float, ...]:
    """The numbers that `text` may mean, the likeliest first; () when it is no number.

    Accepts comma or point, spaces or apostrophes between thousands, thousands in words or as k, numbers in words,
    brackets, a unit before or after, what is counted after it, a full stop at the end. A single separator before
    exactly three digits is ambiguous ("1,234"): as a decimal and as a thousands sign.
    """
    return quantity(text).numbers


def in_unit(text: str, unit: str) -> tuple[float, ...]:
    """As `readings`; () in another unit than the wanted one, where that is a unit one can know. A plain number is no
    percentage, and a sign of the author's own (‰) may stand with the number."""
    if unit == "minutes":
        text = MINUTES.sub(" min", text.strip())
    if unit and unit not in UNITS:
        text = text.replace(unit, " ")
    typed = quantity(text)
    return () if (typed.units - {unit} if unit in UNITS else "percent" in typed.units) else typed.numbers


def quantity(text: str) -> Quantity:
    """Number and units that `text` may mean; as `readings`."""
    if any(unicodedata.decomposition(sign).startswith(RAISED) for sign in text):
        return NOTHING
    bare, units = _without_units(_bare(text))
    numbers = _sized(bare)
    return Quantity(numbers, units) if numbers else _counted(bare, units)


def _counted(bare: str, units: frozenset[str]) -> Quantity:
    """A number with one or two nouns of what it counts: 12 guests, 12 room nights."""
    for _ in range(2):
        parts = NOUN.fullmatch(bare)
        if not parts or NO_NOUNS.fullmatch(parts[2]) or is_number_word(parts[2]):
            return NOTHING
        bare, units = parts[1], units | {parts[2]}
        if numbers := _sized(bare):
            return Quantity(numbers, units)
    return NOTHING


def _sized(bare: str) -> tuple[float, ...]:
    """The numbers of a text without units: in digits, with or without a word for thousands, or in words."""
    size = next((size for size, word in SIZE_AFTER.items() if word.search(bare)), 1)
    digits = _numbers(SIZE_AFTER[size].sub("", bare) if size > 1 else bare)
    if digits:
        return tuple(rounded(number * size, 9) for number in digits) if size > 1 else digits
    number = spoken(bare)
    return () if number is None else (float(number),)


def _bare(text: str) -> str:
    """Lower case, simple spaces and signs, nothing around the number but its unit."""
    simple = SPACES.sub(" ", plain(text)).strip().translate(DASHES).rstrip(" ։:;")
    inside = BRACKETS.fullmatch(simple)
    bare = ABOUT.sub("", ANSWER.sub("", inside[1].strip() if inside else simple))
    bare = UNIT_IN_BRACKETS.sub(r"\1", IS.sub("", MINUS.sub("-", bare)))
    return ENDING.sub("", bare)


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
