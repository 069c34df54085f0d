"""Armenian answers are compared as the language rules say."""

import pytest

from lms.content.answer_matching import fold_hy, same

# The tested vectors of the language rules.
VECTORS = [
    ("Ինչո՞ւ", "Ինչու՞", True),
    ("Երևան", "Երեւան", True),
    ("Երևան", "ԵՐԵՎԱՆ", True),
    ("«Թիրախային լսարան»", "թիրախային լսարանը։", True),
    ("հեշթեգ", "#հեշթեգ", True),
    ("բովանդակություն", "բովանդակությունը", True),
    ("հարթակ", "հարթակն", True),
    ("կարծիք:", "կարծիք։", True),
    ("ո՛չ", "ոչ", True),
    ("ներգրավում", "ներգրավվածություն", False),
    ("գրառում", "գրառումներ", False),
    ("e-mail", "email", True),
    ("C.T.R.", "CTR", True),
    ("don't", "don’t", True),
    ("users'", "users", True),
    ("the reach", "reach", True),
    ("a", "the", False),
    ("100 %", "100%", True),
    ("1.5", "15", False),
    ("1,5", "1.5", True),
    ("CTR", "СТR", True),  # two Cyrillic letters
    ("CPC", "СРС", True),  # all of them
    ("օգտատեր", "oգտատեր", True),  # a Latin o
    ("ուղերձ", "nւղերձ", True),  # a Latin n
    ("пост", "post", False),
    ("reach", "reach rate", False),
]


@pytest.mark.parametrize(("a", "b", "equal"), VECTORS)
def test_vectors(a: str, b: str, equal: bool) -> None:
    assert same(a, b) is equal
    assert same(b, a) is equal


def test_ligatures_soft_hyphens_and_joiners_vanish() -> None:
    assert fold_hy("ﬓ ﬔ ﬕ ﬖ ﬗ") == "մն մե մի վն մխ"
    assert fold_hy("բո֊վան\u00adդա\u200bկու\ufeffթյուն") == "բովանդակություն"
    assert fold_hy("  CTR-ը, 41%!  ") == "ctr ը 41%"


def test_article_needs_three_letters() -> None:
    assert not same("նա", "նան")
    assert same("լայք", "լայքը")


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        ("հասանելիություն", "հասանելեություն", True),  # one letter changed
        ("հասանելիություն", "հասանելիությւն", True),  # one lost
        ("հասանելիություն", "հասանելեությւն", False),  # two slips
        ("impressions", "imrpessions", True),  # two neighbours swapped
        ("impressions", "imprezzions", False),
        ("reach", "raech", False),  # too short a word
        ("storytelling", "sstorytelling", True),
    ],
)
def test_one_slip_in_long_words(a: str, b: str, equal: bool) -> None:
    assert same(a, b, typo=True) is equal
    assert not same(a, b)
