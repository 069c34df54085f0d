"""Comparing Armenian answers: the folding of the language rules, the definite article, one slip of the finger."""

from __future__ import annotations

import re
import unicodedata

INSIDE = re.compile("[\u055b\u055c\u055e\u058a\u00ad\u200b-\u200d\u2060\ufeff]")
LIGATURES = str.maketrans({"ﬓ": "մն", "ﬔ": "մե", "ﬕ": "մի", "ﬖ": "վն", "ﬗ": "մխ"})
OUTSIDE = re.compile(r"[^\w%+]+")
BEFORE_PERCENT = re.compile(r"\s+%")
ARMENIAN, CYRILLIC = re.compile("[\u0561-\u0587]"), re.compile("[\u0430-\u045f]")
# Lower-case letters that look like another script's, the capital or the small one.
TO_ARMENIAN = str.maketrans({"o": "օ", "о": "օ", "u": "ս", "h": "հ", "n": "ո", "j": "յ", "ј": "յ"})
TO_LATIN = str.maketrans("авеікмнорстухј", "abeikmhopctyxj")
TYPO_LETTERS = 8


def fold_hy(text: str) -> str:
    """`text` ready for comparing: NFC, marks inside words removed, lower case, և for եւ and եվ, single spaces."""
    bare = INSIDE.sub("", unicodedata.normalize("NFC", text)).lower().translate(LIGATURES)
    return OUTSIDE.sub(" ", bare.replace("եւ", "և").replace("եվ", "և")).strip()


def word_same(a: str, b: str) -> bool:
    """Equal folded words, or one is the other plus the definite article ը or ն (the shorter over two letters)."""
    short, long = sorted((a, b), key=len)
    return a == b or (len(short) > 2 and long in (short + "ը", short + "ն"))


def same(a: str, b: str, typo: bool = False) -> bool:
    """Equal answers after folding. An English article, letters that only look alike and where a word is divided
    ("e-mail", "email") do not matter; with `typo` one slip is forgiven in each word of eight letters or more."""
    left, right = _words(a), _words(b)
    glued = "".join(left)
    if glued == "".join(right) and not any(letter.isdigit() for letter in glued):
        return True
    return len(left) == len(right) and all(
        word_same(x, y) or (typo and _one_slip(x, y)) for x, y in zip(left, right, strict=True)
    )


def _words(text: str) -> list[str]:
    words = [_one_script(word) for word in fold_hy(BEFORE_PERCENT.sub("%", text)).split()]
    return words[1:] if len(words) > 1 and words[0] in ("a", "an", "the") else words


def _one_script(word: str) -> str:
    """A word typed with the wrong keyboard's letter in it, in its own script."""
    if ARMENIAN.search(word):
        return word.translate(TO_ARMENIAN)
    latin = word.translate(TO_LATIN)
    return word if CYRILLIC.search(latin) else latin


def _one_slip(a: str, b: str) -> bool:
    """One letter added, lost, changed, or two neighbours swapped (Damerau 1964)."""
    if min(len(a), len(b)) < TYPO_LETTERS - 1 or max(len(a), len(b)) < TYPO_LETTERS or abs(len(a) - len(b)) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[start:], b[start:]
    swapped = rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:]
    return rest_a[1:] == rest_b[1:] or rest_a[1:] == rest_b or rest_a == rest_b[1:] or swapped
