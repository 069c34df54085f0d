"""Armenian spelling: a word form is right when the morphological analyser knows it or the allow-list has it.

The analyser takes seven seconds to start and two milliseconds a word, so the forms of the shipped content that it has
read stand in `read_words.txt`: it is asked about others only. `python -m lms.content --renew-words` asks it about all
again and writes the list anew; its first line names the analyser's version, which a test holds to the lock file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import chdir
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from lms.content.errors import Finding
from lms.content.prose import ARMENIAN, words_only
from lms.content.text import Text

ANALYSER = "uniparser_eastern_armenian"
UNCHECKED = Text(en=f"not checked: {ANALYSER} is not installed", hy=f"չի ստուգվել. {ANALYSER} տեղադրված չէ")
UNKNOWN = Text(
    en="unknown word «{word}» (right? add it to allowed_words.txt)",
    hy="անծանոթ բառ՝ «{word}» (ճի՞շտ է. ավելացրեք allowed_words.txt ֆայլում)",
)
INSIDE = re.compile("[\u055b\u055c\u055e]")
# Endings after a hyphen (SMM-ի, 2-րդ, ԱԲ-ով) are no words of their own; longer pieces (բիզնես-պլան) are.
WORD = re.compile(rf"(?<![\w-])[{ARMENIAN}]{{2,}}|(?<=-)[{ARMENIAN}]{{5,}}")
SUPERLATIVE = "ամենա"
READ_WORDS = Path(__file__).with_name("read_words.txt")


class Located(Protocol):
    """A piece of prose with its place."""

    @property
    def path(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def text(self) -> str: ...


def words(text: str) -> set[str]:
    """The Armenian word forms of prose in lower case, without marks inside words and abbreviations (ԱԲ)."""
    forms = WORD.findall(INSIDE.sub("", words_only(text)))
    return {word.lower() for word in forms if not word.isupper()}


def unknown_words(texts: Iterable[str], vocabulary: Collection[str]) -> set[str]:
    """The word forms in `texts` that are not in `known`; an entry `word*` of `known` stands for all its endings."""
    stems = tuple(entry[:-1] for entry in vocabulary if entry.endswith("*"))
    forms = {word for text in texts for word in words(text)}
    return {word for word in forms if not any(form in vocabulary or form.startswith(stems) for form in _forms(word))}


def _forms(word: str) -> tuple[str, str]:
    """The word, and what it is the superlative of (itself when of nothing)."""
    return word, word.removeprefix(SUPERLATIVE)


def spelling_findings(passages: Iterable[Located], allowed: Collection[str]) -> Iterator[Finding]:
    """A finding for the first place of each word form that neither the analyser nor `allowed` knows.

    One warning, and nothing else, where the analyser is not installed: it is never silently left out.
    """
    pieces = list(passages)
    doubtful = unknown_words((piece.text for piece in pieces), allowed) - read_words()
    if not doubtful:
        return
    try:
        unread = _unread(doubtful)
    except ImportError:
        yield Finding.bilingual("tests/requirements.txt", 1, "spelling", UNCHECKED, "warning")
        return
    for word in unread:
        path, line = _first_place(pieces, word)
        yield Finding.bilingual(path, line, "spelling", UNKNOWN.filled(word=word))


@cache
def read_words() -> frozenset[str]:
    """The forms that the analyser has read already."""
    return frozenset(READ_WORDS.read_text("utf-8").split("\n")[1:])


def renew_words(texts: Iterable[str], allowed: Collection[str]) -> int:
    """Ask the analyser about every form in `texts` and keep those it reads; how many that are.

    Raises ImportError where the analyser is not installed.
    """
    doubtful = unknown_words(texts, allowed)
    read = sorted(doubtful.difference(_unread(doubtful)))
    READ_WORDS.write_text("\n".join([f"{ANALYSER} {version(ANALYSER)}", *read]) + "\n", "utf-8")
    return len(read)


def _unread(forms: Iterable[str]) -> list[str]:
    """Forms without a reading. The analyser leaves a log in the working directory, so it is given one of its own."""
    with TemporaryDirectory() as scratch, chdir(scratch):
        analyser = import_module(ANALYSER).EasternArmenianAnalyzer()
        return sorted(form for form in forms if not _reads(analyser, form))


def _reads(analyser: Any, form: str) -> bool:
    spellings = dict.fromkeys(spelling for word in _forms(form) for spelling in (word, word.capitalize()))
    return any(analysis.lemma for spelling in spellings for analysis in analyser.analyze_words(spelling))


def _first_place(pieces: Iterable[Located], word: str) -> tuple[str, int]:
    for piece in pieces:
        if word in words(piece.text):
            lines = piece.text.split("\n")
            offset = next((index for index, line in enumerate(lines) if word in words(line)), 0)
            return piece.path, piece.line + offset
    return "", 1
