"""candidates' own last moment, work asked for later, two more letters, named groups to compare with

Revision: 0023, after: 0022
"""

import sqlalchemy as sa
from alembic import op

from lms.database import UTCDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None
KINDS = "kind IN ('invitation', 'reminder', 'more', 'result', 'answer')"
KINDS_BEFORE = "kind IN ('invitation', 'reminder', 'result')"


def upgrade() -> None:
    op.add_column("candidate", sa.Column("ends_at", UTCDateTime(timezone=True), nullable=True))
    op.add_column("candidate", sa.Column("more_parts", sa.JSON(), nullable=False, server_default="[]"))
    _know_letters(KINDS)
    # Candidates are held against their campaign's role from now on.
    op.execute("UPDATE evidence_summary SET basis = '' WHERE person_id IN (SELECT person_id FROM candidate)")
    op.create_table(
        "norm_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("campaigns", sa.JSON(), nullable=False),
        sa.Column("created_at", UTCDateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("language IN ('hy', 'en')", name=op.f("ck_norm_group_language_known")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_norm_group_created_by_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_norm_group_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_norm_group")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_norm_group_organisation_id_name")),
    )


def downgrade() -> None:
    op.drop_table("norm_group")
    op.execute("DELETE FROM letter_text WHERE kind IN ('more', 'answer')")
    _know_letters(KINDS_BEFORE)
    op.drop_column("candidate", "more_parts")
    op.drop_column("candidate", "ends_at")


def _know_letters(condition: str) -> None:
    """SQLite makes the table anew."""
    name = op.f("ck_letter_text_kind_known")
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("letter_text", copy_from=_letter_text(condition), recreate="always"):
            return
    op.drop_constraint(name, "letter_text", type_="check")
    op.create_check_constraint(name, "letter_text", condition)


def _letter_text(condition: str) -> sa.Table:
    return sa.Table(
        "letter_text",
        sa.MetaData(),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(condition, name=op.f("ck_letter_text_kind_known")),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["person.id"], name=op.f("fk_letter_text_changed_by_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_letter_text_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "kind", "language", name=op.f("pk_letter_text")),
    )
