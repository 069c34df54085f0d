"""One level, one interval, one cap, wherever they are told; and one file whose cut moves them all."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import Tag
from flask import Flask, g
from flask.testing import FlaskClient

from lms import evidence, publishing
from lms.competency import LevelStatement, on_scale, state
from lms.config import ROOT
from lms.database import db
from lms.evidence.level_words import interval_words
from lms.learn import certificates
from lms.learn.models import Certificate
from lms.learn.progress import progress_of
from lms.psychometrics.matrix import Cell
from tests.cast import Cast
from tests.evidence.known import CAPPED, FREE, ROUGH, make_known
from tests.html import Page, page, words

SignIn = Callable[[str], FlaskClient]
Told = tuple[str, str, str, bool]  # what is said of the level, the two ends, whether a cap is named
GRAIN = r"((?:at least|up to) level \d \(95%\)|level \d to \d(?:, most likely \d)?|\d)"
SAID = re.compile(GRAIN + r"[\s(,;·]*(\d\.\d)(?: to |–)(\d\.\d)")
BAND = 8.0, 56.8  # left edge and width of a level in a band


def told(text: str) -> Told:
    found = SAID.search(text)
    assert found, text
    return found[1], found[2], found[3], "shown as" in text


def drawn(band: Tag) -> tuple[str, str]:
    """The ends that a reader with a ruler finds in a band."""
    (bar,) = band.select('rect[y="8"]')
    left, width = (float(str(bar[name])) for name in ("x", "width"))
    low, high = ((at - BAND[0]) / BAND[1] for at in (left, left + width))
    return f"{low:.1f}", f"{high:.1f}"


def ends_of(cell: Cell, cuts: Sequence[float]) -> tuple[str, str]:
    """By the tenth that is reached."""
    low, high = (int(10 * on_scale(end, cuts)) / 10 for end in (cell.low, cell.high))
    return f"{low:.1f}", f"{high:.1f}"


def row_of(opened: Page, name: str) -> Tag:
    """The first row of a table whose header cell is this name."""
    return next(row for row in opened.all("tr") for head in row.select("th[scope=row]") if words(head) == name)


@pytest.fixture
def names(app: Flask) -> dict[str, str]:
    with app.app_context():
        return evidence.framework().cell_names("en")


@pytest.fixture
def person(app: Flask, cast: Cast) -> int:
    with app.app_context():
        make_known(cast.trainee)
    return cast.trainee


def issued(app: Flask, person: int, sub: str) -> Certificate:
    """A certificate about a course that teaches the sub-competency."""
    modules = publishing.library().modules.values()
    course = publishing.library().courses[next(it.course for it in modules if sub in it.sub_competencies)]
    found = certificates.certify(db.session.get_one(certificates.Person, person), course, progress_of(person))
    db.session.commit()
    return found


def everywhere(signed_in: SignIn, app: Flask, person: int, key: str, name: str) -> Iterator[tuple[str, Told]]:
    """What each page says about a skill, with the ends that its picture draws held against its words."""
    trainee, hr = signed_in("trainee"), signed_in("hr")
    for place, client, path in (
        ("matrix", trainee, "/matrix"), ("team row", hr, "/team"), ("person", hr, f"/team/{person}"),
    ):  # fmt: skip
        opened = page(client.get(path))
        if place == "team row":
            cells = opened.all(f'table.skill-levels td[data-label="{name}"]')
            row = next(cell for cell in cells if "to" in words(cell))
        elif place == "matrix":
            row = opened.one(f'.drawing [data-cell="{key}"] summary')
            assert words(row).startswith(name) and drawn(row.select("svg")[0]) == told(words(row))[1:3]
        else:
            row = row_of(opened, name)
            assert drawn(row.select("svg")[0]) == told(words(row))[1:3], place
        yield place, told(words(row))
    card, level, text = card_of(trainee, key)
    ends = re.search(r"range (\d\.\d) to (\d\.\d)", text)
    assert ends and drawn(card.select("svg")[0]) == ends.groups()
    yield "cell", (level, ends[1], ends[2], "shown as" in text)
    lines = [words(line) for line in page(trainee.get("/home")).all("li")]
    yield "home", told(next(line for line in lines if line.startswith(name)))


def card_of(client: FlaskClient, key: str) -> tuple[Tag, str, str]:
    """The first card of a cell's page, what it says of the level, and its words."""
    card = page(client.get(f"/matrix/{key}")).one("section.card")
    return card, words(card.select("p.score .said")[0]), words(card)


