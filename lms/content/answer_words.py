"""Words that one letter turns into others, and English spellings of one word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import combinations
from pathlib import Path

# Pairs of forms in the shipped content that one slip turns into each other (download and upload in Armenian, reach and
# teach): `python -m lms.content --renew-words` writes them anew.
NEAR_WORDS = Path(__file__).with_name("near_words.txt")
TYPO_LETTERS = 8
SAME_START = 2  # forms that differ in fewer last letters than these are endings of one word
OTHER_PARTS = (
    ("macro", "micro"),
    ("մակրո", "միկրո"),
    ("макро", "микро"),
    ("million", "billion"),
    ("billion", "trillion"),
    ("миллион", "биллион"),
    ("affect", "effect"),
    ("adapt", "adopt"),
    ("complement", "compliment"),
    ("immig", "emig"),
    ("prescri", "proscri"),
    ("inter", "enter"),
    ("contest", "context"),
    ("contest", "content"),
    ("context", "content"),
    ("stationary", "stationery"),
    ("accept", "except"),
    ("hyper", "hypo"),
    ("հիպեր", "հիպո"),
    ("selection", "election"),
    ("location", "vocation"),
    ("retention", "detention"),
    ("reaction", "redaction"),
    ("emission", "omission"),
    ("morality", "mortality"),
    ("discreet", "discrete"),
    ("convert", "concert"),
    ("convers", "convens"),
    ("mission", "omission"),
    ("perspective", "prospective"),
    ("ingenious", "ingenuous"),
    ("relation", "revelation"),
    ("planning", "planting"),
)
OTHER_ENDS = (("er", "ee"), ("or", "ee"), ("er", "ed"), ("or", "ed"), ("ee", "ed"))
DENYING = ("a", "չ", "ա", "а")  # symmetric, asymmetric; վճարված, չվճարված
# հաստատած, հաստատված: who did it and what was done; ներգրաված of ներգրավված is a slip.
PASSIVE = re.compile("(?<!վ)վ(?=(?:ել|ելու|ող|ած|ում|եց|ի)(?:ը|ն|ներ|ները)?$)")
SPELLINGS = tuple(
    (re.compile(pattern), common)
    for pattern, common in (
        (r"([a-z]{2})is((?:e|e[drs]|ers|ing|ations?|ational|able)$)", r"\1iz\2"),
        (r"(l)ys((?:e|e[drs]|ers|ing)$)", r"\1yz\2"),
        (r"(col|fav|hon|hum|lab|behavi|neighb|flav|rum|harb|endeav|vig|savi)our", r"\1or"),
        (r"(ana|cata|dia|mono|pro|epi)logue(s?)$", r"\1log\2"),
        (r"^programme(s?)$", r"program\1"),
        (r"^(cent|theat|lit|fib|calib)re([sd]?)$", r"\1er\2"),
        (r"(travel|label|model|cancel|signal|level|total|counsel|funnel)l(ed|ing|ors?|ers?)$", r"\1\2"),
        (r"(licen|defen|offen|preten|practi)c(e)", r"\1s\2"),
        (r"^grey", "gray"),
        (r"(judg|knowledg)e(ment)", r"\1\2"),
        (r"^(fulfi|enro|insta)l(s?|ments?)$", r"\1ll\2"),
        (r"^skilful", "skillful"),
        (r"^ageing", "aging"),
    )
)


def common_spelling(word: str) -> str:
    """An English word as Americans write it: colour, color; analyse, analyze."""
    if word.isascii():
        for pattern, common in SPELLINGS:
            word = pattern.sub(common, word)
    return word


def is_other_word(a: str, b: str) -> bool:
    """Whether the one slip between two folded words makes them different things."""
    if a.isdigit() or b.isdigit() or any(letter.isdigit() for letter in a + b):
        return True
    pairs = [(part, other) for pair in OTHER_PARTS for part, other in (pair, pair[::-1])]
    return (
        any(part in a and a.replace(part, other, 1) == b for part, other in pairs)
        or any(_stem(a, part) and _stem(a, part) == _stem(b, other) for x in OTHER_ENDS for part, other in (x, x[::-1]))
        or _denies(*sorted((a, b), key=len))
        or any(PASSIVE.sub("", long) == short for long, short in ((a, b), (b, a)))
        or frozenset((a, b)) in near_words()
    )


def _stem(word: str, end: str) -> str:
    """The word without the end, also in the plural; nothing when it ends otherwise."""
    single = word.removesuffix("s")
    return single.removesuffix(end) if single.endswith(end) else ""


def _denies(short: str, long: str) -> bool:
    """asymmetric of symmetric; a letter typed twice ("aadvert") denies nothing."""
    return any(long == letter + short and short[0] != letter for letter in DENYING)


def one_slip(a: str, b: str) -> bool:
    """One letter added, lost, changed, or two neighbours swapped (Damerau 1964), in words of eight letters or more."""
    if min(len(a), len(b)) < TYPO_LETTERS - 1 or max(len(a), len(b)) < TYPO_LETTERS or abs(len(a) - len(b)) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[start:], b[start:]
    swapped = rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:]
    return rest_a[1:] == rest_b[1:] or rest_a[1:] == rest_b or rest_a == rest_b[1:] or swapped


@cache
def near_words() -> frozenset[frozenset[str]]:
    """The pairs of `NEAR_WORDS`."""
    return frozenset(frozenset(line.split()) for line in NEAR_WORDS.read_text(encoding="utf-8").splitlines())


def renew_near_words(texts: Iterable[str]) -> int:
    """Find the pairs of `NEAR_WORDS` in the texts anew and keep them; how many there are."""
    words = {word for text in texts for word in re.findall(r"[^\W\d_]+", text.lower())}
    pairs = [pair for pair in slips_between(words) if common_spelling(pair[0]) != common_spelling(pair[1])]
    NEAR_WORDS.write_text("".join(f"{a} {b}\n" for a, b in pairs), "utf-8")
    return len(pairs)


def slips_between(words: set[str]) -> list[tuple[str, str]]:
    """Pairs of different words that one slip turns into each other; two endings of one word are no such pair."""
    alike: dict[str, set[str]] = {}
    for word in words:
        if len(word) >= TYPO_LETTERS - 1:
            for form in {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}:
                alike.setdefault(form, set()).add(word)
    pairs = {pair for group in alike.values() for pair in combinations(sorted(group), 2)}
    return sorted(pair for pair in pairs if one_slip(*pair) and not _endings(*pair))


def _endings(a: str, b: str) -> bool:
    same = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return max(len(a), len(b)) - same <= SAME_START
