"""Passwords: argon2id, length instead of composition rules, and a refusal of the ones everybody uses."""

from __future__ import annotations

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

SHORTEST, LONGEST = 10, 200
_hasher = PasswordHasher()
_common = frozenset(FREQUENCY_LISTS["passwords"])


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def is_common(password: str) -> bool:
    """True for the thirty thousand passwords most often met, also when only doubled to pass the length rule."""
    lowered = password.lower()
    half = lowered[: len(lowered) // 2]
    return lowered in _common or (half * 2 == lowered and half in _common)


def verify(stored: str | None, password: str) -> bool:
    """True when this hash is the password's. Takes as long for no hash as for one, so that time tells nothing."""
    try:
        _hasher.verify(stored or _decoy(), password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return stored is not None


@lru_cache
def _decoy() -> str:
    return _hasher.hash("no account has this password")
