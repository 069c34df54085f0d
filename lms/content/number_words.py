"""Numbers written in words: «քսանհինգ», "twenty-five", «двадцать пять», "1 հազար 200"."""

from __future__ import annotations

import re
from collections.abc import Sequence


def _each(words: str) -> list[str]:
    return words.split()


HY_ONES = _each("մեկ երկու երեք չորս հինգ վեց յոթ ութ ինը")
HY_TENS = _each("տասն քսան երեսուն քառասուն հիսուն վաթսուն յոթանասուն ութսուն իննսուն")
EN_ONES = _each(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
EN_TENS = _each("ten twenty thirty forty fifty sixty seventy eighty ninety")
RU_ONES = _each(
    "один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать "
    "пятнадцать шестнадцать семнадцать восемнадцать девятнадцать"
)
RU_TENS = _each("десять двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто")
RU_HUNDREDS = _each("сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот")
WORDS = {
    **dict.fromkeys(("զրո", "zero", "ноль", "нуль"), 0),
    **{word: number for ones in (HY_ONES, EN_ONES, RU_ONES) for number, word in enumerate(ones, 1)},
    **{word: 10 * number for tens in (HY_TENS, EN_TENS, RU_TENS) for number, word in enumerate(tens, 1)},
    **{word: 100 * number for number, word in enumerate(RU_HUNDREDS, 1)},
    **{ten + unit: 10 * i + j for i, ten in enumerate(HY_TENS, 1) for j, unit in enumerate(HY_ONES, 1)},
    **dict.fromkeys(("տաս", "տասը"), 10),
    **dict.fromkeys(("իննը", "ինն"), 9),
    **{"одна": 1, "одно": 1, "две": 2},
}
HUNDREDS = ("հարյուր", "hundred")
WORDS |= {"հարյուր" + word: 100 + number for word, number in list(WORDS.items()) if 0 < number < 100 and word > "ա"}
WORDS |= {word + "հարյուր": 100 * number for number, word in enumerate(HY_ONES, 1) if number > 1}
SCALES = {
    **dict.fromkeys(("հազար", "thousand", "тысяча", "тысячи", "тысяч"), 1_000),
    **dict.fromkeys(("միլիոն", "million", "миллион", "миллиона", "миллионов"), 1_000_000),
    **dict.fromkeys(("միլիարդ", "billion", "миллиард", "миллиарда", "миллиардов"), 1_000_000_000),
}
LINKED = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])|(?<=hundred) and(?= )|(?<=thousand) and(?= )|^a (?=hundred|thousand)")
DIGITS = re.compile(r"\d{1,9}")


def spoken(text: str) -> int | None:
    """The number that `text` (lower case) is in words; None when it is none, or has no word in it."""
    words = LINKED.sub(lambda link: " " if link[0] == "-" else "", text).split()
    return None if all(map(DIGITS.fullmatch, words)) else value(words)


def is_number_word(word: str) -> bool:
    """Whether the word is (a part of) a number."""
    return _number(word) is not None or word in SCALES or word in HUNDREDS


def value(words: Sequence[str]) -> int | None:
    """What the words say together: (twenty, five) 25; (twenty, six, five) is no number."""
    total, below, least = 0, 0, 10**12
    for word in words:
        number = _number(word)
        if word in SCALES and SCALES[word] < least:
            least = SCALES[word]
            total, below = total + (below or 1) * least, 0
        elif word in HUNDREDS and below < 100:
            below = (below or 1) * 100  # "twelve hundred"
        elif number is not None and (number or len(words) == 1) and number < least and _fits(below, number):
            below += number
        else:
            return None
    return total + below if words else None


def _number(word: str) -> int | None:
    if DIGITS.fullmatch(word):
        return int(word)
    return WORDS.get(word, WORDS.get(word[:-1]) if word.endswith(("ը", "ն")) else None)


def _fits(below: int, number: int) -> bool:
    """A hundred takes tens, tens take ones, nothing else follows."""
    if number < 10:
        return below % 10 == 0 and below % 100 != 10
    return below % 100 == 0 if number < 100 else below == 0
