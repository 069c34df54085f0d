"""Files of a portfolio piece: few and small, of kinds that their own first bytes prove, kept in the database, handed
out only as a download. Nothing opens, changes or draws them here, and no program looks for viruses."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Sequence
from pathlib import PurePath

from flask import Response, abort, send_file
from sqlalchemy import func, select

from lms import clock
from lms.database import db
from lms.rating.models import RatedWork, WorkFile

LARGEST = 5_000_000  # bytes of a file
MOST, MOST_OF_PERSON = 3, 60_000_000  # files of a piece; bytes of all of somebody's
MAX_NAME = 80
KINDS = {  # media type -> (ending, first bytes)
    "application/pdf": ("pdf", re.compile(rb"%PDF-")),
    "image/png": ("png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    "image/jpeg": ("jpg", re.compile(rb"\xff\xd8\xff")),
    "image/webp": ("webp", re.compile(rb"RIFF.{4}WEBP", re.DOTALL)),
    "video/mp4": ("mp4", re.compile(rb".{4}ftyp(?:iso|mp4|avc|M4V)", re.DOTALL)),
}
ACCEPTED = ",".join(f".{ending}" for ending, _start in KINDS.values())


def kind_of(content: bytes) -> str | None:
    """The media type that the content proves; None for every other."""
    return next((kind for kind, (_ending, start) in KINDS.items() if start.match(content)), None)


def name_of(name: str, kind: str) -> str:
    """A name without folders and signs that systems take amiss, with the ending of what the file is."""
    stem = re.sub(r"[^\w ().-]", "_", PurePath(name.replace("\\", "/")).stem).strip(" ._-")[:MAX_NAME]
    return f"{stem or 'file'}.{KINDS[kind][0]}"


def files_of(work: RatedWork) -> Sequence[WorkFile]:
    rows = select(WorkFile).where(WorkFile.work_id == work.id, WorkFile.person_id == work.person_id)
    return db.session.scalars(rows.order_by(WorkFile.id)).all()


def add(work: RatedWork, name: str, content: bytes) -> str:
    """Keep a file; the same one twice is kept once. What is wrong with it otherwise: "empty", "large", "kind", "many"
    or "full"."""
    kind, there, sha256 = kind_of(content), files_of(work), hashlib.sha256(content).hexdigest()
    if not content or kind is None or len(content) > LARGEST:
        return "empty" if not content else "large" if len(content) > LARGEST else "kind"
    if any(file.sha256 == sha256 for file in there):
        return ""
    size_of_all = select(func.sum(WorkFile.size)).where(WorkFile.person_id == work.person_id)
    if len(there) >= MOST or (db.session.scalar(size_of_all) or 0) + len(content) > MOST_OF_PERSON:
        return "many" if len(there) >= MOST else "full"
    row = WorkFile(work_id=work.id, person_id=work.person_id, added_at=clock.now())
    row.name, row.media_type, row.size = name_of(name, kind), kind, len(content)
    row.sha256, row.content = sha256, content
    db.session.add(row)
    db.session.flush()
    return ""


def file_of(work: RatedWork, file_id: int) -> WorkFile:
    """One of the work's, or 404."""
    rows = select(WorkFile).where(WorkFile.id == file_id, WorkFile.work_id == work.id)
    return db.session.scalar(rows.where(WorkFile.person_id == work.person_id)) or abort(404)


def remove(file: WorkFile) -> None:
    db.session.delete(file)
    db.session.flush()


def download(file: WorkFile) -> Response:
    """The file as a download that no browser shows, guesses about or lets do anything."""
    reply = send_file(
        io.BytesIO(file.content), mimetype=file.media_type, as_attachment=True, download_name=file.name, max_age=0
    )
    reply.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    reply.headers["X-Content-Type-Options"] = "nosniff"
    reply.headers["Cache-Control"] = "no-store"
    return reply
