"""The words that stand in the texts, and which of them a person meant who typed another: the same sound in another
script, or a letter that slipped. What a question costs does not grow with what is typed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_FROM = "աբգդեզէըթիլխկհղմյնշոչջպռսվտրցւփքֆօժձճծ" + "абвгдеёжзийклмнопрстуфхцчшщыэ"
_TO = "abgdezeytilxkhxmynSoCCprsvtrCvpkfoZCCC" + "abvgdeoZziyklmnoprstufxCCSSie"
_SOUNDS = dict(zip(_FROM, _TO, strict=True)) | {"ու": "u", "և": "ev", "ю": "yu", "я": "ya", "ь": "", "ъ": ""}
_OTHER_SCRIPT = re.compile("ու|[ա-ֆևа-яё]")
_LATIN = (
    ("tch|ch|ts|dz|tz|dj|j", "C"),
    ("sh", "S"),
    ("zh", "Z"),
    ("kh|gh", "x"),
    ("ph", "f"),
    ("th", "t"),
    ("oo|ou", "u"),
    ("ee|ea", "i"),
    ("ck|c|q", "k"),
    ("w", "v"),
)
# An Armenian word in Latin letters keeps its endings, which the stems of the texts have lost.
_ENDINGS = re.compile("(?:utyun|utyan|nery|neri|ner|ery|eri|er|its|ov|um|y|i|n|s)$")
_TELLING = 5  # letters


@dataclass(frozen=True)
class Vocabulary:
    """words: sorted; counts: how often each stands in the texts; sounds: by sound its words, the most frequent first;
    letters: of each word the set of its letters, a bit a letter."""

    words: tuple[str, ...]
    counts: Counter[str]
    sounds: dict[str, list[str]]
    letters: dict[str, int]

    def holds(self, beginning: str) -> bool:
        """Whether a word begins so."""
        place = bisect_left(self.words, beginning)
        return place < len(self.words) and self.words[place].startswith(beginning)

    def meant(self, word: str) -> str:
        """The word itself where the texts have it; else the one that sounds alike; else the nearest within one slip
        of the pen (two in a long word); else the longest that it begins with, where only its ending is unknown."""
        if self.holds(word):
            return word
        alike = (self.sounds[key][0] for key in _heard(word) if key in self.sounds)
        return next(alike, None) or self._near(word) or self._begun(word) or word

    def twins(self, word: str) -> list[str]:
        """Words of another script that sound the same; short ones sound alike by chance."""
        alike = self.sounds.get(sound(word), []) if len(word) >= _TELLING else []
        return [other for other in alike if other.isascii() != word.isascii()][:2]

    def _begun(self, word: str) -> str | None:
        least = max(_TELLING, round(0.6 * len(word)))
        return next((word[:end] for end in range(len(word) - 1, least - 1, -1) if word[:end] in self.counts), None)

    def _near(self, word: str) -> str | None:
        most = 0 if len(word) < 4 else 1 if len(word) < 8 else 2
        mask = _letters(word)
        candidates = (
            other
            for other in (self.words if most else ())
            if abs(len(other) - len(word)) <= most and (mask ^ self.letters[other]).bit_count() <= 2 * most
        )
        slips = ((distance(word, other), -self.counts[other], other) for other in candidates)
        return min((slip for slip in slips if slip[0] <= most), default=(0, 0, None))[2]


def vocabulary(texts: Iterable[str], more: Iterable[str] = ()) -> Vocabulary:
    """Of texts that are stems with spaces between; `more` are words that count as standing there once."""
    counts = Counter(word for text in texts for word in text.split())
    counts.update(more)
    sounds: dict[str, list[str]] = {}
    for word in sorted(counts, key=lambda word: (-counts[word], word)):
        if not word.isdecimal():
            sounds.setdefault(sound(word), []).append(word)
    return Vocabulary(tuple(sorted(counts)), counts, sounds, {word: _letters(word) for word in counts})


def _heard(word: str) -> list[str]:
    """What a folded word may sound like: Latin letters write Armenian in more than one way, and stems lose an s."""
    forms = [word, word + "s", word.replace("c", "ts"), _ENDINGS.sub("", word)] if word.isascii() else [word]
    return [heard for form in forms if len(heard := sound(form)) > 1]


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """How a folded word sounds, roughly: one letter a sound whatever the script, no letter doubled."""
    heard = _OTHER_SCRIPT.sub(lambda match: _SOUNDS.get(match[0], match[0]), word)
    if word.isascii():
        for letters, sign in _LATIN:
            heard = re.sub(letters, sign, heard)
    return re.sub(r"(.)\1+", r"\1", heard.replace("y", "i"))


def distance(first: str, second: str) -> int:
    """Letters left out, added, changed, or changed places with their neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        before, row, last = row, [i], before
        for j, b in enumerate(second, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b)))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                row[j] = min(row[j], last[j - 2] + 1)
    return row[-1]


def _letters(word: str) -> int:
    mask = 0
    for letter in word:
        mask |= 1 << (ord(letter) % 64)
    return mask
