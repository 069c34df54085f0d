"""Passwords: argon2id, length instead of composition rules, and a refusal of those that are guessed first."""

from __future__ import annotations

import os
import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from lms.identity.password_words import is_little_else
from lms.lazy_modules import LazyModule

SHORTEST, LONGEST = 10, 200
PROGRAM = ("hmut", "հմուտ", "smm")
ESTIMATED = 72  # characters that zxcvbn looks at: its time grows with the square, and more cannot make it weaker
# OWASP's lower memory setting; docs/decisions.md says why. One at a time for each core: a class that signs in at once
# then needs cores x 19 MiB, and waits no longer than it would for the cores.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)
_turns = threading.BoundedSemaphore(os.cpu_count() or 2)
guessing, frequency_lists = map(LazyModule, ("zxcvbn", "zxcvbn.frequency_lists"))


def hash_password(password: str) -> str:
    with _turns:
        return _hasher.hash(unicodedata.normalize("NFC", password))


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def is_guessable(password: str, about: Iterable[str] = ()) -> bool:
    """True for a common password and for one that is little more than a common word or the words in `about`: names of
    the person, the organisation, the address (zxcvbn: fewer than a million guesses)."""
    about = tuple(about)
    if password.lower() in _common() or is_little_else(password, about):
        return True
    if len(password) > ESTIMATED:
        return len(set(password)) < 3
    words = {word.lower() for text in (*PROGRAM, *about) for word in _parts(text)}
    return bool(guessing.zxcvbn(password, user_inputs=sorted(words))["score"] < 2)


@lru_cache
def _common() -> frozenset[str]:
    return frozenset(frequency_lists.FREQUENCY_LISTS["passwords"])


def _parts(text: str) -> Iterator[str]:
    """A name or address, what stands before its @, all but its last label, and each of its words."""
    yield from (text, text.partition("@")[0], text.rpartition(".")[0] or text, *re.split(r"[\s@._-]+", text))


def verify(password_hash: str | None, password: str) -> bool:
    """True when this hash is the password's. Takes as long for no hash as for one, so that time tells nothing."""
    try:
        with _turns:
            _hasher.verify(password_hash or _decoy(), unicodedata.normalize("NFC", password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return password_hash is not None


@lru_cache
def _decoy() -> str:
    """A hash like those of today."""
    return _hasher.hash("no account has this password")
