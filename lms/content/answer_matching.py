"""Comparing short answers: the folding of the language rules, forms of one sign, the article, one slip."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

INSIDE = re.compile("[\u055b\u055c\u055e\u058a\u00ad\u200b-\u200d\u2060\ufeff]")
APOSTROPHES = str.maketrans(dict.fromkeys("\u02bc\u02bb\u02b9\u02bd\u2018\u2019\u00b4\u2032\u055a`", "'"))
RAISED_DIGITS = re.compile("(?<=[0-9])(?=[\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089])")  # 10² is not 102
OUTSIDE = re.compile(r"[^\w%+]+")
PERCENT = re.compile(r"(?<=\d)\s*(?:%|(?:percent|per\s+cent|pct|տոկոս(?:ը|ն)?|процент(?:а|ов)?)(?![^\W\d_]))")
THOUSANDS = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")
PARTS = re.compile(r"\d+|[^\W\d]+|[%+]")  # "4P" and "4 P" are a number and a letter
LEADING_ARTICLE = re.compile(r"^\W*(?:a|an|the)\s+(?=\w)")
ARMENIAN, CYRILLIC = re.compile("[\u0561-\u0587]"), re.compile("[\u0430-\u045f]")
# Lower-case letters that look like another script's, the capital or the small one.
TO_ARMENIAN = str.maketrans({"o": "օ", "о": "օ", "u": "ս", "h": "հ", "n": "ո", "j": "յ", "ј": "յ"})
TO_LATIN = str.maketrans("авеікмнорстухј", "abeikmhopctyxj")
TYPO_LETTERS = 8
# What one letter turns into something else is no slip of the finger.
OTHER_WORDS = (
    ("macro", "micro"),
    ("մակրո", "միկրո"),
    ("макро", "микро"),
    ("million", "billion"),
    ("миллион", "биллион"),
    ("affect", "effect"),
    ("adapt", "adopt"),
    ("complement", "compliment"),
    ("immig", "emig"),
    ("prescri", "proscri"),
    ("inter", "enter"),
    ("contest", "context"),
    ("contest", "content"),
    ("context", "content"),
    ("stationary", "stationery"),
    ("accept", "except"),
)
OTHER_ENDS = (("er", "ee"), ("or", "ee"))
DENYING = ("a", "չ", "ա", "а")  # symmetric, asymmetric; վճարված, չվճարված


def fold_hy(text: str) -> str:
    """`text` ready for comparing: compatible forms made one (NFKC), marks inside words removed, lower case, և for եւ
    and եվ, single spaces."""
    bare = INSIDE.sub("", _plain(text))
    return OUTSIDE.sub(" ", bare.replace("եւ", "և").replace("եվ", "և")).strip()


def _plain(text: str) -> str:
    """Lower case, and one form of what Unicode writes in several: ligatures, wide letters, apostrophes, spaces."""
    return unicodedata.normalize("NFKC", RAISED_DIGITS.sub("^", text.translate(APOSTROPHES))).lower()


def word_same(a: str, b: str) -> bool:
    """Equal folded words, or one is the other plus the definite article ը or ն (the shorter over two letters)."""
    short, long = sorted((a, b), key=len)
    return a == b or (len(short) > 2 and long in (short + "ը", short + "ն"))


def same(a: str, b: str, typo: bool = False) -> bool:
    """Equal answers after folding. An English article, letters that only look alike and where a word is divided
    ("e-mail", "email") do not matter; with `typo` one slip is forgiven in each word of eight letters or more, unless
    it makes another word (macro-, micro-)."""
    left, right = _words(a), _words(b)
    glued = "".join(left)
    if glued == "".join(right) and not any(letter.isdigit() for letter in glued):
        return True
    return len(left) == len(right) and all(
        word_same(x, y) or (typo and _one_slip(x, y) and not _other_word(x, y))
        for x, y in zip(left, right, strict=True)
    )


@lru_cache(maxsize=8_192)
def _words(text: str) -> tuple[str, ...]:
    """Folded words; what an item accepts is asked for with every answer to it."""
    joined = LEADING_ARTICLE.sub("", THOUSANDS.sub("", _plain(text)))
    folded = fold_hy(PERCENT.sub("% ", joined))
    words = [_one_script(word) for word in PARTS.findall(folded)]
    return tuple(word for place, word in enumerate(words) if word not in ("ը", "ն") or not place)


def _one_script(word: str) -> str:
    """A word typed with the wrong keyboard's letter in it, in its own script."""
    if ARMENIAN.search(word):
        return word.translate(TO_ARMENIAN)
    word = word.replace("ё", "е")
    latin = word.translate(TO_LATIN)
    return word if CYRILLIC.search(latin) else latin


def _other_word(a: str, b: str) -> bool:
    """Whether the one letter between two words makes them different things."""
    pairs = [(one, other) for pair in OTHER_WORDS for one, other in (pair, pair[::-1])]
    ends = [(one, other) for pair in OTHER_ENDS for one, other in (pair, pair[::-1])]
    return (
        any(one in a and a.replace(one, other, 1) == b for one, other in pairs)
        or any(a.endswith(one) and a[: -len(one)] + other == b for one, other in ends)
        or _denies(*sorted((a, b), key=len))
    )


def _denies(short: str, long: str) -> bool:
    """asymmetric of symmetric; a letter typed twice ("aadvert") denies nothing."""
    return any(long == letter + short and short[0] != letter for letter in DENYING)


def _one_slip(a: str, b: str) -> bool:
    """One letter added, lost, changed, or two neighbours swapped (Damerau 1964)."""
    if min(len(a), len(b)) < TYPO_LETTERS - 1 or max(len(a), len(b)) < TYPO_LETTERS or abs(len(a) - len(b)) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[start:], b[start:]
    swapped = rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:]
    return rest_a[1:] == rest_b[1:] or rest_a[1:] == rest_b or rest_a == rest_b[1:] or swapped
