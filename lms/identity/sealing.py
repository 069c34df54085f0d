"""Secrets that must be read again, encrypted with keys drawn from the installation's own (Fernet: AES and HMAC).

A database that leaks without the secret beside it opens no second factor.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Any

from flask import current_app

from lms.lazy_modules import LazyModule

_PRIMITIVES = "cryptography.hazmat.primitives"
fernet = LazyModule("cryptography.fernet")
hashes, hkdf = LazyModule(f"{_PRIMITIVES}.hashes"), LazyModule(f"{_PRIMITIVES}.kdf.hkdf")
PURPOSE = b"hmut: secrets of authenticator apps"


def seal(text: str) -> str:
    return str(_box().encrypt(text.encode()).decode())


def unseal(sealed: str) -> str | None:
    """What was sealed, or None: altered, or sealed with a secret that is gone."""
    try:
        return str(_box().decrypt(sealed.encode()).decode())
    except fernet.InvalidToken:
        return None


def _box() -> Any:
    """Encrypts with the newest secret and reads with any."""
    older = current_app.config.get("SECRET_KEY_FALLBACKS") or []
    return fernet.MultiFernet([fernet.Fernet(_key(secret)) for secret in (current_app.config["SECRET_KEY"], *older)])


def _key(secret: str) -> bytes:
    return urlsafe_b64encode(hkdf.HKDF(hashes.SHA256(), 32, salt=None, info=PURPOSE).derive(secret.encode()))
