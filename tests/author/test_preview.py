"""Files before they are published: both languages side by side, what the check says of them, and nothing kept."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms import publishing
from lms.assess import begin
from lms.config import ROOT
from lms.content.new_content import course_files, module_files
from lms.database import db, read_only
from lms.evidence.models import Seen
from lms.learn.specifications import CHECK
from lms.publishing.models import Publication, Revision
from tests.cast import Cast
from tests.html import page, words

FOLDER = "courses/smm-foundations"
STEM = "01-what-is-smm"
BANK = "quizzes/practice/smm-foundations/01-what-is-smm.md"


@pytest.fixture
def author(signed_in: Callable[[str], FlaskClient]) -> FlaskClient:
    return signed_in("instructor")


def shown(client: FlaskClient, files: dict[str, str], code: int = 200) -> str:
    sent = [(BytesIO(text.encode()), Path(name).name) for name, text in files.items()]
    answer = client.post("/content/preview", data={"files": sent}, content_type="multipart/form-data")
    assert answer.status_code == code
    return answer.get_data(as_text=True)


def published(*paths: str) -> dict[str, str]:
    return {path: (ROOT / path).read_text("utf-8") for path in paths}


def kept(app: Flask) -> tuple[int, ...]:
    with app.app_context(), read_only():
        return tuple(db.session.scalar(select(func.count()).select_from(row)) or 0 for row in (Revision, Publication))


def test_both_languages_stand_side_by_side_and_nothing_is_kept(app: Flask, cast: Cast, author: FlaskClient) -> None:
    before = kept(app)
    files = published(f"{FOLDER}/{STEM}.hy.md", f"{FOLDER}/{STEM}.en.md", BANK)
    english = f"{FOLDER}/{STEM}.en.md"
    files[english] = files[english].replace("The bakery-café Alratun", "The tea house Alratun")
    found = page(shown(author, files))
    first = next(row for row in found.all(".sides") if "tea house" in words(row))
    assert "Վանաձոր" in words(first), "the same section in both languages"
    assert [side.get("lang") for side in first.select("section")] == ["hy", "en"]
    assert "Every rule of the check holds" in words(found.one("main"))
    assert kept(app) == before
    with app.app_context(), read_only():
        asked = {item.id for _, item in publishing.items() if item.path == BANK}
        assert asked <= set(db.session.scalars(select(Seen.item_key).filter_by(person_id=cast.instructor)))


def test_a_mistake_is_told_with_its_line_and_its_question_waits(author: FlaskClient) -> None:
    text = published(BANK)[BANK]
    wrong = text.replace("sub: content.copy", "sub: content.cpy", 1)
    assert wrong != text
    told = words(page(shown(author, {BANK: wrong})).one("main"))
    assert "content.copy" in told and f"{BANK}:" in told and "once its errors are mended" in told


def test_a_new_module_of_a_course_needs_no_course_file(author: FlaskClient) -> None:
    files = module_files("C1.77", "smm-foundations", "77-new", "2026-11-01")
    told = words(page(shown(author, files)).one("main"))
    assert "C1.77" in told and "errors: 0" in told


def test_a_new_course_brings_its_own(author: FlaskClient) -> None:
    files = course_files("C77", "tea-house", "2026-11-01")
    assert "C77.1" in words(page(shown(author, files)).one("main"))
    alone = {name: text for name, text in files.items() if "course.yaml" not in name}
    told = words(page(shown(author, alone)).one("main"))
    assert "no published course has the id C77" in told


@pytest.mark.parametrize(
    "text", ["", "---\n", "---\nid: [", "\x00", "---\nbank: ../../x\n---\n", "---\nbank: a\n---\n## q\n"]
)
@pytest.mark.parametrize("name", ["01-a.en.md", "course.yaml", "b.md", "c.txt"])
def test_whatever_is_handed_over_gets_an_answer(author: FlaskClient, name: str, text: str) -> None:
    assert "tag-bad" in shown(author, {name: text})


def test_none_and_too_many_are_refused(author: FlaskClient) -> None:
    assert "Choose one to 12 files" in shown(author, {}, 422)
    assert "Choose one to 12 files" in shown(author, {f"{number}.md": "" for number in range(13)}, 422)


def test_no_key_is_shown_during_its_test(app: Flask, cast: Cast, signed_in: Callable[[str], FlaskClient]) -> None:
    with app.app_context():
        begin(cast.person("outsider"), CHECK.name, "C1.1")
        db.session.commit()
    shown(signed_in("outsider"), published(BANK), 403)
