"""Which signs the fonts of our documents can draw. A PDF/UA document with any other is refused by its maker."""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent / "fonts"
STAND_IN = "?"  # for a letter that no font of ours draws
SYMBOLS = {"So", "Sk", "Cs", "Co", "Cn", "Cc", "Cf", "Mn", "Me"}  # these are left out without a stand-in


def printable(value: Any) -> Any:
    """JSON-able data whose texts hold only what can be drawn: pictures and marks go, a letter becomes `STAND_IN`."""
    if isinstance(value, str):
        return _drawn(value)
    if isinstance(value, dict):
        return {key: printable(each) for key, each in value.items()}
    return [printable(each) for each in value] if isinstance(value, list | tuple) else value


def is_printable(text: str) -> bool:
    """Whether every sign of the text can be drawn."""
    return _drawn(text) == text


def _drawn(text: str) -> str:
    if all(ord(sign) in drawable() for sign in text):
        return text
    signs = (sign if ord(sign) in drawable() else _instead(sign) for sign in unicodedata.normalize("NFC", text))
    return re.sub(r" {2,}", " ", "".join(signs)).strip() or STAND_IN


def _instead(sign: str) -> str:
    return "" if unicodedata.category(sign) in SYMBOLS else STAND_IN


@cache
def drawable() -> frozenset[int]:
    """Code points that a font draws in both its weights, and line breaks."""
    families: dict[str, set[int]] = {}
    for path in sorted(FONTS.glob("*.ttf")):
        points = set(_code_points(path.read_bytes()))
        family = path.stem.partition("-")[0]
        families[family] = families[family] & points if family in families else points
    return frozenset({ord("\n")}.union(*families.values()))


def _code_points(font: bytes) -> Iterator[int]:
    """What a TrueType font's table `cmap` maps to a glyph (OpenType specification, formats 4 and 12)."""
    tables = struct.unpack_from(">H", font, 4)[0]
    records = (struct.unpack_from(">4sLLL", font, 12 + 16 * place) for place in range(tables))
    cmap = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    for place in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        start = cmap + struct.unpack_from(">L", font, cmap + 8 + 8 * place)[0]
        kind = struct.unpack_from(">H", font, start)[0]
        if kind == 12:
            yield from _groups(font, start)
        elif kind == 4:
            yield from _segments(font, start)


def _groups(font: bytes, start: int) -> Iterator[int]:
    for place in range(struct.unpack_from(">L", font, start + 12)[0]):
        first, last, _ = struct.unpack_from(">LLL", font, start + 16 + 12 * place)
        yield from range(first, last + 1)


def _segments(font: bytes, start: int) -> Iterator[int]:
    count = struct.unpack_from(">H", font, start + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, start + 14)
    starts = struct.unpack_from(f">{count}H", font, start + 16 + 2 * count)
    for first, last in zip(starts, ends, strict=True):
        yield from (point for point in range(first, last + 1) if point != 0xFFFF)
