"""What is guessed first is refused, in whatever dress; a sentence passes."""

from __future__ import annotations

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from lms.identity.passwords import SHORTEST, is_guessable, verify

COMMON = FREQUENCY_LISTS["passwords"]
LONG = [word for word in COMMON if len(word) >= SHORTEST]


def alternating(word: str) -> str:
    return "".join(letter.upper() if place % 2 else letter for place, letter in enumerate(word))


@pytest.mark.parametrize("dress", [str, str.upper, str.title, alternating])
def test_a_common_password_is_refused_however_its_letters_stand(dress: object) -> None:
    assert callable(dress)
    passed = [word for word in LONG[::25] if not is_guessable(dress(word))]
    assert not passed


def test_a_short_common_password_is_refused_twice_over() -> None:
    """Doubled only to pass the length rule."""
    doubled = [word * 2 for word in COMMON[::150] if len(word) * 2 >= SHORTEST]
    assert len(doubled) > 100
    assert [word for word in doubled if not is_guessable(word)] == []


def test_names_of_person_house_and_program_alone_are_refused() -> None:
    about = ("anahit.sargsyan@example.am", "Անահիտ Սարգսյան", "Aygi", "aygi")
    for password in ("anahit.sargsyan", "Sargsyan2026", "հմուտհմուտ", "aygiaygiaygi", "exampleexample"):
        assert is_guessable(password, about), password
    assert not is_guessable("Անձրևից հետո այգում", about)


def test_a_long_password_of_one_or_two_letters_is_refused() -> None:
    assert is_guessable("ab" * 50) and is_guessable("a" * 100)
    assert not is_guessable("rain, a garden and three umbrellas " * 3)


ABOUT = ("ani.petrosyan@alpha.am", "Անի Պետրոսյան", "Ալֆա ակադեմիա", "alpha")
GUESSED = (
    *("Hmut2026!!", "հմուտ2026!", "hmut-hmut-hmut", "Alpha-2026!", "alpha.am2026", "Ալֆա2026!!", "trainee@alpha"),
    *("AniPetrosyan1", "անիպետրոսյան1", "ԱնիՊետրոսյան2026", "petrosyan.ani", "ANIPETROSYAN!", "naysortep1"),
    *("a n i p e t r o s y a n", "4lph4alpha!", "P3trosyan26", "ani@alpha.am1"),
    *("Երևան2026!", "yerevan2026", "Hayastan2026", "գաղտնաբառ123", "բարևբարև12", "пароль12345", "йцукенгшщз"),
)
SOUND = ("a long walk in Dilijan", "Անիի կապույտ աթոռը", "7 stones by the lake", "alpha centauri journey", "xK9#mQ2$vL")


@pytest.mark.parametrize("password", GUESSED)
def test_names_in_whatever_script_make_no_password(password: str) -> None:
    assert is_guessable(password, ABOUT)


@pytest.mark.parametrize("password", SOUND)
def test_a_word_of_ones_own_among_others_is_no_reason(password: str) -> None:
    assert not is_guessable(password, ABOUT)


def test_no_password_opens_an_account_that_is_not_there() -> None:
    assert not verify(None, "no account has this password"), "nor the one of the hash that stands in"
