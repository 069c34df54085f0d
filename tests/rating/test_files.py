"""Files of a portfolio piece: what is in them proves what they are, and nobody but author and raters gets them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.database import db
from lms.identity.models import Person
from lms.privacy import export
from lms.privacy.subject import subject_of
from lms.rating import files, works
from lms.rating.models import RatedWork, WorkFile
from tests.cast import Cast
from tests.html import page
from tests.rating import writer

People = Callable[[str], FlaskClient]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF\x01\x02\x03\nWEBPVP8", "image/webp"),
        (b"\0\0\0\x18ftypisom", "video/mp4"),
        (b"\0\0\0\x18ftypheic", None),
        (b"<html><script>alert(1)</script>", None),
        (b"<svg xmlns=''>", None),
        (b"MZ\x90", None),
        (b" %PDF-1.7", None),
        (b"", None),
    ],
)
def test_the_first_bytes_say_what_a_file_is(content: bytes, kind: str | None) -> None:
    assert files.kind_of(content) == kind


def test_a_name_has_no_folder_and_the_ending_of_what_is_inside() -> None:
    assert files.name_of("..\\..\\etc/Իմ արշավը.html", "image/png") == "Իմ արշավը.png"
    assert files.name_of('a"; x=\n.exe', "application/pdf") == "a__ x.pdf"
    assert files.name_of("", "image/jpeg") == "file.jpg"
    assert len(files.name_of("x" * 400, "video/mp4")) <= 100


def send(client: FlaskClient, work: str, content: bytes, name: str = "plan.png"):  # type: ignore[no-untyped-def]
    form = {"file": (io.BytesIO(content), name)}
    return client.post(f"{work}/files", data=form, content_type="multipart/form-data", follow_redirects=True)


def test_a_file_from_its_author_to_the_raters_and_into_the_export(app: Flask, cast: Cast, signed_in: People) -> None:
    with app.app_context():
        writer.name_raters(cast.person("hr"))
        db.session.commit()
    trainee = signed_in("trainee")
    work = writer.begin(trainee, "portfolio")
    assert "what is inside decides" in send(trainee, work, b"<html>", "page.png").text
    assert "5 MB at most" in send(trainee, work, PNG + bytes(files.LARGEST)).text
    far_too_large = send(trainee, work, PNG + bytes(files.LARGEST + 30_000))
    assert far_too_large.status_code == 413 and page(far_too_large).has(f"a[href='{work}']")
    assert "The file is kept" in send(trainee, work, PNG + bytes(1_200_000), "Իմ պլանը.html").text
    assert send(trainee, work, PNG + bytes(1_200_000), "again.png").text.count("again.png") == 0, "kept once"
    for at in range(2):
        send(trainee, work, PNG + bytes([at]))
    assert "3 files at most" not in trainee.get(work).text
    assert "3 files at most" in send(trainee, work, PNG + b"more").text
    with app.app_context():
        first, second, _third = (row.id for row in db.session.scalars(select(WorkFile).order_by(WorkFile.id)))
    trainee.post(f"{work}/files/{second}/remove")
    form = writer.form(sub="content.copy", task="A task", part="My part", outcome="What came of it", hand_in="1")
    assert trainee.post(work, data=form).status_code == 303, "with a file no link is needed"
    assert trainee.post(f"{work}/files/{first}/remove").status_code == 404, "handed in, it stands"
    assert send(trainee, work, PNG).status_code == 404
    rater = signed_in("hr")
    address = rater.post("/rating/next").headers["Location"]
    assert "Իմ պլանը.png" in rater.get(address).text
    reply = rater.get(f"{address}/files/{first}")
    assert reply.data.startswith(PNG)
    assert reply.headers["Content-Disposition"].startswith("attachment")
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in reply.headers["Content-Security-Policy"]
    for name in ("candidate", "instructor", "outsider"):
        assert signed_in(name).get(f"{work}/files/{first}").status_code in (403, 404)
        assert signed_in(name).get(f"{address}/files/{first}").status_code in (403, 404)
    with app.app_context():
        person = db.session.get(Person, cast.trainee)
        assert person
        with zipfile.ZipFile(io.BytesIO(export.archive(subject_of(person)))) as archive:
            assert archive.read(f"files/{first}-Իմ պլանը.png").startswith(PNG)
            rows = json.loads(archive.read("data.json"))["tables"]["work_file"]["rows"]
        assert rows[0]["content"] == f"files/{first}-Իմ պլանը.png"
        db.session.delete(db.session.scalars(select(RatedWork)).one())
        db.session.flush()
        assert db.session.scalar(select(func.count()).select_from(WorkFile)) == 0, "gone with its work"


def test_no_other_request_may_be_as_long_and_no_other_task_takes_files(signed_in: People) -> None:
    client = signed_in("trainee")
    assert send(client, writer.begin(client, "reply"), PNG).status_code == 404
    long = {"file": (io.BytesIO(PNG + bytes(1_100_000)), "x.png")}
    assert client.post("/written/colleagues", data=long, content_type="multipart/form-data").status_code == 413


def test_a_link_that_is_none_is_missing_also_beside_a_file(context: Flask, cast: Cast) -> None:
    work = works.start(cast.person("trainee"), works.TASKS["portfolio"], "hy")
    form = {name: ["x"] for name in ("task", "part", "outcome")} | {"sub": ["content.copy"]}
    works.take(work, works.WorkDraft(form, 0, writer.PAGE, 1))
    assert [field.name for field in works.missing(work)] == ["link"]
    files.add(work, "a.png", PNG)
    assert works.missing(work) == []
    works.take(work, works.WorkDraft(form | {"link": ["http://x"]}, 1, writer.PAGE, 2))
    assert [field.name for field in works.missing(work)] == ["link"]