def of_certificate(app: Flask, client: FlaskClient, person: int, sub: str, name: str) -> Iterator[tuple[str, Told]]:
    with app.app_context():
        code = issued(app, person, sub).code
    row = row_of(page(client.get(f"/certificates/{code}")), name)
    assert drawn(row.select("svg")[0]) == told(words(row))[1:3]
    yield "certificate", told(words(row))
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        g.pop("shelf", None)
        cells = certificates.words(certificates._by_code(code))["cells"]
        (line,) = (cell for cell in cells if cell["name"] == name)
        assert drawn(page(line["picture"]).soup) == told(line["level"])[1:3]
        yield "document", told(line["level"])


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize(("key", "capped"), [(CAPPED, True), (FREE, False), (ROUGH, False)])
def test_every_page_says_the_same_level_interval_and_cap(
    signed_in: SignIn, app: Flask, person: int, names: dict[str, str], key: str, capped: bool
) -> None:
    with app.app_context():
        measured = evidence.matrix_of(person)
        said = state(measured.cells[key], measured.rules.cuts)
    known = {CAPPED: "2", FREE: str(said.level), ROUGH: f"up to level {said.most} (95%)"}
    expected = (known[key], f"{said.low:.1f}", f"{said.high:.1f}", capped)
    assert (said.cap is not None) is capped
    assert dict(everywhere(signed_in, app, person, key, names[key])) == dict.fromkeys(
        ("matrix", "team row", "person", "cell", "home"), expected
    )


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_certificate_document_and_cell_page_agree(
    signed_in: SignIn, app: Flask, person: int, names: dict[str, str]
) -> None:
    with app.app_context():
        matrix = evidence.matrix_of(person)
        taught = {sub for module in publishing.library().modules.values() for sub in module.sub_competencies}
        sub = next(sub for sub in matrix.skills[CAPPED] if matrix.cells[sub].precise and sub in taught)
    client = signed_in("trainee")
    card, level, text = card_of(client, sub)
    expected = (level, *drawn(card.select("svg")[0]), "shown as" in text)
    assert dict(of_certificate(app, client, person, sub, names[sub])) == dict.fromkeys(
        ("certificate", "document"), expected
    )


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_certificate_of_the_first_release_keeps_its_words(signed_in: SignIn, app: Flask, person: int) -> None:
    """Its cells stand on the ability scale; level and ends come out as they were measured then."""
    with app.app_context():
        found = issued(app, person, "content.copy")
        entry = {"key": "content.copy", "theta": 1.0, "sd": 0.3, "level": 2, "low_level": 2, "high_level": 2,
                 "low": 0.5, "high": 1.5, "n": 9, "enough": True}  # fmt: skip
        data = {name: value for name, value in found.data.items() if name != "framework"}
        found.data = {**data, "cells": [entry]}
        db.session.commit()
        code = found.code
    opened = page(signed_in("trainee").get(f"/certificates/{code}"))
    assert told(words(row_of(opened, "Engaging texts"))) == ("2", "3.0", "4.0", True)
    assert "provisional" in opened.text()


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_one_cut_changed_in_the_file_moves_every_page_the_items_and_the_document(
    signed_in: SignIn, app: Flask, cast: Cast, person: int, names: dict[str, str], tmp_path: Path
) -> None:
    """The cut just below what was measured is lifted above it: the level falls by one wherever it is told."""
    with app.app_context():
        matrix = evidence.matrix_of(person)
        theta, cuts = matrix.cells[FREE].theta, list(matrix.rules.cuts)
        level = matrix.cells[FREE].level
        item = next(number for number, it in publishing.items() if it.level == level)
        start = evidence.units([item], None)[item].b[-1]
    before = dict(everywhere(signed_in, app, person, FREE, names[FREE]))
    assert level and {said[0] for said in before.values()} == {str(level)}
    cuts[level - 1] = round(theta + 0.05, 3)
    publish(app, tmp_path, cuts)
    after = dict(everywhere(signed_in, app, person, FREE, names[FREE]))
    ends = ends_of(matrix.cells[FREE], cuts)
    assert after == dict.fromkeys(before, (str(level - 1), *ends, False))
    with app.app_context():
        moved = evidence.units([item], None)[item].b[-1] - start
        assert moved == pytest.approx(cuts[level - 1] - matrix.rules.cuts[level - 1], abs=0.02)
        cells = evidence.matrix_of(person).cells
        sub = next(sub for sub in matrix.skills[FREE] if cells[sub].precise)
        ends = ends_of(cells[sub], cuts)
    for place, said in of_certificate(app, signed_in("trainee"), person, sub, names[sub]):
        assert said[:3] == (str(int(on_scale(cells[sub].theta, cuts))), *ends), place


def test_an_interval_that_begins_above_its_level_bears_the_estimate(app: Flask) -> None:
    """Level 2 reaches from 2 to 3; beside 2.2 to 3.6 it reads like a slip."""
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        around, above = (LevelStatement("content", 2, 2.8, low, 3.6, None, 12, {}, ()) for low in (2.0, 2.2))
        assert [interval_words(said) for said in (around, above)] == ["2.0 to 3.6", "2.2 to 3.6; estimate 2.8"]
        assert interval_words(replace(above, cap=2)) == interval_words(replace(above, grain="range")) == "2.2 to 3.6"


def publish(app: Flask, folder: Path, cuts: list[float]) -> None:
    """The shipped content with these cuts in its one file."""
    for name in ("courses", "quizzes"):
        shutil.copytree(ROOT / name, folder / name)
    file = folder / "quizzes/reference/skill_matrix.yaml"
    text, count = re.subn(r"theta: \[.*\]", f"theta: {cuts}", file.read_text("utf-8"))
    assert count == 1
    file.write_text(text, "utf-8")
    with app.app_context():
        assert publishing.load(folder).findings == ()
        db.session.commit()
