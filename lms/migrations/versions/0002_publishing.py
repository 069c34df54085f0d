"""Publishing by organisation: the version of each shelf, former slugs, sheets to take away."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KINDS = "kind IN ('course', 'module', 'bank', 'item', 'reference', 'figure', 'sheet')"
KINDS_BEFORE = "kind IN ('course', 'module', 'bank', 'item', 'reference', 'figure')"
TABLES = ("revision", "publication")
SLUG = re.compile(r"^slug:[ \t]*[\"']?([a-z0-9-]+)", re.MULTILINE)


def upgrade() -> None:
    _new_tables()
    for table in TABLES:
        _set_kinds(table, KINDS)
    with op.batch_alter_table("publication") as batch:
        batch.add_column(sa.Column("published_version", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("withdrawn_version", sa.Integer(), nullable=True))
        batch.create_index("ix_publication_published", ["organisation_id", "published_version"])
        batch.create_index("ix_publication_withdrawn", ["organisation_id", "withdrawn_version"])
    op.execute("UPDATE publication SET withdrawn_version = 1 WHERE withdrawn_at IS NOT NULL")
    op.execute(
        "INSERT INTO shelf_version (organisation_id, number) SELECT DISTINCT organisation_id, 1 FROM publication"
    )
    _remember_slugs()


def downgrade() -> None:
    with op.batch_alter_table("publication") as batch:
        batch.drop_index("ix_publication_withdrawn")
        batch.drop_index("ix_publication_published")
        batch.drop_column("withdrawn_version")
        batch.drop_column("published_version")
    op.execute("DELETE FROM publication WHERE kind = 'sheet'")
    op.execute("DELETE FROM revision WHERE kind = 'sheet'")
    for table in TABLES:
        _set_kinds(table, KINDS_BEFORE)
    op.drop_table("former_slug")
    op.drop_table("shelf_version")


def _new_tables() -> None:
    op.create_table(
        "shelf_version",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("organisation_id"),
    )
    op.create_table(
        "former_slug",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.CheckConstraint("kind IN ('course', 'module')", name="kind_has_an_address"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organisation_id", "kind", "slug", "key"),
    )


def _set_kinds(table: str, rule: str) -> None:
    name = op.f(f"ck_{table}_kind_known")
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, rule)


def _remember_slugs() -> None:
    """Every slug that a course or module ever had; those it still has do no harm."""
    read = sa.text("SELECT organisation_id, kind, key, source FROM revision WHERE kind IN ('course', 'module')")
    rows = op.get_bind().execute(read).all()
    slugs = {
        (row.organisation_id, row.kind, row.key, match[1])
        for row in rows
        if (match := SLUG.search(bytes(row.source).decode()))
    }
    names = ("organisation_id", "kind", "key", "slug")
    table = sa.table("former_slug", *(sa.column(name) for name in names))
    if slugs:
        op.bulk_insert(table, [dict(zip(names, slug, strict=True)) for slug in sorted(slugs)])
