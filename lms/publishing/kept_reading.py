"""What a start has read of published content is kept in the data folder, so that the next one knows it at once.

The file is the program's own: it counts only under the installation's secret, for these bytes of the program and of
its libraries, and each reading in it only for the same bytes of its file. It may be deleted at any time.
"""

from __future__ import annotations

import gc
import hashlib
import hmac
import os
import pickle
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

import lms
from lms.content.parse_cache import lasting
from lms.content.reading_cache import Readings, brought, noting

NAME = "read-content"
ROOMS = ("content", "competency", "psychometrics", "formats")  # all that reading content runs through
LIBRARIES = ("markdown", "pymdown-extensions", "msgspec", "pyyaml")


@contextmanager
def kept_reading(data: Path, secret: str) -> Iterator[None]:
    """Know what the last start has read, and keep what is read inside for the next. For a process of one thread."""
    file, key = data / NAME, _key(secret)
    with brought(_recalled(file, key)), noting() as noted:
        yield
    if noted.fresh:
        _keep(file, key, lasting(noted.readings()))


def _key(secret: str) -> bytes:
    """Another one whenever the same bytes could be read otherwise."""
    digest = hashlib.sha256(f"{secret} {sys.version} {[version(name) for name in LIBRARIES]}".encode())
    house = Path(lms.__file__).parent
    for path in sorted(path for room in ROOMS for path in (*house.glob(f"{room}.py"), *house.glob(f"{room}/**/*.py"))):
        digest.update(path.read_bytes())
    return digest.digest()


def _recalled(file: Path, key: bytes) -> Readings:
    """Nothing where the file is absent, cut short, another program's or another installation's."""
    try:
        written = memoryview(file.read_bytes())
    except OSError:
        return {}
    size = hashlib.blake2b().digest_size
    if not hmac.compare_digest(written[:size], _seal(written[size:], key)):
        return {}
    with _uncollected():
        readings: Readings = pickle.loads(written[size:])  # noqa: S301  sealed with our own secret
    return readings


def _keep(file: Path, key: bytes, readings: Readings) -> None:
    """Whole or not at all; a folder without room for it costs the next start a second."""
    with _uncollected():
        data = pickle.dumps(readings, pickle.HIGHEST_PROTOCOL)
    part = file.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        try:
            part.touch(mode=0o600)
            part.write_bytes(_seal(data, key) + data)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)


def _seal(data: bytes | memoryview, key: bytes) -> bytes:
    return hashlib.blake2b(data, key=key).digest()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Many objects at once are no reason to look for garbage among them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
