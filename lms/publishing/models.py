"""Content at runtime: revisions that never change, and which of them is published."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    DDL,
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms import clock
from lms.config import LANGUAGES
from lms.database import SHARED, Model, UTCDateTime

_KIND_KNOWN = "kind IN ('course', 'module', 'bank', 'item', 'reference', 'figure', 'sheet')"


class Revision(Model):
    """One version of one piece of content, written once. `source` holds its exact bytes in the file.

    A bank is kept as its head (all before the first item) and its items, each an entry of its own; the file is their
    sources one after the other. `language` is empty where one piece serves both.
    """

    __tablename__ = "revision"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(12))
    key: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="")
    path: Mapped[str] = mapped_column(String(300))
    sha256: Mapped[str] = mapped_column(String(64))
    source: Mapped[bytes] = mapped_column(LargeBinary)
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    __table_args__ = (
        UniqueConstraint("organisation_id", "kind", "key", "language", "sha256"),
        CheckConstraint(_KIND_KNOWN, name="kind_known"),
        CheckConstraint(f"language IN {('', *LANGUAGES)}", name="language_known"),
        SHARED,  # shipped content belongs to a reserved organisation and is read by all
    )


class Publication(Model):
    """A revision on its organisation's shelf. A newer one withdraws it; at most one of an entry is current.

    The versions are those of the shelf that brought and took it: a process reads only what changed since it looked.

    The revision's logical key stands here once more, since only then can an index hold that rule.
    """

    __tablename__ = "publication"
    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(12))
    key: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="")
    path: Mapped[str] = mapped_column(String(300))
    position: Mapped[int] = mapped_column(default=0)  # place within the file
    published_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    published_version: Mapped[int] = mapped_column(default=1, server_default="1")
    withdrawn_version: Mapped[int | None]
    revision: Mapped[Revision] = relationship()
    __table_args__ = (
        Index(
            "uq_publication_current",
            "organisation_id",
            "kind",
            "key",
            "language",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index("ix_publication_published", "organisation_id", "published_version"),
        Index("ix_publication_withdrawn", "organisation_id", "withdrawn_version"),
        CheckConstraint(_KIND_KNOWN, name="kind_known"),
        CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= published_at", name="withdrawn_after_published"),
        SHARED,
    )


class ShelfVersion(Model):
    """How often an organisation's shelf has changed. Whoever publishes holds this row until the commit."""

    __tablename__ = "shelf_version"
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)


class FormerSlug(Model):
    """A slug that a course or module (`key`: its id) once had, so that its old address leads to the new one."""

    __tablename__ = "former_slug"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(12))
    key: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(200))
    __table_args__ = (
        UniqueConstraint("organisation_id", "kind", "slug", "key"),
        CheckConstraint("kind IN ('course', 'module')", name="kind_has_an_address"),
    )


class FactCheck(Model):
    """A person of an organisation looked a platform fact up: what it was on the day `as_of`, and on what that rests.
    The newest row of a fact holds for the organisation until its files bring a later date.

    value: as in the file, a number, a text or null; created_by: a person's id.
    """

    __tablename__ = "fact_check"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    fact: Mapped[str] = mapped_column(String(80))
    value: Mapped[Any] = mapped_column(JSON, nullable=True)
    as_of: Mapped[date] = mapped_column(Date)
    basis: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    __table_args__ = (
        Index("ix_fact_check_fact", "organisation_id", "fact"),
        CheckConstraint("basis <> ''", name="basis_given"),
    )


class Rendering(Model):
    """A module's page, made once for a revision and a version of renderer and platform facts."""

    __tablename__ = "rendering"
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[str] = mapped_column(String(64))
    html: Mapped[str] = mapped_column(Text)
    plain: Mapped[str] = mapped_column(Text)
    headings: Mapped[list[Any]] = mapped_column(JSON)  # [level, anchor, text] in reading order
    embedded: Mapped[list[Any]] = mapped_column(JSON)  # ids of the questions in the text
    __table_args__ = SHARED


class SearchSection(Model):
    """One section of a published module, for search. `stems` is what is looked up, `plain` what is shown."""

    __tablename__ = "search_section"
    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id", ondelete="CASCADE"), index=True)
    module: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(2))
    anchor: Mapped[str] = mapped_column(String(80))
    heading: Mapped[str] = mapped_column(String(300))
    plain: Mapped[str] = mapped_column(Text)
    stems: Mapped[str] = mapped_column(Text)
    __table_args__ = SHARED


# The full-text index is the one thing that each engine does in its own way; see search.py. On SQLite triggers keep it.
FULL_TEXT: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "CREATE VIRTUAL TABLE search_index USING fts5(stems, content='search_section', content_rowid='id')",
        "CREATE TRIGGER search_section_added AFTER INSERT ON search_section BEGIN"
        " INSERT INTO search_index(rowid, stems) VALUES (new.id, new.stems); END",
        "CREATE TRIGGER search_section_removed AFTER DELETE ON search_section BEGIN"
        " INSERT INTO search_index(search_index, rowid, stems) VALUES ('delete', old.id, old.stems); END",
    ),
    # A load would fill a list of what waits to be taken in, for whose length the planner reads every text instead.
    "postgresql": (
        "CREATE INDEX ix_search_section_stems ON search_section USING gin (to_tsvector('simple', stems))"
        " WITH (fastupdate = off)",
    ),
}


def _on(dialect: str, statement: str) -> Any:
    return DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]  # SQLAlchemy's own gap


for _dialect, _statements in FULL_TEXT.items():
    for _statement in _statements:
        event.listen(SearchSection.__table__, "after_create", _on(_dialect, _statement))
event.listen(SearchSection.__table__, "before_drop", _on("sqlite", "DROP TABLE IF EXISTS search_index"))
