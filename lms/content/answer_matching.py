"""Comparing short answers: the folding of the language rules, forms of one sign, the article, one slip."""

from __future__ import annotations

import re
from functools import lru_cache

from lms.content.answer_words import common_spelling, is_other_word, one_slip
from lms.content.number_reading import UNITS, Quantity, quantity
from lms.content.number_words import is_number_word, value
from lms.content.plain_text import DASHES, plain, without_accents

INSIDE = re.compile("[\u055b\u055c\u055e\u058a]")
RAISED_DIGITS = re.compile("(?<=[0-9])(?=[\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u2079\u2080-\u2089\u2150-\u215e])")
POINT, MINUS = "\ue000", "\ue001"  # of a number; nobody types these
SIGNS = f"%‰+<>≤≥≠°$€₽֏£&{POINT}{MINUS}"  # what makes another answer of it
OUTSIDE = re.compile(rf"[^\w{SIGNS}]+")
PERCENT = re.compile(r"(?<=\d)\s*(?:%|(?:percent|per\s+cent|pct|տոկոս(?:ը|ն)?|процент(?:а|ов)?)(?![^\W\d_]))")
CURRENCY = re.compile(rf"([$€₽֏£])\s*(\d[\d{POINT}]*)")
GROUPS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}([ '.,])\d{3}(?:\1\d{3})*(?!\d)")
DECIMAL = re.compile(r"(?<![\d.,])(\d+)[.,](?=\d+(?![.,]?\d))")
TIMES = re.compile(r"(?<=\d)\s?[x×х]\s?(?=\d)")
ARROWS = re.compile(r"[-=]+>|<[-=]+")
NEGATIVE = re.compile(r"^-(?=\d)")
PARTS = re.compile(rf"\d+(?:{POINT}\d+)?|[^\W\d]+|[{SIGNS}]")  # "4P" and "4 P" are a number and a letter
LEADING_ARTICLE = re.compile(r"^\W*(?:a|an|the)\s+(?=\w)")
ARTICLE = re.compile(r"(?<=\w )the (?=\w)")
AND = ("and", "&", "ու", "и")
NOT = "not"
ARMENIAN, CYRILLIC = re.compile("[\u0561-\u0587]"), re.compile("[\u0430-\u045f]")
# Lower-case letters that look like another script's, the capital or the small one.
TO_ARMENIAN = str.maketrans(
    {"o": "օ", "о": "օ", "u": "ս", "s": "տ", "h": "հ", "n": "ո", "j": "յ", "ј": "յ", "q": "զ", "g": "ց"}
)
LOOKALIKE = ("авеікмнорстухј", "abeikmhopctyxj")
TO_LATIN, TO_CYRILLIC = str.maketrans(*LOOKALIKE), str.maketrans(*LOOKALIKE[::-1])


def fold_hy(text: str) -> str:
    """`text` ready for comparing: compatible forms made one (NFKC), marks inside words removed, lower case, և for եւ
    and եվ, -ություն for the older -ութիւն, single spaces."""
    bare = INSIDE.sub("", _plain(text))
    return OUTSIDE.sub(" ", bare.replace("ութիւն", "ություն").replace("եւ", "և").replace("եվ", "և")).strip()


def _plain(text: str) -> str:
    """Lower case, and one form of what Unicode writes in several; 10² is not 102."""
    return without_accents(plain(RAISED_DIGITS.sub("^", text)))


def word_same(a: str, b: str) -> bool:
    """Equal folded words, but for the definite article ը or ն of either (the word itself over two letters)."""
    return a == b or (min(len(a), len(b)) > 2 and bool(_without_article(a) & _without_article(b)))


def _without_article(word: str) -> set[str]:
    return {word, word[:-1]} if word.endswith(("ը", "ն")) and len(word) > 3 else {word}


def same(a: str, b: str, typo: bool = False) -> bool:
    """Equal answers after folding. An English article, letters that only look alike, where a word is divided ("e-mail",
    "email") and how a number or its unit is written do not matter; with `typo` one slip is forgiven in each word of
    eight letters or more, unless it makes another word (macro-, micro-)."""
    left, right = _quantity(a), _quantity(b)
    if left and right:
        return left == right
    words, others = _words(a), _words(b)
    if not words:
        return a == b  # pictures and marks
    glued = "".join(words)
    if glued == "".join(others) and not any(letter.isdigit() for letter in glued) and (NOT in words) == (NOT in others):
        return True
    words, others = _in_digits(words), _in_digits(others)
    return len(words) == len(others) and all(
        word_same(x, y) or (typo and one_slip(x, y) and not is_other_word(x, y))
        for x, y in zip(words, others, strict=True)
    )


@lru_cache(maxsize=8_192)
def _quantity(text: str) -> tuple[float, frozenset[str]] | None:
    """A number with units that are known, as one value; a separator before three digits divides thousands."""
    read: Quantity = quantity(text)
    return (read.numbers[-1], read.units) if read.numbers and read.units <= UNITS.keys() else None


@lru_cache(maxsize=8_192)
def _words(text: str) -> tuple[str, ...]:
    """Folded words; what an item accepts is asked for with every answer to it."""
    plain_text = NEGATIVE.sub(MINUS, ARROWS.sub("→", _plain(text).strip()).translate(DASHES))
    grouped = GROUPS.sub(lambda match: re.sub(r"\D", "", match[0]), TIMES.sub(" ", plain_text))
    joined = ARTICLE.sub("", LEADING_ARTICLE.sub("", CURRENCY.sub(r"\2\1", DECIMAL.sub(rf"\1{POINT}", grouped))))
    words = [_one_script(word) for word in PARTS.findall(fold_hy(PERCENT.sub("% ", joined)))]
    ends = (0, len(words) - 1)
    words = ["և" if word in AND and place not in ends else word for place, word in enumerate(words)]
    return tuple(word for place, word in enumerate(words) if word not in ("ը", "ն") or not place)


@lru_cache(maxsize=8_192)
def _in_digits(words: tuple[str, ...]) -> tuple[str, ...]:
    """Numbers in words as digits: յոթ սեղան, 7 սեղան."""
    output: list[str] = []
    run: list[str] = []
    for word in (*words, ""):
        if word and is_number_word(word) and value([*run, word]) is not None:
            run.append(word)
            continue
        output += [str(value(run))] if run else []
        run = [word] if word and is_number_word(word) and value([word]) is not None else []
        output += [] if run or not word else [word]
    return tuple(output)


def _one_script(word: str) -> str:
    """A word typed with the wrong keyboard's letter in it, in its own script; an English one in one spelling."""
    if ARMENIAN.search(word):
        return word.translate(TO_ARMENIAN)
    word = word.replace("ё", "е")
    latin = word.translate(TO_LATIN)
    return word.translate(TO_CYRILLIC) if CYRILLIC.search(latin) else common_spelling(latin)
