"""Search finds every form of a word, on both engines, and nothing that is typed into it does harm."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from lms import publishing
from lms.database import db
from lms.publishing.search import snippet
from lms.publishing.stems import question, stems
from lms.publishing.vocabulary import distance

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


TYPED = """
brend|ապրանքանիշ; բրենդ|ապրանքանիշ; brand|ապրանքանիշ; бренд|ապրանքանիշ
engagement|ներգրավվածություն; engagment|ներգրավվածություն; ներգրավվածութուն|ներգրավվածություն
targeting|թիրախավորում; targetting|թիրախավորում; թարգեթինգ|թիրախավորում; տարգետ|թիրախավորում
smm|SMM; SMM|SMM; սմմ|SMM; ՍՄՄ|SMM
reels|Reels; Reel|Reels; ռիլս|Reels; ռիլզ|Reels
instagram|Instagram; ինստագրամ|Instagram; instagarm|Instagram; insta|Instagram
facebook|Facebook; ֆեյսբուք|Facebook; tiktok|TikTok; տիկտոկ|TikTok; youtube|YouTube; յութուբ|YouTube
լսարն|լսարան; լսարաններ|լսարան; lsaran|լսարան; lsarani|լսարան; auditoria|լսարան
funel|հաճախորդի ճանապարհ; ֆանել|հաճախորդի ճանապարհ; funnel|հաճախորդի ճանապարհ
hashtag|հեշթեգ; հեշտեգ|հեշթեգ; hashtak|հեշթեգ; կոնտենտ|բովանդակություն; bovandakutyun|բովանդակություն
մարկետինգ|մարքեթինգ; strategia|ռազմավարություն; ռազմավրություն|ռազմավարություն; razmavarutyun|ռազմավարություն
hetevord|հետևորդ; folower|հետևորդ; լայք|հավանում; թրենդ|միտում; hachakhord|հաճախորդ; ցանցերի|ցանց; tsants|ցանց
"""
PLAN = "SELECT 1 FROM search_section WHERE to_tsvector('simple', stems) @@ to_tsquery('simple', 'insta:* | reels')"
PAIRS = [pair.strip().split("|") for line in TYPED.split("\n") for pair in line.split(";") if pair.strip()]


def test_what_people_type_finds_what_the_texts_say(context: Flask) -> None:
    """Terms of the glossary in both languages, loan words, either script, a slip of a letter: the same places, and
    those of the reader's language first."""
    assert len(PAIRS) >= 40
    for typed, said in PAIRS:
        hits, meant = publishing.search(typed, "hy"), publishing.search(said, "hy")
        assert hits and hits[0].language == "hy", typed
        assert {(hit.module, hit.anchor) for hit in hits[:3]} & {(hit.module, hit.anchor) for hit in meant}, typed


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_what_was_just_published_is_looked_up_and_not_read_through(context: Flask, engine_name: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE own AS SELECT * FROM search_section"))
        connection.execute(text("DELETE FROM search_section"))
        connection.execute(text("INSERT INTO search_section SELECT * FROM own"))
        connection.execute(text("DROP TABLE own"))
        plan = "\n".join(connection.execute(text(f"EXPLAIN {PLAN}")).scalars())
        connection.rollback()
    assert "ix_search_section_stems" in plan, plan


def test_nobody_is_told_what_they_did_not_mean(context: Flask) -> None:
    for strange in ("xyzzyplugh", "qqq", "ճճճճ", "12345678901"):
        assert publishing.search(strange, "hy") == [], strange
    assert not publishing.understood("բովանդ").another, "the beginning of a word is no slip"


def test_a_place_comes_once_and_in_the_readers_language(context: Flask) -> None:
    hits = publishing.search("Instagram", "en")
    assert len({(hit.module, hit.anchor) for hit in hits}) == len(hits)


def test_distance_counts_neighbours_that_changed_places_once() -> None:
    pairs = {("funel", "funnel"): 1, ("instagarm", "instagram"): 1, ("abc", "abc"): 0, ("kitten", "sitting"): 3}
    assert {pair: distance(*pair) for pair in pairs} == pairs


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
