"""Search finds every form of a word, on both engines, and nothing that is typed into it does harm."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms import publishing
from lms.publishing.search import snippet
from lms.publishing.stems import question, stems

pytestmark = pytest.mark.both_engines

FORMS = (
    "ցանց ցանցը ցանցեր ցանցերը ցանցերի ցանցերում ցանցի ցանցից ցանցով",
    "լսարան լսարանը լսարանի լսարանին լսարանից լսարաններ լսարանների",
    "հաճախորդ հաճախորդը հաճախորդի հաճախորդներին հաճախորդներից",
    "բովանդակություն բովանդակության բովանդակությունը բովանդակությամբ",
    "գրառում գրառումը գրառումներ գրառման գրառումների",
    "խնդիր խնդրի խնդիրներ խնդիրները",
    "Երևան Երեւան ԵՐԵՎԱՆ Երևանում",
    "ինչու Ինչո՞ւ Ինչու՞",
    "post posts",
)
APART = (("ցանց", "ցանկ"), ("գրառում", "գրադարան"), ("լսարան", "լսող"), ("գին", "գնդակ"), ("class", "clas"))


@pytest.mark.parametrize("forms", FORMS)
def test_the_forms_of_a_word_share_their_stem(forms: str) -> None:
    assert len(set(stems(forms))) == 1, stems(forms)


@pytest.mark.parametrize(("one", "other"), APART)
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert stems(one) != stems(other)


def test_forms_find_the_same_sections(context: Flask) -> None:
    for pair in (("ցանց", "ցանցերի"), ("հաճախորդ", "հաճախորդներին"), ("ինչու", "Ինչո՞ւ")):
        found = [{(hit.module, hit.anchor) for hit in publishing.search(query, "hy")} for query in pair]
        assert found[0] == found[1] != set()


def test_a_beginning_finds_the_word(context: Flask) -> None:
    assert {hit.module for hit in publishing.search("բովանդ", "hy")} >= {
        hit.module for hit in publishing.search("բովանդակություն", "hy")[:1]
    }


def test_sections_with_every_word_come_alone_and_else_any_of_them(context: Flask) -> None:
    every = publishing.search("social networks", "en")
    assert every and all("social" in _text(hit) or "network" in _text(hit) for hit in every)
    assert publishing.search("followers xyzzyplugh", "en"), "one known word is enough where no section has both"


def _text(hit: publishing.Hit) -> str:
    return (hit.heading + "".join(piece for piece, _ in hit.snippet)).lower()


def test_the_readers_language_comes_first(context: Flask) -> None:
    for language in ("hy", "en"):
        assert publishing.search("SMM", language)[0].language == language


HOSTILE = (
    '"',
    "'",
    "*",
    "\"*' OR 1=1 --",
    "a AND",
    "NEAR(a b)",
    "(",
    "!",
    "<->",
    ":*",
    "&|",
    "\\",
    "\0",
    "%",
    "_",
    "а" * 10_000,
)


def test_hostile_questions_are_only_words(context: Flask) -> None:
    for query in HOSTILE:
        assert isinstance(publishing.search(query, "hy"), list)
        assert len(question(query * 50)) <= 12


def test_a_heading_weighs_more_than_a_mention(context: Flask) -> None:
    first = publishing.search("mistake", "en")[0]
    assert "mistake" in first.heading.lower()


def test_a_snippet_shows_the_word_in_its_own_form() -> None:
    plain = "Առաջին նախադասություն առանց բառի։ " * 8 + "Այստեղ ցանցերի՞ մասին է խոսքը։ " + "Վերջ։ " * 60
    pieces = snippet(plain, question("ցանց"))
    assert [piece for piece, found in pieces if found] == ["ցանցերի՞"]
    assert len("".join(piece for piece, _ in pieces)) < 220


def test_the_page_answers_and_keeps_the_question(signed_in: Callable[[str], FlaskClient]) -> None:
    reply = signed_in("trainee").get("/search", query_string={"q": "ցանցերի <b>"})
    assert reply.status_code == 200
    assert "ցանցերի &lt;b&gt;" in reply.text and "<mark>" in reply.text
