"""Settings, read once from the environment. docs/operations.md lists them."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = ("127.0.0.1", "localhost", "::1")
LANGUAGES = ("hy", "en")


def settings(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Flask's configuration from HMUT_* and DATABASE_URL. Creates the data folder and, once, the secret key.

    Exits with one line where a variable makes no sense; one that is set but empty counts as not set.
    """
    os.umask(0o077)  # database, secret and copies are nobody else's
    environment = {name: value for name, value in environment.items() if value.strip()}
    data = Path(environment.get("HMUT_DATA", ROOT / "var")).expanduser().resolve()
    rows = {name: read(name, environment.get(name, usual)) for name, (usual, read) in ROWS.items()}
    host = f"[{rows['HMUT_HOST']}]" if ":" in rows["HMUT_HOST"] else rows["HMUT_HOST"]
    base = _base(environment.get("HMUT_BASE_URL", f"http://{host}:{rows['HMUT_PORT']}").rstrip("/"))
    return {
        **rows,
        "HMUT_DATA": data,
        "HMUT_CONTENT": ROOT,
        "HMUT_BASE_URL": base,
        **_secrets_in(data),
        "SQLALCHEMY_DATABASE_URI": database_url(environment.get("DATABASE_URL", ""), data),
        "HMUT_READ_URL": _read_url(environment.get("DATABASE_READ_URL", "")),
        **_web(base),
    }


def _text(_name: str, text: str) -> str:
    return text


def _switch(name: str, text: str) -> bool:
    """A misread "false" would open the demo, so nothing but 0 and 1 is understood."""
    if text not in ("0", "1"):
        raise SystemExit(f"{name} is 0 or 1, not {text!r}.")
    return text == "1"


def _one_of(name: str, text: str, words: tuple[str, ...]) -> str:
    if text not in words:
        raise SystemExit(f"{name} is {', '.join(words[:-1])} or {words[-1]}, not {text!r}.")
    return text


def _number(name: str, text: str, least: int, most: int, what: str = "a number") -> int:
    if text.isascii() and text.isdigit() and least <= int(text) <= most:
        return int(text)
    raise SystemExit(f"{name} is {what} from {least} to {most}, not {text!r}.")


def _read_url(url: str) -> str:
    """A second PostgreSQL that follows the first."""
    if url and not url.startswith(("postgresql", "postgres:")):
        raise SystemExit("DATABASE_READ_URL is like postgresql://user:password@host/database.")
    return database_url(url, ROOT) if url else ""


def _base(url: str) -> str:
    if re.fullmatch(r"https?://[^\s/?#]+", url):
        return url
    raise SystemExit(f"HMUT_BASE_URL is an address without a path, like https://hmut.example.am, not {url!r}.")


def _smtp(name: str, url: str) -> str:
    if not url or re.fullmatch(r"smtps?://(\S+@)?[^\s@/]+", url):
        return url
    raise SystemExit(f"{name} is like smtp://user:password@host:587 or smtps://host.")


# What stands for itself: its usual text, and what reads it.
ROWS: dict[str, tuple[str, Callable[[str, str], Any]]] = {
    "HMUT_HOST": ("127.0.0.1", _text),
    "HMUT_PORT": ("8000", partial(_number, least=1, most=65_535)),
    "HMUT_PROXY": ("", _text),
    "HMUT_DEMO": ("1", _switch),
    "HMUT_JOBS": ("process", partial(_one_of, words=("process", "thread", "off"))),
    "HMUT_PROCESSES": ("1", partial(_number, least=1, most=32)),
    "HMUT_STAFF": ("process", partial(_one_of, words=("process", "server"))),
    "HMUT_STAFF_SECONDS": ("30", partial(_number, least=1, most=3_600, what="a number of seconds")),
    "HMUT_POOLER": ("0", _switch),
    "HMUT_WEBHOOKS_INSIDE": ("0", _switch),
    "HMUT_API_CALLS": ("300", partial(_number, least=1, most=100_000)),
    "HMUT_LETTER_DAYS": ("90", partial(_number, least=1, most=3_650)),
    "SMTP_URL": ("", _smtp),
    "MAIL_FROM": ("Hmut <hmut@localhost>", _text),
}


def database_url(url: str, data: Path) -> str:
    """The SQLAlchemy address; PostgreSQL's bare scheme is led to psycopg 3, nothing means SQLite in the data folder."""
    if not url:
        return f"sqlite:///{data / 'hmut.db'}"
    scheme, _, rest = url.partition("://")
    if scheme in ("postgresql", "postgres", "postgresql+psycopg") and rest:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and rest.startswith("/"):
        return url
    raise SystemExit("DATABASE_URL is like postgresql://user:password@host/database or sqlite:////folder/hmut.db.")


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


def _secrets_in(data: Path) -> dict[str, Any]:
    """The first line of the file is the secret; further lines are older ones, which still open what they sealed."""
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        _refuse_lost_secret(data)
        newest, *older = _secret(data / "secret").splitlines()
        return {"SECRET_KEY": newest, "SECRET_KEY_FALLBACKS": older}
    except OSError as error:
        raise SystemExit(
            f"{data} cannot hold the data: {error.strerror}. Name a folder that this user may write: HMUT_DATA=…"
        ) from None


def _refuse_lost_secret(data: Path) -> None:
    """A new secret beside an old database would sign everybody out and kill every link without a word."""
    database = data / "hmut.db"
    if database.is_file() and database.stat().st_size and not (data / "secret").exists():
        raise SystemExit(
            f"{database} is there, but the secret that belongs to it is not. Put `secret` back from the back-up. If it "
            f"is lost for good, make a new one: touch {data / 'secret'} (everybody has to sign in again)."
        )


def _secret(path: Path) -> str:
    """The signing key, made once and never readable by others. It appears under its name only when it is whole, so of
    two processes that start together the slower one takes the key of the quicker."""
    if not path.exists() or not path.stat().st_size:
        draft = path.with_name(f"secret-{secrets.token_hex(8)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            if not path.stat().st_size:  # an empty one asks for a new secret
                draft.replace(path)
        draft.unlink(missing_ok=True)
    return path.read_text()
