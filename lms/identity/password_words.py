"""What little a password is once the words that anybody would guess are taken out of it, in whatever script and order
they stand: names of the person, the house and the program, and what Armenians and Russians choose first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

LEAST = 7  # letters and digits that must be left
SHORTEST_WORD = 3
PROGRAM = ("hmut", "smm", "trainee", "instructor", "administrator", "admin", "candidate")
CHOSEN_FIRST = (
    *("yerevan", "erevan", "gyumri", "vanadzor", "hayastan", "armenia", "artsakh", "ararat", "barev", "gaghtnabar"),
    *("password", "parol", "privet", "qwerty", "qwertyuiop", "asdfghjkl", "zxcvbnm", "welcome", "letmein", "iloveyou"),
    *("йцукенгшщзхъ", "йцукен", "фывапролдж", "ячсмитьбю"),
)


def _each(words: str) -> list[str]:
    return words.split()


HY = dict(
    zip(
        "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև",
        _each("a b g d e z e y t zh i l kh ts k h dz gh ch m y n sh o ch p j r s v t r ts v p q o f ev"),
        strict=True,
    )
)
RU = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        _each("a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya"),
        strict=True,
    )
)
LATIN = str.maketrans(HY | {letter: latin.strip("-") for letter, latin in RU.items()})
LOOKS = str.maketrans("013457@$!", "oieastasi")


def is_little_else(password: str, about: Iterable[str]) -> bool:
    """Whether the password is one of these words, or several, and hardly anything beside."""
    words = sorted({form for text in (*PROGRAM, *CHOSEN_FIRST, *about) for form in _words(text)}, key=len, reverse=True)
    plain, latin = _plain(password), _latin(password)
    readings = {plain, latin, *(_plain(text.translate(LOOKS)) for text in (password.lower(), _simple(password)))}
    return any(_rest(form, words) < LEAST for reading in readings for form in (reading, reading[::-1]))


def _rest(text: str, words: Iterable[str]) -> int:
    """Letters and digits left without the words; as many as a password needs where none of them stands in it."""
    rest = text
    for word in words:
        rest = rest.replace(word, " ")
    return len(rest.replace(" ", "")) if rest != text else LEAST


def _words(text: str) -> Iterator[str]:
    """A text's words and the text without its gaps, as typed and in Latin letters."""
    for part in (text, text.partition("@")[0], *re.split(r"[\W_]+", text)):
        yield from (form for form in (_plain(part), _latin(part)) if len(form) >= SHORTEST_WORD)


def _simple(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _plain(text: str) -> str:
    """Letters and digits alone."""
    return re.sub(r"[\W_]+", "", _simple(text))


def _latin(text: str) -> str:
    return _plain(text).replace("ու", "u").replace("եւ", "և").translate(LATIN)
