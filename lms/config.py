"""Settings, read once from the environment. README's operator page lists them."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = ("127.0.0.1", "localhost", "::1")
LANGUAGES = ("hy", "en")


def settings(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Flask's configuration from HMUT_* and DATABASE_URL. Creates the data folder and, once, the secret key."""
    data = Path(environment.get("HMUT_DATA", ROOT / "var")).resolve()
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    host, port = environment.get("HMUT_HOST", "127.0.0.1"), int(environment.get("HMUT_PORT", "8000"))
    base = environment.get("HMUT_BASE_URL", f"http://{host}:{port}").rstrip("/")
    return {
        "HMUT_DATA": data,
        "HMUT_HOST": host,
        "HMUT_PORT": port,
        "HMUT_BASE_URL": base,
        "HMUT_PROXY": environment.get("HMUT_PROXY", ""),
        "HMUT_DEMO": environment.get("HMUT_DEMO", "1") != "0",
        "HMUT_CONTENT": ROOT,
        "SMTP_URL": environment.get("SMTP_URL", ""),
        "MAIL_FROM": environment.get("MAIL_FROM", "Hmut <hmut@localhost>"),
        "SECRET_KEY": _secret(data / "secret"),
        "SQLALCHEMY_DATABASE_URI": database_url(environment.get("DATABASE_URL", ""), data),
        **_web(base),
    }


def database_url(url: str, data: Path) -> str:
    """The SQLAlchemy address; PostgreSQL's bare scheme is led to psycopg 3, nothing means SQLite in the data folder."""
    if not url:
        return f"sqlite:///{data / 'hmut.db'}"
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def _web(base: str) -> dict[str, Any]:
    address = urlsplit(base)
    secure = address.scheme == "https"
    return {
        "TRUSTED_HOSTS": [address.hostname or "localhost", *LOOPBACK[:2], "[::1]"],
        "SESSION_COOKIE_NAME": "__Host-hmut" if secure else "hmut",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,  # a token that expires would cost a candidate an exam
        "MAX_CONTENT_LENGTH": 1_000_000,
        "MAX_FORM_MEMORY_SIZE": 500_000,
        "MAX_FORM_PARTS": 500,
        "SEND_FILE_MAX_AGE_DEFAULT": 31_536_000,
        "BABEL_DEFAULT_LOCALE": "hy",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Yerevan",
    }


def _secret(path: Path) -> str:
    """The signing key, made once and never readable by others. It appears under its name only when it is whole, so of
    two processes that start together the slower one takes the key of the quicker."""
    if not path.exists():
        draft = path.with_name(f"secret-{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text()
