"""Secrets that must be read again, encrypted with keys drawn from the installation's own (Fernet: AES and HMAC).

A database that leaks without the secret beside it opens no second factor.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

PURPOSE = b"hmut: secrets of authenticator apps"


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str | None:
    """What was sealed, or None: altered, or sealed with a secret that is gone."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _box() -> MultiFernet:
    """Encrypts with the newest secret and reads with any."""
    older = current_app.config.get("SECRET_KEY_FALLBACKS") or []
    return MultiFernet([Fernet(_key(secret)) for secret in (current_app.config["SECRET_KEY"], *older)])


def _key(secret: str) -> bytes:
    return urlsafe_b64encode(HKDF(SHA256(), 32, salt=None, info=PURPOSE).derive(secret.encode()))
