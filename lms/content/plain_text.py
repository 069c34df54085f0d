"""One form of what Unicode writes in several, before typed answers are read."""

from __future__ import annotations

import re
import unicodedata

# Soft hyphens, joiners, marks of direction, byte order marks; what changes a sign's look or holds signs together.
UNSEEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
ONE_SIGN = str.maketrans(
    {
        **dict.fromkeys("\u02bc\u02bb\u02b9\u02bd\u2018\u2019\u00b4\u2032\u055a`", "'"),
        **dict.fromkeys("™℠®©"),
        "\u066a": "%",
        "\u066b": ".",
        "\u066c": ",",
    }
)
DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u058a\ufe58\ufe63\uff0d", "-"))
ACCENTS = re.compile("(?<=[a-z])[\u0300-\u036f]+")


def plain(text: str) -> str:
    """Lower case without what is not seen: ligatures, wide letters, apostrophes and spaces in their common form."""
    return unicodedata.normalize("NFKC", UNSEEN.sub("", text).translate(ONE_SIGN)).lower()


def without_accents(text: str) -> str:
    """Latin letters as a keyboard without them writes them: résumé, resume. й and ё keep theirs."""
    return unicodedata.normalize("NFC", ACCENTS.sub("", unicodedata.normalize("NFD", text)))
