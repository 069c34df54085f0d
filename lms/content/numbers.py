"""Reading numbers as people in Armenia and English readers write them in an answer."""

from __future__ import annotations

import re

BEFORE = re.compile(r"^(?:[≈~=]|%|֏|amd\b)\s*")
AFTER = re.compile(
    r"\s*(?:[%֏x×]|(?:տոկոս|դրամ|րոպե|անգամ)\w*|(?:դր|րոպ|ր|min|mins)\.?"
    r"|amd|drams?|percent|per cent|pct|minutes?|times)$"
)
UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff]")
SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
THOUSANDS = re.compile(r"(?<=\d)[ '’](?=\d{3}(?!\d))")
NUMBER = re.compile(r"[+-]?(\d+(?:[.,]\d+)*|[.,]\d+)")


def readings(text: str) -> tuple[float, ...]:
    """The numbers that `text` may mean, the likeliest first; () when it is no number.

    Accepts comma or point, spaces or apostrophes between thousands, a unit before or after, a full stop at the end. A
    single separator before exactly three digits is ambiguous ("1,234"): as a decimal and as a thousands sign.
    """
    bare = SPACES.sub(" ", UNSEEN.sub("", text).strip().lower().replace("\u2212", "-").replace("\u2013", "-"))
    bare = AFTER.sub("", BEFORE.sub("", bare).rstrip(" ։:;")).rstrip(".,")
    bare = re.sub(r"^([+-]) ", r"\1", THOUSANDS.sub("", bare))
    if not NUMBER.fullmatch(bare):
        return ()
    marks = re.findall(r"[.,]", bare)
    if len(marks) > 1:
        if len(set(marks)) == 1:
            return _grouped(bare, marks[0])
        last = marks[-1]
        other = "," if last == "." else "."
        return (float(bare.replace(other, "").replace(last, ".")),) if bare.count(last) == 1 else ()
    decimal = float(bare.replace(",", "."))
    if marks and re.fullmatch(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", bare):
        return decimal, float(bare.replace(marks[0], ""))
    return (decimal,)


def _grouped(bare: str, mark: str) -> tuple[float, ...]:
    sound = re.fullmatch(rf"[+-]?\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+", bare)
    return (float(bare.replace(mark, "")),) if sound else ()
