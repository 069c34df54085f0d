"""Words as search looks them up: folded, and Armenian ones without their endings.

Snowball's Armenian stemmer keeps «ցանց» and «ցանցերի» apart, hence this one. It only has to be consistent: both the
text and the question go through it, and the question is a prefix query, so a stem may stay a little long.
"""

from __future__ import annotations

import re
import unicodedata

_INSIDE = dict.fromkeys(map(ord, "\u055b\u055c\u055e\u058a\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_LIGATURES = str.maketrans({"ﬓ": "մն", "ﬔ": "մե", "ﬕ": "մի", "ﬖ": "վն", "ﬗ": "մխ"})
_WORD = re.compile(r"[^\W_]+")
# At least three letters, then as much as can be taken of: verb or abstract noun, plural, case, article.
_ARMENIAN = re.compile(
    r"(.{3,}?)(?:ություն|ության|ությամբ|ման|մամբ|ալ|վ?(?:ել|ում|ած|ող|եք))?(?:ներ|եր)?"
    r"(?:(?<=[աո])յ)?(?:ից|ով|ում|ի|ու)?(?:ը|(?<=[եէի])ն|(?<=իա)ն)?$"
)
_LOST_VOWEL = re.compile(r"(?<=..)(?:ի|ու)(?=[^աեէըիոօւ]{1,2}$)")  # խնդիր, խնդրի: the last ի or ու goes
_LONGEST_WORD, _LONGEST_QUESTION, _MOST_WORDS = 40, 400, 12


def fold(text: str) -> str:
    """Lower case without the marks that stand inside Armenian words; եւ and եվ become և."""
    text = unicodedata.normalize("NFC", text).translate(_INSIDE).lower().translate(_LIGATURES)
    return text.replace("եւ", "և").replace("եվ", "և")


def stem(word: str) -> str:
    """A folded word without its endings; a Latin word loses its plural s."""
    if word.isascii():
        return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
    match = _ARMENIAN.match(word)
    return _LOST_VOWEL.sub("", match[1]) if match else word


def stems(text: str) -> list[str]:
    """The stems of a text's words, in order: letters and digits only, whatever the text holds."""
    return [stem(word[:_LONGEST_WORD]) for word in _WORD.findall(fold(text))]


def question(text: str) -> list[str]:
    """Distinct stems of what a person searches for, at most twelve."""
    return list(dict.fromkeys(stems(text[:_LONGEST_QUESTION])))[:_MOST_WORDS]
